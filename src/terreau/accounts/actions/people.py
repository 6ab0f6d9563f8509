"""What a person does with their own account."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from terreau.accounts import queries
from terreau.accounts.actions.access import leave
from terreau.accounts.actions.refusals import NeedsSuccessor, Refused
from terreau.accounts.models import FUNDER_ROLES, Invitation, User
from terreau.core import journal


@transaction.atomic
def change_profile(user: User, *, by: User | None, **changes: str) -> User:
    """Name and language. The journal says which changed, never from what to what."""
    changed = [field for field, value in changes.items() if getattr(user, field) != value]
    if not changed:
        return user
    for field in changed:
        setattr(user, field, changes[field])
    user.save(update_fields=changed)
    journal.record(user, "profile_changed", by=by, fields=changed)
    return user


@transaction.atomic
def erase(user: User, *, by: User | None) -> None:
    """Erase a person: sign-in, addresses, name, roles. An empty row stays, because files and decisions point to it.

    The right to erasure goes before an organisation's comfort: only the last officer or administrator of a funder is
    asked for a successor first. The lines of the journal keep the name written on the day, as evidence.
    """
    if not user.is_active:
        raise Refused(_("Ce compte est déjà effacé."))
    memberships = list(user.memberships.filter(left_at=None).select_related("organisation", "user"))
    for membership in memberships:
        if membership.role in FUNDER_ROLES and queries.is_last(membership):
            raise NeedsSuccessor(membership)
    for membership in memberships:
        leave(membership, by=by, forced=True)
    addresses = queries.addresses(user) | {user.email}
    Invitation.objects.filter(email__in=addresses).delete()
    user.join_requests.all().delete()
    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()
    user.email = f"efface-{user.pk}@terreau.invalid"
    user.first_name, user.last_name, user.is_active, user.last_login = "", "", False, None
    user.set_unusable_password()
    user.save()
    journal.record(user, "account_erased", by=None if by and by.pk == user.pk else by)
