"""Who one is, from allauth; what one may do, from the rules alone."""

from allauth.account.auth_backends import AuthenticationBackend


class SignInBackend(AuthenticationBackend):
    """Signs people in. Django's stored permissions are not used here: asking for them would cost two queries."""

    def has_perm(self, *_args, **_options):
        return False

    def get_all_permissions(self, *_args, **_options):
        return set()
