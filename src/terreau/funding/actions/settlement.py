"""The end of the money of a project: the balance, what has to be given back, closing."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from terreau.core import journal, mail
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.funding.actions.instalments import release
from terreau.funding.actions.ledger import post
from terreau.funding.actions.moves import move
from terreau.funding.lifecycle import Account, Cause, ClawbackState, InstalmentState
from terreau.funding.models import Agreement, Clawback, Instalment, Report
from terreau.funding.queries import settlement as queries
from terreau.funding.queries.balances import balances
from terreau.funding.queries.facts import window_of
from terreau.funding.queries.reports import rules_of
from terreau.funding.rulebook import balance
from terreau.projects.queries import writers


def strike(report: Report, *, by: Any) -> balance.Balance:
    """The balance of the agreement from its accepted final report, inside the transaction that accepts it.

    What is due and not paid becomes the last instalment; what is not due goes back to the envelope; what was paid
    and is not due is claimed. Refused while a payment or an amendment is under way.
    """
    agreement = report.agreement
    if obstacles := queries.obstacles_to_settlement(agreement):
        raise Refused(*obstacles)
    found = balance.settle(queries.case_of(report))
    planned = list(agreement.instalments.filter(state=InstalmentState.PLANNED).order_by("number"))
    _pay_last(planned, found.to_pay, by)
    left = balances(agreement)[Account.COMMITTED] - (found.to_pay if not planned else 0)
    if left > 0:
        note = _("Solde : assiette réalisée de %(base)s") % {"base": euros(found.base)}
        key, window = f"balance:{report.pk}", window_of(agreement)
        post(Cause.LOWER, key=key, window=window, cents=left, agreement=agreement, note=note, by=by)
    journal.record(agreement, "strike", by=by, base=found.base, due=found.due, paid=found.paid)
    if found.to_give_back:
        reason = _("Le bilan final donne droit à %(due)s ; %(paid)s ont été versés.") % {
            "due": euros(found.due),
            "paid": euros(found.paid),
        }
        due_on = timezone.localdate() + timedelta(days=rules_of(report).repay_days)
        claim(agreement, cents=found.to_give_back, reason=reason, due_on=due_on, by=by)
    return found


def _pay_last(planned: list[Instalment], cents: int, by: Any) -> None:
    """The last planned instalment takes the balance and becomes payable; the others have no object any more."""
    if not planned and cents:
        raise Refused(_("Aucun versement prévu ne peut porter le solde de %(cents)s.") % {"cents": euros(cents)})
    others, last = planned[:-1], planned[-1] if planned else None
    for instalment in [*others, *([last] if last and not cents else [])]:
        move(instalment, "cancel", by=by)
    if last and cents:
        last.amount_cents = cents
        last.save(update_fields=["amount_cents"])
        release(last, by=by)


@transaction.atomic
def claim(agreement: Agreement, *, cents: int, reason: str, due_on: date, by: Any) -> Clawback:
    """Ask the holder to give money back. Never more than what it had: the ledger refuses."""
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    clawback = Clawback.objects.create(
        agreement=agreement, amount_cents=cents, reason=reason.strip(), due_on=due_on, claimed_by=by
    )
    _post(Cause.CLAIM, clawback, note=reason, by=by)
    journal.record(clawback, "claim", by=by, cents=cents, due_on=due_on.isoformat())
    tell(
        agreement,
        f"claim:{clawback.pk}",
        lambda: _("Une somme est à reverser"),
        lambda: (
            _("%(cents)s sont à reverser avant le %(due_on)s.\n\n%(reason)s")
            % {"cents": euros(cents), "due_on": formats.date_format(due_on, "DATE_FORMAT"), "reason": reason.strip()}
        ),
    )
    return clawback


@transaction.atomic
def recover(clawback: Clawback, *, cents: int, on: date, by: Any) -> Clawback:
    """Money came back, the whole or a part: the rest stays asked, as a claim of its own. The rest, if any."""
    held = _hold(clawback)
    if not 0 < cents <= held.amount_cents:
        raise ValueError(_("Le montant reçu est entre 0,01 € et %(most)s.") % {"most": euros(held.amount_cents)})
    if on > timezone.localdate():
        raise ValueError(_("Un reversement se note une fois reçu."))
    rest = held.amount_cents - cents
    held.amount_cents, held.ended_on = cents, on
    held.save(update_fields=["amount_cents", "ended_on"])
    move(held, "recover", by=by, cents=cents)
    _post(Cause.RECOVER, held, by=by)
    if not rest:
        return held
    return Clawback.objects.create(
        agreement=held.agreement, amount_cents=rest, reason=held.reason, due_on=held.due_on, claimed_by=held.claimed_by
    )


@transaction.atomic
def waive(clawback: Clawback, *, reason: str, by: Any) -> Clawback:
    """Give up what is still asked: it stays paid."""
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    held = _hold(clawback)
    held.ended_on = timezone.localdate()
    held.save(update_fields=["ended_on"])
    move(held, "waive", by=by, reason=reason.strip())
    _post(Cause.WAIVE, held, note=reason, by=by)
    return held


def _hold(clawback: Clawback) -> Clawback:
    found = Clawback.objects.select_for_update(of=("self",)).select_related("agreement__application__call")
    held = found.get(pk=clawback.pk)
    if held.state != ClawbackState.CLAIMED:
        raise Refused(_("Ce reversement est déjà soldé."))
    return held


def _post(cause: Cause, clawback: Clawback, *, note: str = "", by: Any) -> None:
    post(
        cause,
        key=f"{cause}:{clawback.pk}",
        window=window_of(clawback.agreement),
        cents=clawback.amount_cents,
        agreement=clawback.agreement,
        note=note,
        by=by,
    )


@transaction.atomic
def close(agreement: Agreement, *, by: Any) -> Agreement:
    """Both sides are quits: only follow-up reports are still awaited. Refused, with why, before."""
    held = Agreement.objects.select_for_update(of=("self",)).select_related("application__call").get(pk=agreement.pk)
    if obstacles := queries.obstacles_to_closing(held):
        raise Refused(*obstacles)
    move(held, "close", by=by)
    held.ended_on = timezone.localdate()
    held.save(update_fields=["ended_on"])
    tell(
        held,
        f"close:{held.pk}",
        lambda: _("Votre convention est close"),
        lambda: _("Tout est soldé. Nous reviendrons vers vous pour savoir ce que le projet est devenu."),
    )
    return held


def tell(agreement: Agreement, about: str, subject: Any, body: Any) -> None:
    """One e-mail to each writer of the file, in their language; `subject` and `body` are said when that is known."""
    for person in writers(agreement.application):
        with translation.override(person.language):
            words = _("Bonjour,\n\nProjet « %(title)s », convention %(number)s.\n\n%(body)s\n") % {
                "title": agreement.application.title,
                "number": agreement.number,
                "body": body(),
            }
            mail.post(f"{about}:{person.pk}", to=person.email, subject=subject(), body=words)
