"""The secret address of a firm's agenda."""

from typing import Any

from django.db import transaction

from terreau.accounts.models import Organisation
from terreau.core import journal
from terreau.engagement.models import CompanyProfile
from terreau.engagement.models.companies import calendar_token


@transaction.atomic
def renew_token(company: Organisation, *, by: Any) -> CompanyProfile:
    """Give the agenda a new address; the former one opens nothing any more. The journal never holds the secret."""
    profile, made = CompanyProfile.objects.get_or_create(organisation=company)
    if not made:
        profile.calendar_token = calendar_token()
        profile.save(update_fields=["calendar_token", "updated_at"])
    journal.record(company, "renew_agenda", by=by)
    return profile
