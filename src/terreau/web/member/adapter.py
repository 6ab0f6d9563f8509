"""Where allauth meets the house: the language of the account, a line in the journal for a new account."""

from types import SimpleNamespace

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction

from terreau.core import journal

YEAR = 365 * 24 * 3600


def remember_language(response, language):
    """The language of the account becomes the language of this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """Messages speak in the name of the site, not of the machine that answered."""
        site = SimpleNamespace(name=settings.SITE_NAME, domain=settings.SITE_URL.partition("//")[2])
        super().send_mail(template_prefix, email, context | {"current_site": site})

    @transaction.atomic
    def save_user(self, request, user, form, commit=True):
        user.language = request.LANGUAGE_CODE[:2]
        saved = super().save_user(request, user, form, commit)
        if commit:
            journal.record(saved, "account_created", by=saved)
        return saved

    def post_login(self, request, user, **options):
        return remember_language(super().post_login(request, user, **options), user.language)
