"""After the seal: a file in reserve is settled once, by a decision of its own. The sealed ones stay as they are."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.projects import actions as projects
from terreau.projects.lifecycle import State
from terreau.projects.queries import digest
from terreau.selection import queries
from terreau.selection.actions.committee import check_amount
from terreau.selection.actions.letters import draft_letters
from terreau.selection.lifecycle import AFTER_RESERVE, VERB, LetterState, Outcome
from terreau.selection.models import Committee, Decision, Letter, Recusal


@transaction.atomic
def settle_reserve(
    sealed: Decision, outcome: str, *, amount_cents: int | None = None, reason: str, freed_cents: int = 0, by: Any
) -> Decision:
    """Select a file of the reserve with money that was freed, or defer or decline it; its letter is drafted.

    `freed_cents` is what lapsed of the grants of this window: it may be granted again. The line in the journal is the
    seal of this decision, with its digest. Refused beyond what is left, and until the letter of reserve has left: sent
    later, it would tell the new decision.
    """
    committee = (
        Committee.objects.select_for_update(of=("self",)).select_related("window__call").get(pk=sealed.committee_id)
    )
    outcome, reason = Outcome(outcome), reason.strip()
    _check(sealed, outcome, by)
    if not reason:
        raise ValueError(_("Dites pourquoi : le motif est scellé avec la décision."))
    if outcome == Outcome.SELECTED:
        amount_cents = sealed.application.requested_cents if amount_cents is None else amount_cents
        check_amount(sealed.application, amount_cents)
        left = queries.left_cents(committee.window) + freed_cents
        if (amount_cents or 0) > left:
            raise ValueError(_("Il ne reste que %(amount)s dans l’enveloppe.") % {"amount": euros(max(left, 0))})
    else:
        amount_cents = None
    decision = Decision(
        committee=committee,
        application=sealed.application,
        outcome=outcome,
        amount_cents=amount_cents,
        reason=reason,
        decided_by=by,
        follows=sealed,
    )
    decision.save()
    projects.settle(
        decision.application, VERB[outcome], granted_cents=amount_cents, by=by, committee=committee.pk, reason=reason
    )
    draft_letters(committee.window.call, [decision])
    reference = decision.application.reference
    journal.record(
        committee,
        "settle_reserve",
        by=by,
        reference=reference,
        outcome=outcome.value,
        amount_cents=amount_cents,
        reason=reason,
        digest=digest({"committee": committee.digest, "decision": [reference, outcome.value, amount_cents, reason]}),
    )
    return decision


def _check(sealed: Decision, outcome: Outcome, by: Any) -> None:
    application = sealed.application
    application.refresh_from_db(fields=["state"])
    reference = {"reference": application.reference}
    if sealed.committee.sealed_at is None or application.state != State.RESERVE or sealed.outcome != Outcome.RESERVE:
        raise Refused(_("Le dossier %(reference)s n’est pas sur la liste d’attente.") % reference)
    if outcome not in AFTER_RESERVE:
        raise ValueError(_("Choisissez la suite donnée au dossier."))
    if by and Recusal.objects.filter(application=application, member__user=by).exists():
        raise Refused(_("Vous vous êtes déporté·e de ce dossier."))
    if Letter.objects.filter(decision=sealed).exclude(state=LetterState.POSTED).exists():
        raise Refused(_("La lettre de liste d’attente du dossier %(reference)s doit d’abord partir.") % reference)
