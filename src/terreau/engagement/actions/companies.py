"""What a firm says of itself: three answers, its size and its activity. Never a word on anybody's health."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation, User
from terreau.core import journal
from terreau.engagement.lifecycle import Form
from terreau.engagement.models import CompanyProfile

NAF = re.compile(r"(\d\d)\.?(\d\d)([A-Z])")


def check_naf(text: str) -> str:
    """`6201z` → `62.01Z`; ValueError, in words, for what is no code of the nomenclature."""
    found = NAF.fullmatch("".join(text.upper().split()))
    if not found:
        raise ValueError(_("Un code NAF a quatre chiffres et une lettre, par exemple 62.01Z."))
    division, group, letter = found.groups()
    return f"{division}.{group}{letter}"


@transaction.atomic
def save_profile(  # noqa: PLR0913 - the answers of one page
    company: Organisation,
    *,
    themes: Iterable[str],
    offers: Iterable[str],
    is_listed: bool,
    size: str = "",
    naf: str = "",
    nomenclature: str = "",
    presentation: str = "",
    by: User | None,
) -> CompanyProfile:
    """Keep the answers. The journal keeps the consent, its date and who gave it, as it keeps its withdrawal."""
    before = CompanyProfile.objects.filter(organisation=company).values_list("is_listed", flat=True).first()
    wanted = set(offers)
    answers = {
        "themes": sorted(set(themes)),
        "offers": [form.value for form in Form if form in wanted],
        "is_listed": is_listed,
        "size": size,
        "naf": check_naf(naf) if naf else "",
        "nomenclature": (nomenclature or CompanyProfile.Nomenclature.REV2) if naf else "",
        "presentation": presentation.strip(),
    }
    profile, _made = CompanyProfile.objects.update_or_create(organisation=company, defaults=answers)
    consent = {} if before == is_listed else {"is_listed": is_listed}
    journal.record(company, "profile_saved", by=by, themes=answers["themes"], offers=answers["offers"], **consent)
    return profile
