"""What the bank answers: each payment settled or rejected, once, whatever is sent again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core import journal, mail
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.funding.actions.ledger import Transfer, post_all
from terreau.funding.actions.moves import move
from terreau.funding.actions.payment_runs import lock_run, transfer
from terreau.funding.lifecycle import Cause, PaymentState, RunState
from terreau.funding.models import Payment, PaymentRun
from terreau.funding.queries import payments as queries
from terreau.funding.queries.agreements import people_to_tell
from terreau.funding.rulebook import sepa
from terreau.funding.rulebook.sepa import Answer, BankReturn, Verdict

_SETTLED = gettext_lazy(
    "Bonjour,\n\nPour « %(title)s », %(amount)s ont été virés le %(on)s "
    "sur le compte qui se termine par %(ending)s.\n\nLe suivi de votre projet : %(link)s\n"
)
_REJECTED = gettext_lazy(
    "Bonjour,\n\nPour « %(title)s », le virement de %(amount)s sur le compte qui se termine par %(ending)s "
    "a été rejeté par la banque. Motif : %(reason)s.\n\nVérifiez vos coordonnées bancaires : %(link)s\n"
)
FINAL = {Verdict.SETTLED: PaymentState.SETTLED, Verdict.REJECTED: PaymentState.REJECTED}


@dataclass(frozen=True)
class Imported:
    """What a return changed, what it said again, what it leaves open, and the references that are not ours."""

    settled: int
    rejected: int
    again: int
    pending: int
    unknown: tuple[str, ...]


@transaction.atomic
def import_return(content: bytes, *, funders: Any, on: date, by: Any) -> Imported:
    """Read the bank's file and settle or reject the payments that it names, dated `on`.

    The whole file or nothing: Refused, with every reason, where an amount is not ours, where an answer contradicts
    one that stands, or where a payment was never handed over. ValueError where the file cannot be read.
    """
    found = sepa.read(content)
    runs = _runs(found, funders)
    lines = [payment for run in runs for payment in queries.payments(run)]
    answers = [(payment, answer) for payment in lines if (answer := _answer(found, payment))]
    if reasons := [text for payment, answer in answers if (text := _contradiction(payment, answer))]:
        raise Refused(*reasons)
    fresh = [(p, a) for p, a in answers if a.verdict in FINAL and p.state == PaymentState.SENT]
    again = sum(a.verdict in FINAL and p.state != PaymentState.SENT for p, a in answers)
    _conclude(runs, fresh, on=on, by=by)
    ours = {payment.end_to_end for payment in lines}
    return Imported(
        settled=sum(a.verdict == Verdict.SETTLED for _p, a in fresh),
        rejected=sum(a.verdict == Verdict.REJECTED for _p, a in fresh),
        again=again,
        pending=sum(a.verdict not in FINAL for _p, a in answers),
        unknown=tuple(sorted({a.reference for a in found.answers} - ours)),
    )


@transaction.atomic
def settle_by_hand(run: PaymentRun, payments: list[Payment], *, rejection: str = "", on: date, by: Any) -> int:
    """A person has read the bank statement: these payments were executed, or rejected where a reason is given."""
    held = lock_run(run)
    if held.state != RunState.SENT:
        raise Refused(_("Cet ordre n’est pas à la banque."))
    chosen = {payment.pk for payment in payments}
    verdict = Verdict.REJECTED if rejection.strip() else Verdict.SETTLED
    answer = Answer("", verdict, "", reason=rejection.strip())
    fresh = [(p, answer) for p in queries.payments(held) if p.pk in chosen and p.state == PaymentState.SENT]
    _conclude([held], fresh, on=on, by=by)
    return len(fresh)


def _runs(found: BankReturn, funders: Any) -> list[PaymentRun]:
    """The runs that the file is about, locked, in their order."""
    named = {answer.reference for answer in found.answers}
    pks = set(Payment.objects.filter(end_to_end__in=named).values_list("run", flat=True))
    pks |= set(PaymentRun.objects.filter(number=found.order).values_list("pk", flat=True))
    ours = PaymentRun.objects.select_for_update(of=("self",)).filter(pk__in=pks, funder__in=funders)
    return list(ours.select_related("funder", "debtor").order_by("pk"))


def _answer(found: BankReturn, payment: Payment) -> Answer | None:
    """The answer to a payment: its own; that of the whole order only where this is the order that is answered."""
    own = next((a for a in found.answers if a.reference == payment.end_to_end), None)
    return own or (found.whole if found.order == payment.run.number else None)


def _contradiction(payment: Payment, answer: Answer) -> str:
    told = {"reference": payment.end_to_end, "state": payment.get_state_display()}
    if answer.cents is not None and answer.cents != payment.amount_cents:
        amounts = {"theirs": euros(answer.cents), "ours": euros(payment.amount_cents)}
        return _("%(reference)s : la banque dit %(theirs)s, l’ordre %(ours)s.") % (told | amounts)
    if payment.state in {PaymentState.PREPARED, PaymentState.CANCELLED}:
        return _("%(reference)s : ce paiement n’a pas été remis à la banque (%(state)s).") % told
    if answer.verdict in FINAL and payment.state not in {PaymentState.SENT, FINAL[answer.verdict]}:
        return _("%(reference)s : la banque dit le contraire de ce qui est enregistré (%(state)s).") % told
    return ""


def _conclude(runs: list[PaymentRun], fresh: list[tuple[Payment, Answer]], *, on: date, by: Any) -> None:
    """Settle or reject; a run is done when each of its payments is."""
    transfers: list[Transfer] = []
    for payment, answer in fresh:
        if answer.verdict == Verdict.SETTLED:
            _settle(payment, on, by=by)
            transfers.append(transfer(Cause.SETTLE, payment))
        else:
            _reject(payment, answer.reason or answer.reason_code, on, by=by)
            transfers.append(transfer(Cause.REJECT, payment))
    post_all(transfers, by=by)
    for run in runs:
        touched = [(p, a) for p, a in fresh if p.run_id == run.pk]
        if not touched:
            continue
        rejected = sum(a.verdict == Verdict.REJECTED for _p, a in touched)
        journal.record(run, "bank_return", by=by, settled=len(touched) - rejected, rejected=rejected)
        if not Payment.objects.filter(run=run, state=PaymentState.SENT).exists():
            move(run, "settle", by=by)


def _settle(payment: Payment, on: date, *, by: Any) -> None:
    instalment = payment.instalment
    payment.settled_on = instalment.paid_on = on
    payment.save(update_fields=["settled_on"])
    instalment.save(update_fields=["paid_on"])
    move(payment, "settle", by=by)
    move(instalment, "pay", by=by)
    _tell(payment, on)


def _reject(payment: Payment, reason: str, on: date, *, by: Any) -> None:
    payment.rejection = reason[:200]
    payment.save(update_fields=["rejection"])
    move(payment, "reject", by=by, reason=reason)
    move(payment.instalment, "return", by=by)
    _tell(payment, on)


def _tell(payment: Payment, on: date) -> None:
    """Write once to those who answer for the file: the money is on its way to them, or their bank sent it back."""
    application = payment.instalment.agreement.application
    page = "applicant:bank" if payment.rejection else "applicant:follow"
    said: dict[str, Any] = {
        "title": application.title or application.reference,
        "ending": payment.account.iban[-4:],
        "reason": payment.rejection,
        "link": mail.link(reverse(page, args=[application.reference])),
    }
    for person in people_to_tell(application):
        with translation.override(person.language):
            said |= {"amount": euros(payment.amount_cents), "on": formats.date_format(on, "DATE_FORMAT")}
            subject = (
                _("La banque a rejeté votre versement") if payment.rejection else _("Votre versement a été exécuté")
            )
            body = str(_REJECTED if payment.rejection else _SETTLED) % said
            mail.post(f"payment:{payment.pk}:{person.pk}", to=person.email, subject=subject, body=body)
