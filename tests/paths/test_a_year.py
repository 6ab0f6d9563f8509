"""A year of the programme: decision, agreement, first instalment, amendment, report with a gap, balance, closing."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from tests.funding import paid, reported, scene

from terreau.core.models import Mail
from terreau.funding import actions
from terreau.funding.actions import reports, reviews, settlement
from terreau.funding.actions.bank_returns import settle_by_hand
from terreau.funding.actions.payment_runs import approve_run, prepare_run, send_run
from terreau.funding.actions.reminders import remind
from terreau.funding.lifecycle import Account, AgreementState
from terreau.funding.queries import reports as queries
from terreau.funding.queries.balances import balances
from terreau.funding.queries.published import grants

pytestmark = pytest.mark.django_db


def pay(agreement):
    """What is due leaves for the bank, prepared by one and approved by another, and arrives."""
    one, other = paid.officer(), paid.officer()
    due = agreement.instalments.filter(state="due")
    run = prepare_run(agreement.application.call.funder, due, executes_on=timezone.localdate(), by=one)
    send_run(approve_run(run, by=other), by=other)
    settle_by_hand(run, list(run.payments.all()), on=timezone.localdate(), by=one)


def tell(agreement, kind, by, **figures):
    """The holder opens the report, tells what happened, explains each gap, sends."""
    report = reports.open_report(agreement.reports.get(kind=kind), by=by)
    typed = reported.told(report, **figures) | {f"{key}-why": "Un poste vacant deux mois." for key in figures}
    texts = {s.key: ("Ce qui s’est passé.", None) for s in queries.rules_of(report).asked(kind)}
    reports.save(report, texts | {"_figures": (typed, None)}, by=by)
    reports.submit(report, by=by)
    return report


def amend(agreement, officer, holder):
    """Two more months, asked by the holder, accepted, signed by both."""
    amendment = actions.ask_amendment(
        agreement, reason="Une école ouvre plus tard.", ends_on=date(2026, 4, 30), by=holder
    )
    actions.approve_amendment(amendment, by=officer)
    amendment.refresh_from_db()
    scene.sign(amendment, "holder", holder)
    amendment.refresh_from_db()
    scene.sign(amendment, "funder", officer)
    agreement.refresh_from_db()


def test_a_year_of_the_programme():
    """50 000 € voted on 100 000 €: 40 000 € paid, 88 000 € spent, 10 000 € of them refused: 39 000 € due."""
    officer = paid.officer()
    agreement = scene.signed(officer)
    window, holder = agreement.application.window, scene.owner_of(agreement)
    paid.with_account(agreement.holder, paid.IBANS[0])
    paid.with_account(agreement.application.call.funder, paid.FUNDER_IBAN)
    held = balances(agreement)  # the instalment of the signature is due at once
    assert (held[Account.COMMITTED], held[Account.PAYABLE]) == (2_500_000, 2_500_000)
    pay(agreement)
    assert balances(agreement)[Account.PAID] == 2_500_000

    amend(agreement, officer, holder)
    final = agreement.reports.get(kind="final")
    assert (agreement.ends_on, final.due_on) == (date(2026, 4, 30), date(2026, 10, 30))

    reviews.accept_report(tell(agreement, "milestone", holder, l1="9000", l2="39000"), by=officer)
    pay(agreement)
    assert balances(agreement)[Account.PAID] == 4_000_000

    assert remind(final.due_on + timedelta(7)) == 2  # and the follow-up at six months
    assert "en retard" in Mail.objects.get(key__startswith=f"report:{final.pk}:").subject
    report = tell(agreement, "final", holder, l1="17600", l2="70400", l4="28000", l5="16000")
    gaps = [line.gap.share for line in queries.lines(report)[:2]]
    assert [float(share) for share in gaps] == [-0.12, -0.12]
    refused = reviews.Refusal("l2", 1_000_000, "Salaire d’un autre projet.")
    reviews.accept_report(report, refusals=[refused], by=officer)
    clawback = agreement.clawbacks.get()
    assert clawback.amount_cents == 100_000

    rest = settlement.recover(clawback, cents=60_000, on=timezone.localdate(), by=officer)
    settlement.waive(rest, reason="Reste trop faible.", by=officer)
    closed = settlement.close(agreement, by=officer)
    assert closed.state == AgreementState.CLOSED

    held, pot = balances(agreement), balances(window)
    assert (held[Account.PAID], held[Account.COMMITTED], held[Account.RECOVERABLE]) == (3_940_000, 0, 0)
    assert pot[Account.AVAILABLE] == window.envelope_cents - 3_940_000
    (row,) = grants()
    assert (row.reference, row.cents, row.signed_on) == (agreement.number, 5_000_000, agreement.signed_on)

    with time_machine.travel("2027-05-01"):
        follow = tell_follow_up(closed, holder)
        reviews.accept_report(follow, by=officer)
    assert follow.state == "accepted"


def tell_follow_up(agreement, by):
    """Once closed, the holder still says what the project became."""
    report = reports.open_report(agreement.reports.get(kind="follow_up", number=12), by=by)
    reports.save(report, {"since": ("L’atelier continue.", None), "outcomes": ("Huit emplois.", None)}, by=by)
    reports.submit(report, by=by)
    return report
