"""An amendment is asked, answered by somebody else, signed by both; then the agreement and its instalments follow."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.funding import queries
from terreau.funding.actions.agreements import check_moment, keep_paper, lock, tell
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.actions.ledger import post
from terreau.funding.actions.moves import move
from terreau.funding.lifecycle import Account, AgreementState, Cause, InstalmentState
from terreau.funding.models import Agreement, Amendment, Instalment, StateAid
from terreau.funding.rulebook import schedule
from terreau.funding.rulebook.obligations import CAPPED, headroom
from terreau.projects import queries as projects
from terreau.projects.rulebook import Line
from terreau.territories.models import Territory


@transaction.atomic
def ask_amendment(
    agreement: Agreement,
    *,
    reason: str,
    granted_cents: int | None = None,
    ends_on: date | None = None,
    territories: Sequence[Territory] | None = None,
    budget: Sequence[Line] | None = None,
    by: Any,
) -> Amendment:
    """Ask to change a signed agreement: what is not said stays. ValueError where nothing changes or cannot hold.

    A new budget brings a new eligible base: the sum of its expenses. One amendment at a time.
    """
    held = lock(agreement)
    if held.state != AgreementState.SIGNED:
        raise Refused(_("Seule une convention signée se change par un avenant."))
    if queries.open_amendment(held) is not None:
        raise Refused(_("Un avenant est déjà en cours."))
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    changes = _changes(held, granted_cents, ends_on, territories, budget)
    _check(held, changes)
    amendment = Amendment.objects.create(
        agreement=held, number=held.amendments.count() + 1, changes=changes, reason=reason.strip(), asked_by=by
    )
    journal.record(amendment, "ask_amendment", by=by, agreement=held.number, fields=sorted(changes))
    return amendment


def _changes(
    agreement: Agreement,
    granted_cents: int | None,
    ends_on: date | None,
    territories: Sequence[Territory] | None,
    budget: Sequence[Line] | None,
) -> dict[str, list[Any]]:
    """Each field that changes, with what it was and what it would be."""
    asked: dict[str, list[Any]] = {}
    if granted_cents is not None:
        asked["granted_cents"] = [agreement.granted_cents, granted_cents]
    if ends_on is not None:
        asked["ends_on"] = [agreement.ends_on.isoformat(), ends_on.isoformat()]
    if territories is not None:
        asked["territories"] = [_places(agreement.territories.all()), _places(territories)]
    if budget is not None:
        before = queries.budget_of(agreement)
        asked["budget"] = [queries.dumped(before), queries.dumped(budget)]
        if queries.base_of(budget) != queries.base_of(before):
            asked["eligible_base_cents"] = [agreement.eligible_base_cents, queries.base_of(budget)]
    return {name: pair for name, pair in asked.items() if pair[0] != pair[1]}


def _places(territories: Any) -> list[list[Any]]:
    return sorted([place.pk, place.name] for place in territories)


def _check(agreement: Agreement, changes: dict[str, list[Any]]) -> None:
    """ValueError, in words, where the agreement would no longer hold."""
    if not changes:
        raise ValueError(_("Rien ne change."))
    granted = changes.get("granted_cents", [0, agreement.granted_cents])[1]
    base = changes.get("eligible_base_cents", [0, agreement.eligible_base_cents])[1]
    if granted <= 0:
        raise ValueError(_("Le montant accordé est positif. Pour mettre fin à l’aide, résiliez la convention."))
    if granted > base:
        raise ValueError(
            _("Le montant accordé (%(granted)s) dépasserait l’assiette éligible (%(base)s) : changez aussi le budget.")
            % {"granted": euros(granted), "base": euros(base)}
        )
    if "ends_on" in changes and date.fromisoformat(changes["ends_on"][1]) < agreement.starts_on:
        raise ValueError(_("La fin vient après le début."))
    try:
        queries.instalments_after(agreement, changes)
    except schedule.TooLow as low:
        raise ValueError(
            _("%(settled)s sont déjà payés ou à payer : le montant ne peut pas descendre en dessous.")
            % {"settled": euros(low.args[0])}
        ) from None


def lock_amendment(amendment: Amendment) -> Amendment:
    held = Amendment.objects.select_for_update(of=("self",)).get(pk=amendment.pk)
    held.agreement = lock(held.agreement)
    return held


@transaction.atomic
def approve_amendment(amendment: Amendment, *, answer: str = "", by: Any) -> Amendment:
    """Accept what was asked: the text is frozen, both parties may sign. Never by the one who asked."""
    held = lock_amendment(amendment)
    if held.asked_by_id == by.pk:
        raise Refused(_("Une autre personne que celle qui l’a demandé répond à un avenant."))
    check_moment(held, "approve")
    _check(held.agreement, held.changes)
    _check_money(held)
    now = timezone.localtime()
    held.content = queries.amendment_content(held)
    held.digest, held.answered_by, held.answer = projects.digest(held.content), by, answer.strip()
    name = f"avenant-{held.agreement.number}-{held.number}"
    held.document = keep_paper(held.agreement.application, name, held.content, now, by=by)
    held.save(update_fields=["content", "digest", "answered_by", "answer", "document"])
    move(held, "approve", by=by, agreement=held.agreement.number, digest=held.digest)
    tell(
        held.agreement,
        f"amendment-{held.number}",
        _("Votre avenant est à signer"),
        _("L’avenant %(number)s à la convention %(agreement)s est accepté. Il est à lire et à signer.")
        % {"number": held.number, "agreement": held.agreement.number},
    )
    return held


def rise_of(amendment: Amendment) -> int:
    before, after = amendment.changes.get("granted_cents", (0, 0))
    return int(after - before)


def _check_money(amendment: Amendment) -> None:
    """A rise is in the envelope, and under the ceiling of aids where there is one."""
    rise, agreement = rise_of(amendment), amendment.agreement
    if rise <= 0:
        return
    available = queries.balances(queries.window_of(agreement))[Account.AVAILABLE]
    if rise > available:
        raise Refused(
            _("L’enveloppe n’a que %(available)s disponibles, l’avenant en demande %(rise)s de plus.")
            % {"available": euros(available), "rise": euros(rise)}
        )
    if agreement.aid_regime in CAPPED:
        today, group = timezone.localdate(), queries.group_of(agreement)
        room = headroom(agreement.aid_regime, today, group, queries.aids_of(group))
        if room is None or not room.fits(rise):
            raise Refused(_("Le plafond d’aides de minimis du groupe serait dépassé."))


@transaction.atomic
def refuse_amendment(amendment: Amendment, *, answer: str, by: Any) -> Amendment:
    """Say no, and why; also to an accepted one that will not be signed."""
    held = lock_amendment(amendment)
    if not answer.strip():
        raise ValueError(_("Un refus dit son motif."))
    check_moment(held, "refuse")
    held.answered_by, held.answer = by, answer.strip()
    held.save(update_fields=["answered_by", "answer"])
    move(held, "refuse", by=by, agreement=held.agreement.number, reason=held.answer)
    tell(
        held.agreement,
        f"amendment-{held.number}-refused",
        _("Votre demande d’avenant n’est pas acceptée"),
        held.answer,
    )
    return held


def apply_amendment(amendment: Amendment, *, by: Any) -> None:
    """Both parties have signed: the agreement changes, its money and its instalments with it. In their transaction."""
    agreement, changes = amendment.agreement, amendment.changes
    _check(agreement, changes)
    _check_money(amendment)
    dues = queries.instalments_after(agreement, changes)
    check_moment(amendment, "sign")
    move(amendment, "sign", by=by, agreement=agreement.number)
    amendment.signed_on = timezone.localdate()
    amendment.save(update_fields=["signed_on"])
    _redraw(agreement, dues, by=by)
    if rise := rise_of(amendment):
        cause = Cause.RAISE if rise > 0 else Cause.LOWER
        key, window = f"amendment:{amendment.pk}", queries.window_of(agreement)
        post(cause, key=key, window=window, cents=abs(rise), agreement=agreement, note=amendment.reason, by=by)
        _follow_aid(amendment, rise, by=by)
    for name in ("granted_cents", "eligible_base_cents"):
        if name in changes:
            setattr(agreement, name, changes[name][1])
    if "ends_on" in changes:
        agreement.ends_on = date.fromisoformat(changes["ends_on"][1])
    agreement.save(update_fields=["granted_cents", "eligible_base_cents", "ends_on"])
    if "territories" in changes:
        agreement.territories.set([pk for pk, _name in changes["territories"][1]])
    keep_calendar(agreement, by=by)


def _redraw(agreement: Agreement, dues: Sequence[schedule.Due], *, by: Any) -> None:
    """Bring the instalments to come to their new amounts and days; nothing left for one cancels it."""
    kept = list(agreement.instalments.select_for_update().exclude(state=InstalmentState.CANCELLED))
    for instalment, due in zip(kept, dues, strict=False):
        if due.settled:
            continue
        if not due.cents:
            move(instalment, "cancel", by=by)
            continue
        instalment.amount_cents, instalment.due_on = due.cents, due.on
        instalment.save(update_fields=["amount_cents", "due_on"])
    last = agreement.instalments.order_by("-number").values_list("number", flat=True).first() or 0
    Instalment.objects.bulk_create(
        Instalment(agreement=agreement, number=number, condition=due.condition, amount_cents=due.cents, due_on=due.on)
        for number, due in enumerate(dues[len(kept) :], last + 1)
    )


def _follow_aid(amendment: Amendment, rise: int, *, by: Any) -> None:
    """A rise is an aid of its own, dated of the amendment; a fall lessens the newest aids of the agreement first."""
    agreement, aids = amendment.agreement, list(amendment.agreement.state_aids.order_by("-granted_on", "-pk"))
    if not aids:
        return
    if rise > 0:
        keep_aid(agreement, rise, by=by)
        return
    for aid in aids:
        taken = min(aid.amount_cents, -rise)
        rise += taken
        if taken == aid.amount_cents:
            aid.delete()
        elif taken:
            aid.amount_cents -= taken
            aid.save(update_fields=["amount_cents"])


def keep_aid(agreement: Agreement, cents: int, *, by: Any) -> None:
    """Enter a grant in the register of aids, dated of today: the day of its legal entitlement."""
    StateAid.objects.create(
        group=queries.group_of(agreement),
        siren=agreement.holder.siren,
        regime=agreement.aid_regime,
        granted_on=timezone.localdate(),
        amount_cents=cents,
        giver=agreement.application.call.funder.name,
        agreement=agreement,
        declared_by=by,
    )
