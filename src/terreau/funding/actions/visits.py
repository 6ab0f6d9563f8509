"""The note of a visit. It is not changed afterwards: a second note says what the first got wrong."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.funding.models import Agreement, Visit


@transaction.atomic
def record_visit(
    agreement: Agreement, *, on: date, met: str, note: str, next_step: str = "", next_on: date | None = None, by: Any
) -> Visit:
    """Keep what somebody of the funder saw at the project, and what is to follow."""
    if on > timezone.localdate():
        raise ValueError(_("Une visite se note une fois faite."))
    if not met.strip() or not note.strip():
        raise ValueError(_("Dites qui a été rencontré et ce qui a été vu."))
    if next_on and not next_step.strip():
        raise ValueError(_("Dites ce qui est à faire avant cette date."))
    visit = Visit.objects.create(
        agreement=agreement,
        on=on,
        met=met.strip()[:300],
        note=note.strip(),
        next_step=next_step.strip()[:300],
        next_on=next_on,
        by=by,
    )
    journal.record(agreement, "visit", by=by, on=on.isoformat(), visit=visit.pk)
    return visit
