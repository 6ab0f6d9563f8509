"""The ledger: what does not balance or is not there is refused, in words by the action and anyway by the database."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories import application, call, membership

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.core.moves import Refused
from terreau.funding.actions.ledger import Transfer, post, post_all, take_up
from terreau.funding.actions.numbers import next_number
from terreau.funding.lifecycle import Account, Cause
from terreau.funding.models import Movement, Posting, SeriesCounter
from terreau.funding.queries.balances import balances
from terreau.projects.lifecycle import State
from terreau.selection.models import Committee, Decision

MILLION = 100_000_000


@pytest.fixture
def by(db):
    return membership(Role.OFFICER).user


@pytest.fixture
def file(db):
    return application(of=call(), state=State.SELECTED)


@pytest.fixture
def window(file, by):
    post(Cause.BUDGET, key="budget", window=file.window, cents=MILLION, by=by)
    return file.window


def standing(of):
    return {account: cents for account, cents in balances(of).items() if cents}


def test_money_moves_between_the_accounts_of_its_cause(window, file, by):
    post(Cause.VOTE, key="vote", window=window, cents=5_000_000, application=file, by=by)
    movement = post(Cause.COMMIT, key="commit", window=window, cents=4_000_000, application=file, note="N", by=by)
    assert standing(window) == {
        Account.FUNDS: -MILLION,
        Account.AVAILABLE: MILLION - 5_000_000,
        Account.VOTED: 1_000_000,
        Account.COMMITTED: 4_000_000,
    }
    assert standing(file) == {Account.VOTED: 1_000_000, Account.COMMITTED: 4_000_000}
    assert (movement.cause, movement.actor_id, movement.note) == (Cause.COMMIT, by.pk, "N")


def test_the_same_key_moves_nothing_twice(window, file, by):
    once, again = (post(Cause.VOTE, key="v", window=window, cents=7, application=file, by=by) for _ in range(2))
    assert once == again
    assert balances(file)[Account.VOTED] == 7
    twice = [Transfer(Cause.COMMIT, "c", window, 3, file)] * 2
    assert len(set(post_all(twice, by=by))) == 1
    assert balances(file)[Account.COMMITTED] == 3


def test_an_account_does_not_go_below_zero_for_the_window_or_for_the_file(window, file, by):
    with pytest.raises(Refused, match=r"disponible.*000.000,01"):
        post(Cause.VOTE, key="v", window=window, cents=MILLION + 1, application=file, by=by)
    other = application(of=file.call, state=State.SELECTED)
    post(Cause.VOTE, key="other", window=window, cents=100, application=other, by=by)
    with pytest.raises(Refused, match=file.reference):
        post(Cause.COMMIT, key="c", window=window, cents=1, application=file, by=by)
    many = [Transfer(Cause.VOTE, "a", window, 5, file), Transfer(Cause.COMMIT, "b", window, 6, file)]
    with pytest.raises(Refused), transaction.atomic():
        post_all(many, by=by)
    assert balances(file)[Account.VOTED] == 0
    with pytest.raises(ValueError, match="positif"):
        post(Cause.VOTE, key="v", window=window, cents=0, application=file, by=by)
    with pytest.raises(ValueError, match="dossier"):
        post(Cause.VOTE, key="v", window=window, cents=1, by=by)


def test_money_is_reserved_for_a_file_or_for_none(window, file, by):
    post(Cause.RESERVE, key="r", window=window, cents=10, application=file, by=by)
    post(Cause.RESERVE, key="s", window=window, cents=10, by=by)
    with pytest.raises(Refused):
        post(Cause.RELEASE, key="t", window=window, cents=11, application=file, by=by)
    post(Cause.RELEASE, key="t", window=window, cents=10, application=file, by=by)
    assert (balances(window)[Account.RESERVED], balances(file)[Account.RESERVED]) == (10, 0)


def write(window, *lines, file=None, key="hand", close=True):
    """Postings and their movement, past the action."""
    number = uuid4()
    for account, cents in lines:
        Posting.objects.create(movement_id=number, account=account, amount_cents=cents, window=window, application=file)
    if close:
        Movement.objects.create(id=number, key=key, cause=Cause.VOTE, at=timezone.now(), actor_label="x")
    return number


@pytest.mark.parametrize("lines", [[], [("available", 0)], [("available", 5)], [("available", 5), ("funds", -4)]])
def test_the_database_refuses_what_does_not_balance(window, lines):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(window, *lines)


@pytest.mark.parametrize("lines", [[("reserved", -5), ("available", 5)], [("voted", -5), ("committed", 5)]])
def test_the_database_refuses_what_is_not_there(window, file, by, lines):
    """Also where the window has it, but for another file."""
    other = application(of=file.call, state=State.SELECTED)
    post(Cause.VOTE, key="v", window=window, cents=100, application=other, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(window, *lines, file=file if lines[0][0] == "voted" else None)


def test_the_database_refuses_an_addition_a_change_and_a_deletion(window, by):
    movement = Movement.objects.get()
    posting = movement.postings.first()
    refused = [
        lambda: Posting.objects.create(movement=movement, account="funds", amount_cents=1, window=window),
        lambda: Posting.objects.filter(pk=posting.pk).update(amount_cents=1),
        lambda: Posting.objects.filter(pk=posting.pk).delete(),
        lambda: Movement.objects.filter(pk=movement.pk).update(note="x"),
        lambda: Movement.objects.filter(pk=movement.pk).delete(),
        lambda: write(window, ("funds", -1), ("available", 1), key=movement.key),
        lambda: write(window, ("funds", -1), ("available", 1), file=application(of=window.call)),
        lambda: write(window, ("voted", -1), ("committed", 1)),
    ]
    if connection.vendor == "sqlite":
        columns = [f.column for f in Posting._meta.local_fields]
        values = {"movement_id": f"'{'0' * 32}'", "amount_cents": "1"}
        sql = f"INSERT OR REPLACE INTO funding_posting ({', '.join(columns)}) SELECT " + ", ".join(
            values.get(c, c) for c in columns
        )
        refused.append(lambda: connection.cursor().execute(f"{sql} FROM funding_posting"))
    for act in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert standing(window) == {Account.FUNDS: -MILLION, Account.AVAILABLE: MILLION}


@pytest.mark.django_db(transaction=True)
def test_postings_that_no_movement_closes_fail_at_commit(window):
    unclosed = transaction.atomic()
    unclosed.__enter__()
    write(window, ("funds", -1), ("available", 1), close=False)
    with pytest.raises(IntegrityError):
        unclosed.__exit__(None, None, None)
    assert Posting.objects.count() == 2


def test_a_committee_is_taken_up_once(file, by):
    window = file.window
    asked = application(of=file.call, state=State.DECLINED, requested_cents=300)
    application(of=file.call, state=State.DRAFT)
    committee = Committee.objects.create(window=window)
    Decision.objects.create(committee=committee, application=file, outcome="selected", amount_cents=4_000_000)
    Decision.objects.create(committee=committee, application=asked, outcome="declined", reason="Motif.")
    assert take_up(committee, by=by) == 3
    assert standing(file) == {Account.DEMAND: -5_000_000, Account.REQUESTED: 5_000_000}
    committee.sealed_at = timezone.now()
    committee.save()
    assert take_up(committee, by=by) == 1
    assert take_up(committee, by=by) == 0
    assert balances(file)[Account.VOTED] == 4_000_000
    window.envelope_cents -= 1_000
    window.save()
    assert take_up(committee, by=by) == 1
    now = balances(window)
    assert -now[Account.FUNDS] == window.envelope_cents == now[Account.AVAILABLE] + now[Account.VOTED]
    assert Entry.objects.filter(verb="take_up").count() == 3


def test_a_number_is_given_back_by_what_fails(db):
    with transaction.atomic():
        assert next_number("C", 2025) == 1
    with transaction.atomic():
        assert next_number("C", 2025) == 2
        transaction.set_rollback(True)
    with transaction.atomic():
        assert (next_number("C", 2025), next_number("C", 2026)) == (2, 1)
    assert SeriesCounter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        next_number("C", 2025)
