"""Eight writers at once, on either database: no money made or lost, no number twice or skipped."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.factories import application, call
from tests.funding.paid import agreements, first_instalments, officer

from terreau.core import immutable
from terreau.core.moves import Refused, WrongMoment
from terreau.funding.actions.bank_returns import import_return
from terreau.funding.actions.ledger import Transfer, post, post_all
from terreau.funding.actions.numbers import next_number
from terreau.funding.actions.payment_runs import approve_run, prepare_run, send_run
from terreau.funding.lifecycle import BETWEEN, SOURCES, Account, Cause
from terreau.funding.models import Movement, Payment, PaymentRun, Posting
from terreau.funding.queries.balances import balances
from terreau.funding.queries.reconciliation import Tally, differences
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8
FUNDS = 1_000
few = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # what threads do is not shrunk
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def together(act, items):
    """`act` on every item by eight threads, each with its own connection."""

    def one(item):
        try:
            return act(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(one, items))


@pytest.fixture
def files():
    """Two files of one window, one of another: six causes that take from each other."""
    one = call()
    other = one.windows.create(
        key="autre", label="Autre", opens_at=timezone.now(), deadline=timezone.now(), envelope_cents=FUNDS
    )
    made = [application(of=one, state=State.SELECTED) for _ in range(3)]
    made[2].window = other
    made[2].save()
    return made


INNER = sorted(set(Cause) - {Cause.BUDGET, Cause.REQUEST})
moves = st.tuples(st.sampled_from(INNER), st.integers(0, 2), st.integers(1, 400), st.integers(0, 30))


@few
@given(batches=st.lists(st.lists(moves, min_size=1, max_size=3), min_size=WRITERS, max_size=24))
def test_any_interleaving_of_eight_writers_keeps_every_balance(files, batches):
    """Batches of several windows, keys that come again: refused or written whole, and nothing below zero."""
    run = uuid4().hex
    for file in files:
        post(Cause.BUDGET, key=f"{run}:funds {file.pk}", window=file.window, cents=FUNDS, by=None)

    def write(batch):
        chosen = [(cause, files[of], cents, key) for cause, of, cents, key in batch]
        try:
            return post_all([Transfer(c, f"{run}:{k}", f.window, n, f) for c, f, n, k in chosen], by=None)
        except Refused:
            return []

    written = {m.pk: m for answer in together(write, batches) for m in answer}
    mine = Movement.objects.filter(key__startswith=f"{run}:").exclude(cause=Cause.BUDGET)
    assert set(mine.values_list("pk", flat=True)) == set(written)
    for of in [*files, files[0].window, files[2].window]:
        assert {a: c for a, c in balances(of).items() if c < 0 and a not in SOURCES} == {}
    for movement in mine.prefetch_related("postings"):
        accounts = tuple(p.account for p in sorted(movement.postings.all(), key=lambda p: p.amount_cents))
        assert accounts == BETWEEN[movement.cause]
    with immutable.lifted():
        Posting.objects.all().delete()
        Movement.objects.all().delete()


def test_the_database_itself_lets_nobody_overdraw_or_unbalance(files):
    """Past the actions: forty bare writers of ten each, on an envelope of a hundred; and two hands on one movement."""
    window = files[0].window
    post(Cause.BUDGET, key="b", window=window, cents=100, by=None)

    def take(number):
        identifier = uuid4()
        try:
            with transaction.atomic():
                for account, cents in ((Account.AVAILABLE, -10), (Account.RESERVED, 10)):
                    Posting.objects.create(movement_id=identifier, account=account, amount_cents=cents, window=window)
                close(identifier, number)
        except IntegrityError:
            return 0
        return 10

    assert sum(together(take, range(40))) == 100
    assert balances(window)[Account.AVAILABLE] == 0
    shared = uuid4()

    def meddle(number):
        try:
            with transaction.atomic():
                lines = [(Account.RESERVED, -1), (Account.AVAILABLE, 1)] if number % 2 else [(Account.AVAILABLE, 5)]
                for account, cents in lines:
                    Posting.objects.create(movement_id=shared, account=account, amount_cents=cents, window=window)
                if number % 2:
                    close(shared, "shared")
        except IntegrityError:
            return 0
        return 1

    assert sum(together(meddle, range(16))) == 1
    assert sum(Movement.objects.get(pk=shared).postings.values_list("amount_cents", flat=True)) == 0


def close(identifier, key):
    Movement.objects.create(id=identifier, key=str(key), cause=Cause.RESERVE, at=timezone.now(), actor_label="x")


@few
@given(fails=st.lists(st.booleans(), min_size=WRITERS, max_size=32))
def test_numbers_follow_each_other_whoever_fails(fails):
    series = uuid4().hex[:12]

    def take(fails):
        with transaction.atomic():
            number = next_number(series, 2025)
            transaction.set_rollback(fails)
        return None if fails else number

    taken = [n for n in together(take, fails) if n is not None]
    assert sorted(taken) == list(range(1, len(taken) + 1))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_an_old_snapshot_writes_nothing(files):
    def write():
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            post(Cause.BUDGET, key="b", window=files[0].window, cents=1, by=None)

    with pytest.raises(IntegrityError, match="REPEATABLE READ"):
        write()


@pytest.fixture
def paid_together():
    made = agreements(6)
    return made[0].application.call.funder, list(first_instalments(made)), officer(), officer()


@pytest.mark.parametrize("seed", [1, 2])
def test_no_instalment_is_paid_twice_whoever_prepares_and_answers(paid_together, seed):
    """Eight who want the same instalments, each from the preparation to the bank's answer, imported twice."""
    funder, due, one, other = paid_together
    drawn = Random(seed)
    wanted = [drawn.sample(range(6), drawn.randint(1, 3)) for _ in range(20)]
    today = timezone.localdate()

    def pay(ranks):
        try:
            run = prepare_run(funder, [due[rank] for rank in ranks], executes_on=today, by=one)
        except Refused:
            return 0
        send_run(approve_run(run, by=other), by=one)
        lines = [f"{reference};paid" for reference in run.payments.values_list("end_to_end", flat=True)]
        content = "\n".join(["reference;statut", *lines]).encode()
        return sum(import_return(content, funders=[funder], on=today, by=one).settled for _ in range(2))

    settled = sum(together(pay, wanted))
    assert settled == Payment.objects.filter(state="settled").count() == Movement.objects.filter(cause="settle").count()
    assert settled == Payment.objects.values("instalment").distinct().count() >= 1
    numbers = sorted(PaymentRun.objects.values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == list(range(1, len(numbers) + 1))
    assert list(differences(None, Tally())) == []


def test_a_run_is_sent_once_whoever_clicks(paid_together):
    funder, due, one, other = paid_together
    run = approve_run(prepare_run(funder, due, executes_on=timezone.localdate(), by=one), by=other)

    def click(_number):
        try:
            return send_run(run, by=one).digest
        except WrongMoment:
            return ""

    sent = [digest for digest in together(click, range(WRITERS)) if digest]
    run.refresh_from_db()
    assert sent == [run.digest]
    assert Movement.objects.filter(cause="send").count() == len(due)
