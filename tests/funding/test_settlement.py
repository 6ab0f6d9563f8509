"""Reading a report, the balance that its acceptance strikes, what comes back, closing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.funding import paid, reported

from terreau.core.models import Mail
from terreau.core.moves import Refused, WrongMoment
from terreau.funding.actions import reports, reviews, settlement
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.actions.ledger import post
from terreau.funding.actions.moves import move
from terreau.funding.lifecycle import Account, AgreementState, Cause, ClawbackState, InstalmentState, ReportState
from terreau.funding.queries import reports as queries
from terreau.funding.queries.balances import balances
from terreau.projects.models import BudgetLine

pytestmark = pytest.mark.django_db
EUROS = 100


@pytest.fixture
def agreement():
    """40 000 € granted on 80 000 €; 20 000 € paid at the signature, 12 000 € and 8 000 € to come."""
    (made,) = paid.agreements(1, cents=40_000 * EUROS)
    for rubric, label, euros, ours in (
        ("60", "Achats", 20_000, False),
        ("64", "Personnel", 60_000, False),
        ("74", "Le financeur", 40_000, True),
        ("74", "Région", 40_000, False),
    ):
        BudgetLine.objects.create(
            application=made.application, rubric=rubric, label=label, amount_cents=euros * EUROS, requested=ours
        )
    keep_calendar(made, by=None)
    settle(made.instalments.get(number=1))
    return made


@pytest.fixture
def by():
    return paid.officer()


def settle(instalment):
    """The bank has paid."""
    for verb, cause in (("prepare", Cause.SEND), ("pay", Cause.SETTLE)):
        move(instalment, verb, by=None)
        key, window = f"{cause}:{instalment.pk}", instalment.agreement.application.window
        post(cause, key=key, window=window, cents=instalment.amount_cents, agreement=instalment.agreement, by=None)


def sent(agreement, kind="final", **figures):
    report = agreement.reports.get(kind=kind)
    by = agreement.application.collaborators.get().membership.user
    reports.open_report(report, by=by)
    texts = {s.key: ("Texte.", None) for s in queries.rules_of(report).asked(kind)}
    why = {f"{key}-why": "Expliqué." for key in figures}
    typed = reported.told(report, **figures, **why)
    reports.save(report, texts | {"_figures": (typed, None)}, by=by)
    reports.submit(report, by=by)
    return report


def states(agreement):
    return list(agreement.instalments.values_list("state", "amount_cents"))


def test_an_accepted_milestone_opens_its_instalment(agreement, by):
    report = sent(agreement, "milestone", l1="5000")
    review = reviews.accept_report(report, message="Merci.", by=by)
    assert report.state == ReportState.ACCEPTED
    assert review.submission == report.submissions.get()
    assert agreement.instalments.get(number=2).state == InstalmentState.DUE
    assert balances(agreement)[Account.PAYABLE] == 12_000 * EUROS
    assert Mail.objects.filter(key__startswith=f"review:{review.pk}:").count() == 1
    with pytest.raises(WrongMoment):
        reviews.accept_report(report, by=by)


def test_a_report_sent_back_is_written_and_sent_again(agreement, by):
    report = sent(agreement)
    with pytest.raises(ValueError, match="compléter"):
        reviews.return_report(report, message=" ", by=by)
    reviews.return_report(report, message="Joignez les comptes.", by=by)
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED
    assert reports.submit(report, by=by).number == 2


def test_a_report_twelve_per_cent_under_pays_less_and_frees_the_rest(agreement, by):
    """88 % of 80 000 € at 50 %: 35 200 € due, 20 000 € paid; 15 200 € to pay, 4 800 € back to the envelope."""
    free = balances(agreement.application.window)[Account.AVAILABLE]
    reviews.accept_report(sent(agreement, l1="17600", l2="52800", l4="35200"), by=by)
    assert states(agreement) == [("paid", 2_000_000), ("cancelled", 1_200_000), ("due", 1_520_000)]
    held = balances(agreement)
    assert (held[Account.COMMITTED], held[Account.PAYABLE], held[Account.PAID]) == (0, 1_520_000, 2_000_000)
    assert balances(agreement.application.window)[Account.AVAILABLE] == free + 480_000


def test_over_financing_is_shared_with_the_co_funders(agreement, by):
    """Costs 80 000 €, region 60 000 €: 40 000 + 60 000 for 80 000, so 32 000 € due."""
    reviews.accept_report(sent(agreement, l4="60000"), by=by)
    assert agreement.instalments.get(number=3).amount_cents == 1_200_000


def test_what_was_paid_and_is_not_due_is_claimed_then_comes_back_in_parts(agreement, by):
    """30 000 € spent, of which 2 000 € refused: 14 000 € due, 20 000 € paid, 6 000 € to give back."""
    report = sent(agreement, l1="10000", l2="20000", l4="15000")
    refusals = [reviews.Refusal("l1", 200_000, "Hors de la période.")]
    review = reviews.accept_report(report, refusals=refusals, by=by)
    assert (report.state, review.refused[0]["label"]) == (ReportState.PARTIAL, "Achats")
    assert [state for state, _cents in states(agreement)] == ["paid", "cancelled", "cancelled"]
    clawback = agreement.clawbacks.get()
    assert (clawback.amount_cents, clawback.due_on) == (600_000, timezone.localdate() + timedelta(30))
    with pytest.raises(Refused, match="reversement"):
        settlement.close(agreement, by=by)
    for wrong in (0, 600_001):
        with pytest.raises(ValueError, match="montant reçu"):
            settlement.recover(clawback, cents=wrong, on=date(2026, 1, 1), by=by)
    rest = settlement.recover(clawback, cents=400_000, on=date(2026, 1, 1), by=by)
    assert rest.amount_cents == 200_000
    settlement.waive(rest, reason="Structure en difficulté.", by=by)
    with pytest.raises(Refused):
        settlement.recover(rest, cents=1, on=date(2026, 1, 1), by=by)
    assert set(agreement.clawbacks.values_list("state", flat=True)) == {ClawbackState.RECOVERED, ClawbackState.WAIVED}
    held = balances(agreement)
    assert (held[Account.PAID], held[Account.RECOVERABLE], held[Account.COMMITTED]) == (1_600_000, 0, 0)
    closed = settlement.close(agreement, by=by)
    assert closed.state == AgreementState.CLOSED
    assert keep_calendar(closed, by=None) == []
    assert queries.reports_of(type(agreement.application).objects.all()).filter(kind="follow_up").count() == 2


def test_nothing_is_kept_when_the_balance_cannot_be_struck(agreement, by):
    reviews.accept_report(sent(agreement, "milestone"), by=by)
    report = sent(agreement)
    with pytest.raises(Refused, match="en cours"):
        reviews.accept_report(report, by=by)
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED
    assert not report.reviews.exists()


@pytest.mark.parametrize(
    ("key", "cents", "reason", "words"),
    [
        ("l1", 2_000_001, "Trop", "dépasse"),
        ("l1", 100, " ", "dites pourquoi"),
        ("l4", 100, "Produit", "Seule une ligne"),
    ],
)
def test_a_refusal_says_how_much_of_which_charge_and_why(agreement, by, key, cents, reason, words):
    report = sent(agreement)
    with pytest.raises(ValueError, match=words):
        reviews.accept_report(report, refusals=[reviews.Refusal(key, cents, reason)], by=by)
    assert not report.reviews.exists()
