"""Payment runs: two persons, one file, and no payment that goes out twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import factories
from tests.funding.paid import IBANS, agreements, first_instalments, officer, with_account

from terreau.core.models import Mail
from terreau.core.moves import Refused, WrongMoment
from terreau.funding.actions.bank_accounts import check_account, enter_account, refuse_account
from terreau.funding.actions.bank_returns import import_return, settle_by_hand
from terreau.funding.actions.instalments import hold, release
from terreau.funding.actions.payment_runs import approve_run, cancel_run, prepare_run, send_run
from terreau.funding.lifecycle import Account, InstalmentState, PaymentState, RunState
from terreau.funding.models import BankAccount, Instalment, Movement, Payment, PaymentRun
from terreau.funding.queries import payments as queries
from terreau.funding.queries.balances import balances

pytestmark = pytest.mark.django_db
EACH = 500_000


@pytest.fixture
def made():
    return agreements(3)


@pytest.fixture
def funder(made):
    return made[0].application.call.funder


@pytest.fixture
def two():
    return officer(), officer()


def prepared(made, funder, by):
    return prepare_run(funder, first_instalments(made), executes_on=timezone.localdate(), by=by)


def sent(made, funder, two):
    run = approve_run(prepared(made, funder, two[0]), by=two[1])
    return send_run(run, by=two[0])


def answer(run, *statuses, name="ACSC"):
    payments = Payment.objects.filter(run=run).order_by("end_to_end")
    lines = [f"{p.end_to_end};{status};AC04" for p, status in zip(payments, statuses, strict=False)]
    return "\n".join(["reference;statut;code", *lines]).encode()


def take(content, funder, by):
    return import_return(content, funders=[funder], on=timezone.localdate(), by=by)


def states(made):
    return list(first_instalments(made).values_list("state", flat=True))


def window_balance(made, account):
    return balances(made[0].application.window)[account]


def test_money_follows_the_run_from_due_to_paid(made, funder, two):
    run = prepared(made, funder, two[0])
    assert run.number.startswith("OP-")
    assert window_balance(made, Account.PAYABLE) == 3 * EACH
    run = send_run(approve_run(run, by=two[1]), by=two[1])
    assert window_balance(made, Account.IN_TRANSIT) == 3 * EACH
    result = take(answer(run, "execute", "RJCT", "ACSC"), funder, two[0])
    assert (result.settled, result.rejected, result.again, result.unknown) == (2, 1, 0, ())
    assert states(made) == ["paid", "due", "paid"]
    assert (window_balance(made, Account.PAID), window_balance(made, Account.PAYABLE)) == (2 * EACH, EACH)
    assert PaymentRun.objects.get().state == RunState.SETTLED
    rejected = Payment.objects.get(state=PaymentState.REJECTED)
    assert "clos" in rejected.rejection
    told = Mail.objects.filter(key__startswith="payment:")
    assert sorted(told.values_list("subject", flat=True)) == [
        "La banque a rejeté votre versement",
        *["Votre versement a été exécuté"] * 2,
    ]
    words = told.get(subject__startswith="La banque").body
    assert rejected.rejection in words
    assert "compte-bancaire" in words
    second = prepared(made[1:2], funder, two[0])
    assert second.payments.get().end_to_end != run.payments.get(instalment=first_instalments(made)[1]).end_to_end


def test_a_return_that_comes_again_changes_nothing(made, funder, two):
    run = sent(made, funder, two)
    content = answer(run, "paid", "RJCT")
    take(content, funder, two[0])
    before = Movement.objects.count()
    result = take(content, funder, two[0])
    assert (result.settled, result.rejected, result.again) == (0, 0, 2)
    assert Movement.objects.count() == before
    assert PaymentRun.objects.get().state == RunState.SENT
    assert settle_by_hand(run, list(run.payments.all()), on=timezone.localdate(), by=two[0]) == 1
    assert PaymentRun.objects.get().state == RunState.SETTLED
    with pytest.raises(Refused):
        settle_by_hand(run, list(run.payments.all()), on=timezone.localdate(), by=two[0])


def test_an_answer_to_the_whole_order_counts_for_each_payment(made, funder, two):
    run = sent(made, funder, two)
    content = f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>
    <OrgnlMsgId>{run.number}</OrgnlMsgId><GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"""
    assert take(content.encode(), funder, two[0]).settled == 3


@pytest.mark.parametrize("wrong", ["amount", "contrary", "early", "elsewhere"])
def test_a_return_that_contradicts_us_is_refused_whole(made, funder, two, wrong):
    run = prepared(made, funder, two[0])
    if wrong != "early":
        run = send_run(approve_run(run, by=two[1]), by=two[0])
    first, second, *_others = run.payments.order_by("end_to_end")
    content = answer(run, "paid", "paid")
    if wrong == "amount":
        lines = f"{second.end_to_end};paid;5000,00\n{first.end_to_end};paid;1,00"
        content = f"reference;statut;montant\n{lines}".encode()
    elif wrong == "contrary":
        take(answer(run, "rejected"), funder, two[0])
    elif wrong == "elsewhere":
        content = b"reference;statut\nAUTRE-1;paid"
        assert take(content, funder, two[0]).unknown == ("AUTRE-1",)
        return
    before = Movement.objects.count()
    with pytest.raises(Refused, match=first.end_to_end):
        take(content, funder, two[0])
    assert Movement.objects.count() == before
    assert not Payment.objects.filter(state=PaymentState.SETTLED).exists()


def test_the_file_never_changes_once_made(made, funder, two):
    run = sent(made, funder, two)
    run.refresh_from_db()
    assert queries.digest(run.content) == run.digest
    assert f"<CtrlSum>{3 * EACH // 100}.00</CtrlSum>" in run.content
    assert all(iban in run.content for iban in IBANS[:3])
    with pytest.raises(WrongMoment):
        send_run(run, by=two[0])
    for change in (
        lambda: PaymentRun.objects.filter(pk=run.pk).update(content="x"),
        lambda: Payment.objects.filter(run=run).update(amount_cents=1),
        lambda: Payment.objects.filter(run=run).delete(),
        lambda: BankAccount.objects.update(iban="x"),
        lambda: Instalment.objects.filter(state="prepared").update(amount_cents=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert queries.csv_of(run).count("\r\n") == 4


def test_who_approves_is_not_who_prepared(made, funder, two):
    run = prepared(made, funder, two[0])
    with pytest.raises(Refused):
        approve_run(run, by=two[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentRun.objects.update(approved_by=two[0])
    with pytest.raises(WrongMoment):
        send_run(run, by=two[1])
    approve_run(run, by=two[1])
    with pytest.raises(WrongMoment):
        approve_run(run, by=two[1])


def test_an_instalment_is_in_one_run_at_a_time(made, funder, two):
    run = prepared(made, funder, two[0])
    with pytest.raises(Refused, match="n’est pas à payer"):
        prepared(made, funder, two[0])
    payment = run.payments.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            run=run, instalment=payment.instalment, account=payment.account, amount_cents=1, end_to_end="again"
        )
    cancel_run(run, reason="Erreur de date", by=two[1])
    assert states(made) == ["due"] * 3
    with pytest.raises(ValueError, match="pourquoi"):
        cancel_run(run, reason=" ", by=two[1])
    again = prepared(made, funder, two[0])
    assert int(again.number[-4:]) == int(run.number[-4:]) + 1


def test_nobody_is_paid_on_an_account_that_was_not_checked_or_was_replaced(made, funder, two):
    run = prepared(made, funder, two[0])
    holder = made[0].holder
    account = enter_account(holder, "Autre nom", IBANS[3], by=two[0])
    with pytest.raises(Refused, match=holder.name):
        approve_run(run, by=two[1])
    cancel_run(run, reason="Compte changé", by=two[0])
    with pytest.raises(Refused, match="pas vérifié"):
        prepared(made, funder, two[0])
    with pytest.raises(Refused, match="autre personne"):
        check_account(account, by=two[0])
    refuse_account(account, "Le relevé est au nom d’un tiers.", by=two[1])
    with pytest.raises(Refused, match="pas donné"):
        prepared(made, funder, two[0])
    with_account(holder, IBANS[3])
    run = approve_run(prepared(made, funder, two[0]), by=two[1])
    with_account(holder, IBANS[2])
    with pytest.raises(Refused, match=holder.name):
        send_run(run, by=two[0])
    assert Mail.objects.filter(key__startswith="account-").count() > 3


@pytest.mark.parametrize("iban", ["", "FR7630006000011234567890188", "US64SVBKUS6S3300958879"])
def test_an_account_that_no_bank_knows_is_refused(made, iban):
    with pytest.raises(ValueError, match="IBAN"):
        enter_account(made[0].holder, "Nom", iban, by=None)
    assert made[0].holder.bank_accounts.get(replaced_at=None).checked_at


def test_a_run_that_a_bank_would_refuse_is_not_made(made, funder, two):
    with pytest.raises(Refused, match="passée"):
        prepare_run(funder, first_instalments(made), executes_on=timezone.localdate() - timedelta(1), by=two[0])
    with pytest.raises(Refused, match="au moins un"):
        prepare_run(funder, [], executes_on=timezone.localdate(), by=two[0])
    with_account(made[0].holder, funder.bank_accounts.get(replaced_at=None).iban)
    run = approve_run(prepared(made, funder, two[0]), by=two[1])
    with pytest.raises(Refused, match="compte débité"):
        send_run(run, by=two[0])
    assert PaymentRun.objects.get().state == RunState.APPROVED
    assert window_balance(made, Account.IN_TRANSIT) == 0


def test_an_instalment_is_released_and_held_back(made, two):
    instalment = made[0].instalments.get(number=1)
    hold(instalment, reason="Pièce manquante", by=two[0])
    assert balances(made[0])[Account.PAYABLE] == 0
    release(instalment, by=two[0])
    hold(instalment, reason="Encore", by=two[0])
    assert release(instalment, by=two[0]).state == InstalmentState.DUE
    assert balances(made[0])[Account.PAYABLE] == EACH
    with pytest.raises(WrongMoment):
        release(instalment, by=two[0])
    made[1].state = "terminated"
    made[1].save()
    with pytest.raises(Refused):
        release(made[1].instalments.get(number=2), by=two[0])


def test_lists_stay_within_the_funder(made, funder, two):
    other = factories.organisation(kind="funder", name="Autre financeur")
    stranger = factories.membership("officer", of=other).user
    assert (queries.due(two[0]).count(), queries.due(stranger).count()) == (3, 0)
    prepared(made, funder, two[0])
    assert (queries.runs(two[0]).get().cents, queries.runs(stranger).count()) == (3 * EACH, 0)
    with pytest.raises(Refused):
        prepare_run(other, first_instalments(made), executes_on=timezone.localdate(), by=stranger)
