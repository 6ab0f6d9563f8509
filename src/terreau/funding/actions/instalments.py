"""A part of the grant becomes due when its condition is met, or is held back again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core.moves import Refused
from terreau.funding.actions.ledger import post
from terreau.funding.actions.moves import move
from terreau.funding.lifecycle import AgreementState, Cause
from terreau.funding.models import Instalment, Movement
from terreau.funding.queries.facts import window_of


@transaction.atomic
def release(instalment: Instalment, *, by: Any) -> Instalment:
    """Its condition is met: the money becomes payable. Only under a signed agreement."""
    if instalment.agreement.state != AgreementState.SIGNED:
        raise Refused(_("Un versement n’est dû que par une convention signée."))
    move(instalment, "release", by=by)
    instalment.released_on = timezone.localdate()
    instalment.save(update_fields=["released_on"])
    _post(Cause.DUE, instalment, by=by)
    return instalment


@transaction.atomic
def hold(instalment: Instalment, *, reason: str, by: Any) -> Instalment:
    """Keep back what was due and is in no payment run yet."""
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    move(instalment, "hold", by=by, reason=reason.strip())
    instalment.released_on = None
    instalment.save(update_fields=["released_on"])
    _post(Cause.UNDUE, instalment, note=reason.strip(), by=by)
    return instalment


def _post(cause: Cause, instalment: Instalment, *, note: str = "", by: Any) -> None:
    """The instalment is locked by its move: the key counts how often it went this way."""
    stem = f"{cause}:{instalment.pk}:"
    post(
        cause,
        key=f"{stem}{Movement.objects.filter(key__startswith=stem).count() + 1}",
        window=window_of(instalment.agreement),
        cents=instalment.amount_cents,
        agreement=instalment.agreement,
        note=note,
        by=by,
    )
