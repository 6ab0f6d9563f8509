"""Money of an envelope set apart, and put back; its figures taken away."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.calls.models import Window
from terreau.core import journal
from terreau.funding.actions.ledger import post
from terreau.funding.lifecycle import Cause
from terreau.funding.models import Movement


@transaction.atomic
def set_apart(window: Window, cents: int, *, note: str, token: str, back: bool = False, by: Any) -> Movement:
    """Reserve a sum for nobody in particular, or put it back among what is available. Never twice for one token."""
    if not note.strip():
        raise ValueError(_("Dites pourquoi."))
    cause = Cause.RELEASE if back else Cause.RESERVE
    key = f"{cause}:{window.pk}:{token}"[:120]
    known = Movement.objects.filter(key=key).exists()
    movement = post(cause, key=key, window=window, cents=cents, note=note.strip(), by=by)
    if not known:
        journal.record(window, cause, by=by, cents=cents, note=note.strip())
    return movement


def record_envelope_export(edition: int | None, *, form: str, by: Any) -> None:
    """The figures of an edition leave as a file: the journal keeps who took them."""
    journal.record(by, "export_envelope", by=by, form=form, edition=edition)
