"""The committee: proposals that can change until the seal, and the seal that settles everything."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import Membership
from terreau.calls.models import Window
from terreau.core import journal
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.projects import actions as projects
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.projects.queries import digest, rules_of
from terreau.selection import queries
from terreau.selection.actions.departures import explain_departures
from terreau.selection.actions.letters import draft_letters
from terreau.selection.lifecycle import VERB, Outcome, Sealed
from terreau.selection.models import Committee, Decision, Departure, Recusal

NO_REASONS: Mapping[str, str] = MappingProxyType({})
type Votes = tuple[int | None, int | None, int | None]  # for, against, abstained


@transaction.atomic
def convene(window: Window, *, by: Any) -> Committee:
    """The committee of a window, made at the first need of it."""
    committee, created = Committee.objects.get_or_create(window=window)
    if created:
        journal.record(committee, "convene", by=by, window=window.label, call=window.call.title)
    return committee


@transaction.atomic
def propose(
    committee: Committee,
    application: Application,
    outcome: str,
    *,
    amount_cents: int | None = None,
    reason: str = "",
    votes: Votes = (None, None, None),
    by: Any,
) -> Decision:
    """Write or change what the committee decides on one file.

    A selected file gets what it asks for, or less within the bounds of the call. A refusal says why. The envelope
    is not checked here: a committee may go over and come back; the seal is what it may not pass.
    """
    held = lock(committee)
    _check_is_before(held, application, by)
    outcome, reason = Outcome(outcome), reason.strip()
    if outcome == Outcome.SELECTED:
        amount_cents = application.requested_cents if amount_cents is None else amount_cents
        check_amount(application, amount_cents)
    else:
        amount_cents = None
    if outcome == Outcome.DECLINED and not reason:
        raise ValueError(_("Un refus dit son motif."))
    before = Decision.objects.filter(committee=held, application=application).first()
    decision, _created = Decision.objects.update_or_create(
        committee=held,
        application=application,
        defaults={
            "outcome": outcome,
            "amount_cents": amount_cents,
            "reason": reason,
            "votes_for": votes[0],
            "votes_against": votes[1],
            "abstentions": votes[2],
            "decided_by": by,
        },
    )
    journal.record(
        held,
        "propose",
        by=by,
        reference=application.reference,
        outcome=outcome.value,
        amount_cents=amount_cents,
        reason=reason,
        votes=list(votes),
        before=[before.outcome, before.amount_cents] if before else None,
    )
    return decision


def lock(committee: Committee) -> Committee:
    """The committee, locked; Sealed where nothing may change any more."""
    held = Committee.objects.select_for_update(of=("self",)).select_related("window__call").get(pk=committee.pk)
    if held.sealed_at is not None:
        raise Sealed(_("Ce comité est scellé : ses décisions ne changent plus."))
    return held


def _check_is_before(committee: Committee, application: Application, by: Any) -> None:
    if application.window_id != committee.window_id or application.state != State.IN_REVIEW:
        raise Refused(_("Le dossier %(reference)s n’est pas devant ce comité.") % {"reference": application.reference})
    if by and Recusal.objects.filter(application=application, member__user=by).exists():
        raise Refused(_("Vous vous êtes déporté·e de ce dossier."))


def check_amount(application: Application, amount_cents: int | None) -> None:
    """Within the bounds of the rules that the file was submitted under, and never more than it asks for."""
    amounts = rules_of(application).amounts
    if not amount_cents or amount_cents < 0:
        raise ValueError(_("Indiquez le montant accordé."))
    if amount_cents > (application.requested_cents or 0):
        raise ValueError(
            _("Le montant dépasse les %(amount)s demandés.") % {"amount": euros(application.requested_cents or 0)}
        )
    if amounts.minimum_cents is not None and amount_cents < amounts.minimum_cents:
        raise ValueError(
            _("Le montant est inférieur au minimum de l’appel, %(amount)s.") % {"amount": euros(amounts.minimum_cents)}
        )
    if amounts.maximum_cents is not None and amount_cents > amounts.maximum_cents:
        raise ValueError(
            _("Le montant dépasse le maximum de l’appel, %(amount)s.") % {"amount": euros(amounts.maximum_cents)}
        )


@transaction.atomic
def withdraw_proposal(committee: Committee, application: Application, *, by: Any) -> None:
    """Take back what was proposed for one file."""
    held = lock(committee)
    _check_is_before(held, application, by)
    if Decision.objects.filter(committee=held, application=application).delete()[0]:
        journal.record(held, "withdraw_proposal", by=by, reference=application.reference)


@transaction.atomic
def recuse_member(
    committee: Committee, application: Application, member: Membership, reason: str, *, by: Any
) -> Recusal:
    """A member leaves the room for one file: from now on they neither see nor decide it."""
    held = lock(committee)
    if application.window_id != held.window_id or member.organisation_id != held.window.call.funder_id:
        raise Refused(_("Ce déport ne concerne pas ce comité."))
    recusal, created = Recusal.objects.get_or_create(
        application=application, member=member, defaults={"reason": reason.strip()[:200]}
    )
    if created:
        journal.record(
            held,
            "recuse_member",
            by=by,
            reference=application.reference,
            member=str(member.user),
            reason=recusal.reason,
        )
    return recusal


@transaction.atomic
def seal(committee: Committee, *, by: Any, reasons: Mapping[str, str] = NO_REASONS) -> Committee:
    """Settle every decision at once: files move, grants are kept, letters are drafted, nothing changes after.

    Refused, with every reason, over the envelope or while a file is undecided; where the committee has a scenario of
    reference, also while a decision against it has no reason in `reasons` (reference of the file → words; "" for the
    amounts). A proposal whose file was withdrawn in between is set aside. The digest is the SHA-256 of the decisions
    in canonical JSON.
    """
    held = lock(committee)
    if obstacles := queries.obstacles(held):
        raise Refused(*obstacles)
    gone = Decision.objects.filter(committee=held).exclude(application__state=State.IN_REVIEW)
    set_aside = list(gone.values_list("application__reference", flat=True))
    gone.delete()
    decisions = list(
        Decision.objects.filter(committee=held)
        .select_related("application__call__funder", "application__holder")
        .order_by("application__reference")
    )
    departures = explain_departures(held, reasons, by=by)
    for decision in decisions:
        decision.committee = held
        projects.settle(
            decision.application,
            VERB[Outcome(decision.outcome)],
            granted_cents=decision.amount_cents,
            by=by,
            committee=held.pk,
        )
    draft_letters(held.window.call, decisions)
    held.digest = digest_of(held, decisions, departures)
    held.sealed_at, held.sealed_by = timezone.now(), by
    held.save(update_fields=["digest", "sealed_at", "sealed_by"])
    total = sum(d.amount_cents or 0 for d in decisions)
    journal.record(
        held,
        "seal",
        by=by,
        digest=held.digest,
        decisions=len(decisions),
        total_cents=total,
        set_aside=set_aside,
        scenario=held.reference_id,
        departures=len(departures),
    )
    return held


def digest_of(committee: Committee, decisions: list[Decision], departures: list[Departure]) -> str:
    """What was decided, as one number that anybody can compute again from the rows.

    With a scenario of reference, its question, rules and answer are in it, and each departure with its reason.
    """
    recusals = Recusal.objects.filter(Q(application__in=[d.application_id for d in decisions]))
    content: dict[str, Any] = {
        "window": committee.window_id,
        "envelope_cents": committee.window.envelope_cents,
        "decisions": [[d.application.reference, d.outcome, d.amount_cents, d.reason] for d in decisions],
        "recusals": sorted([r.application.reference, r.member_id] for r in recusals.select_related("application")),
    }
    if (reference := committee.reference) is not None:
        content["scenario"] = [reference.input_id, reference.digest, digest(reference.outcome)]
        content["departures"] = [[d.decision.application.reference, d.optimum_cents, d.reason] for d in departures]
    return digest(content)
