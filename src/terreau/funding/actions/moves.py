"""The one place where a state of the money changes."""

from typing import Any

from django.db import models, transaction

from terreau.core import journal
from terreau.funding import lifecycle
from terreau.funding.models import Agreement, Amendment, Clawback, Instalment, Payment, PaymentRun, Report

STATES: dict[type[models.Model], type[models.TextChoices]] = {
    Agreement: lifecycle.AgreementState,
    Amendment: lifecycle.AmendmentState,
    Clawback: lifecycle.ClawbackState,
    Instalment: lifecycle.InstalmentState,
    Payment: lifecycle.PaymentState,
    PaymentRun: lifecycle.RunState,
    Report: lifecycle.ReportState,
}


@transaction.atomic
def move[Thing: models.Model](thing: Thing, verb: str, *, by: Any, **details: Any) -> Thing:
    """Bring it to the state that `verb` leads to; `WrongMoment` where it leads nowhere.

    The row is locked and its state read again: of two people acting at once, the second is refused.
    """
    kind = type(thing)
    held = kind._default_manager.select_for_update(of=("self",)).only("state").get(pk=thing.pk)  # noqa: SLF001
    thing.state = lifecycle.after(STATES[kind], held.state, verb)  # type: ignore[attr-defined]
    thing.save(update_fields=["state"])
    journal.record(thing, verb, by=by, **details)
    return thing
