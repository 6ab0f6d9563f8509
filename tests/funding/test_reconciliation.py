"""The proof that journal, agreements and payments agree: silent where they do, one line where they do not."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone
from tests.funding.paid import agreements, first_instalments, officer
from typer.testing import CliRunner

from terreau.cli.main import app
from terreau.core import immutable
from terreau.funding.actions.bank_returns import settle_by_hand
from terreau.funding.actions.ledger import post
from terreau.funding.actions.payment_runs import approve_run, prepare_run, send_run
from terreau.funding.lifecycle import Cause
from terreau.funding.models import Agreement, Clawback, Instalment, Movement, Payment, Posting
from terreau.funding.queries.reconciliation import Tally, differences

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    """Three agreements: one paid, one at the bank, one rejected; and one of whom a part is claimed."""
    made = agreements(4)
    one, other, today = officer(), officer(), timezone.localdate()
    run = prepare_run(made[0].application.call.funder, first_instalments(made)[:3], executes_on=today, by=one)
    send_run(approve_run(run, by=other), by=one)
    first, _second, third = run.payments.order_by("pk")
    settle_by_hand(run, [first], on=today, by=one)
    settle_by_hand(run, [third], rejection="AC04", on=today, by=one)
    claim = Clawback.objects.create(agreement=made[0], amount_cents=100_000, reason="Trop versé", due_on=today)
    post(
        Cause.CLAIM,
        key=f"claim:{claim.pk}",
        window=made[0].application.window,
        cents=100_000,
        agreement=made[0],
        by=one,
    )
    return made


def found(edition=None):
    tally = Tally()
    return list(differences(edition, tally)), tally


def test_nothing_to_say_where_all_agree(made):
    lines, tally = found()
    assert lines == []
    assert tally.movements == Movement.objects.count()
    assert (tally.entries, tally.files, tally.payments) == (2 * tally.movements, 4, 3)
    assert found(2025)[0] == []
    assert found(1999)[1].movements == 0


@contextmanager
def tampering():
    """As somebody with the keys of the base would do it."""
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with immutable.lifted():
        yield


def drop(query):
    Posting.objects.filter(movement__in=query.values("pk")).delete()
    query.delete()


TAMPERINGS = {
    "paid by hand": lambda made: Instalment.objects.filter(agreement=made[1], number=2).update(state="paid"),
    "another amount": lambda made: Payment.objects.filter(state="settled").update(amount_cents=1),
    "a grant changed": lambda made: Agreement.objects.filter(pk=made[3].pk).update(granted_cents=1),
    "a movement lost": lambda made: drop(Movement.objects.filter(cause="settle")),
    "an agreement forgotten": lambda made: Posting.objects.filter(application=made[3].application).delete(),
    "a movement undone": lambda made: Movement.objects.filter(cause="commit").update(cause="raise"),
    "an entry changed": lambda made: Posting.objects.filter(account="paid", amount_cents__gt=0).update(amount_cents=7),
    "a claim forgotten": lambda made: Clawback.objects.all().delete(),
    "a payment lost": lambda made: Payment.objects.filter(state="sent").delete(),
}


@pytest.mark.parametrize("change", TAMPERINGS)
def test_whatever_is_changed_is_seen(made, change):
    with tampering():
        TAMPERINGS[change](made)
    assert found()[0]


def test_the_command_ends_well_or_with_a_line_a_difference(made):
    told = CliRunner().invoke(app, ["funding", "reconcile", "--edition", "2025"])
    assert told.exit_code == 0, told.output
    assert "Tout s’accorde" in told.output
    with tampering():
        TAMPERINGS["a grant changed"](made)
    told = CliRunner().invoke(app, ["funding", "reconcile"])
    assert told.exit_code == 2
    assert f"{made[3].number} : « montant accordé »" in told.output
