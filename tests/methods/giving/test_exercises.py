"""The published cases T1 to T9 and T16, to the cent, then what must hold for any years."""

from collections import deque
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terreau.methods.giving.exercises import BadExercises, ExcessRate, Exercise, Instance, cap_of, settle
from terreau.methods.giving.ledger import Credit
from terreau.methods.giving.parameters import NotInForce

LIFE = 5
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # slow machines are no fault


def years(*rows, first=2021):
    """(turnover, gifts[, tax]) in euros, a row a year."""
    return [
        Exercise(
            date(first + n, 12, 31), round(turnover * 100), round(gifts * 100), tax=round(tax[0] * 100) if tax else None
        )
        for n, (turnover, gifts, *tax) in enumerate(rows)
    ]


def euros(settled, *names):
    return [tuple(getattr(one, name) / 100 for name in names) for one in settled]


@pytest.mark.parametrize(
    ("turnover", "gift", "cap", "base", "reduction", "excess"),
    [
        (800_000, 5_000, 20_000, 5_000, 3_000, 0),  # T1
        (2_500_000, 15_000, 20_000, 15_000, 9_000, 0),  # T2
        (4_000_000, 20_000, 20_000, 20_000, 12_000, 0),  # T3
        (6_000_000, 40_000, 30_000, 30_000, 18_000, 10_000),  # T4
        (600_000, 26_000, 20_000, 20_000, 12_000, 6_000),  # T7
        (0, 0.01, 20_000, 0.01, 0.01, 0),  # 0.6 of a cent, halves upwards
        (4_000_000.99, 30_000, 20_000, 20_000, 12_000, 10_000),  # 20 000.00495 is 20 000.00
        (4_000_001, 30_000, 20_000.01, 20_000.01, 12_000.01, 9_999.99),  # 20 000.005 is 20 000.01
    ],
)
def test_one_year(turnover, gift, cap, base, reduction, excess):
    (found,) = settle(Instance(years((turnover, gift))))
    assert euros([found], "cap", "base", "reduction", "excess_left") == [(cap, base, reduction, excess)]
    assert found.imputed == found.reduction == found.own_reduction


def test_excess_waits_for_room():
    """T4, T5 and T5b in a row."""
    rows = years((6e6, 40e3), (6.4e6, 25e3), (6e6, 30e3), (7e6, 20e3))
    assert euros(settle(Instance(rows)), "cap", "own", "carried", "reduction", "excess_left") == [
        (30e3, 30e3, 0, 18e3, 10e3),
        (32e3, 25e3, 7e3, 19_200, 3e3),
        (30e3, 30e3, 0, 18e3, 3e3),
        (35e3, 20e3, 3e3, 13_800, 0),
    ]


def test_excess_expires_after_its_fifth_year():
    """T6."""
    found = settle(Instance(years((3e6, 50e3), *[(3e6, 18e3)] * 5, (3e6, 5e3))))
    assert euros(found, "carried", "reduction", "excess_left", "excess_expired") == [
        (0, 12e3, 30e3, 0),
        *[(2e3, 12e3, left, 0) for left in (28e3, 26e3, 24e3, 22e3)],
        (2e3, 12e3, 0, 20e3),
        (0, 3e3, 0, 0),
    ]


@pytest.mark.parametrize("policy", ExcessRate)
def test_above_two_millions(policy):
    """T8."""
    alone = Exercise(date(2025, 12, 31), 10**11, 3_000_000_00)
    helped = Exercise(date(2025, 12, 31), 10**11, 4_000_000_00, aid_gifts=1_000_000_00)
    found = [settle(Instance([one], excess_rate=policy))[0].reduction for one in (alone, helped)]
    assert found == [1_600_000_00, 2_200_000_00]
    before = Exercise(date(2020, 12, 30), 10**11, 3_000_000_00)
    assert settle(Instance([before]))[0].reduction == 1_800_000_00


def test_excess_above_two_millions_keeps_the_rate_that_it_earned():
    """Cap 2.5 M€: the excess stood above the threshold. The other reading counts it from the first euro again."""
    rows = years((5e8, 3e6), (5e8, 0))
    assert euros(settle(Instance(rows)), "reduction") == [(1_400_000,), (200_000,)]
    other = settle(Instance(rows, excess_rate=ExcessRate.YEAR))
    assert euros(other, "reduction") == [(1_400_000,), (300_000,)]


def test_unused_reduction_waits_for_tax():
    """T9, then the end of the fifth following year."""
    rows = years((1e6, 15e3, 4e3), (1e6, 5e3, 6e3), *[(1e6, 0, 0)] * 4, (1e6, 0, 9e3))
    found = settle(Instance(rows))
    assert euros(found, "reduction", "imputed", "credit_left", "credit_expired") == [
        (9e3, 4e3, 5e3, 0),
        (3e3, 6e3, 2e3, 0),
        *[(0, 0, 2e3, 0)] * 3,
        (0, 0, 0, 2e3),
        (0, 0, 0, 0),
    ]
    assert found[1].credits == (Credit(2021, 2_000_00),)


@pytest.mark.parametrize(
    ("closed", "turnover", "cap"),
    [
        (date(2020, 6, 30), 1_500_000, 10_000),  # T16
        (date(2019, 12, 30), 1_500_000, 7_500),
        (date(2019, 12, 31), 1_500_000, 10_000),
        (date(2020, 12, 30), 3_000_000, 15_000),
        (date(2020, 12, 31), 1_500_000, 20_000),
    ],
)
def test_the_cap_goes_by_the_closing_date(closed, turnover, cap):
    assert cap_of(turnover * 100, closed) == cap * 100
    (found,) = settle(Instance([Exercise(closed, turnover * 100, 12_000_00)]))
    if closed == date(2020, 6, 30):
        assert (found.reduction, found.excess_left) == (6_000_00, 2_000_00)


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ([Exercise(date(2021, 12, 31), 0, 0), Exercise(date(2023, 12, 31), 0, 0)], "not-consecutive", 1),
        ([Exercise(date(2021, 12, 31), -1, 0)], "negative", 0),
        ([Exercise(date(2021, 12, 31), 0, 5, aid_gifts=6)], "aid-above-gifts", 0),
        ([Exercise(date(2002, 12, 31), 0, 0)], "before-the-law", 0),
    ],
)
def test_years_that_cannot_be_settled(rows, code, place):
    with pytest.raises(BadExercises) as problem:
        settle(Instance(rows))
    assert (problem.value.code, problem.value.place) == (code, place)


def test_what_came_before_must_still_be_usable():
    rows = years((1e6, 0))
    assert settle(Instance(rows, credits=[Credit(2016, 5)]))[0].credit_expired == 5
    with pytest.raises(BadExercises, match="opening-out-of-reach"):
        settle(Instance(rows, credits=[Credit(2015, 5)]))
    with pytest.raises(NotInForce):
        cap_of(1, date(2001, 1, 1))


money = st.integers(0, 5 * 10**10)
rows = st.lists(
    st.tuples(st.integers(0, 10**12), money, st.integers(0, 100), st.none() | money), min_size=1, max_size=9
)


def consecutive(first, rows):
    return [
        Exercise(date(first + n, 12, 31), turnover, gifts, gifts * share // 100, tax)
        for n, (turnover, gifts, share, tax) in enumerate(rows)
    ]


def instances():
    return st.builds(consecutive, st.integers(2004, 2026), rows)


@calm
@given(instances(), st.sampled_from(ExcessRate))
def test_every_cent_is_used_left_or_expired(exercises, policy):
    """In both ledgers, each by itself; the base under the cap; the reduction never above the rate times the base."""
    found = settle(Instance(exercises, excess_rate=policy))
    last = found[-1]
    assert sum(e.gifts for e in exercises) == sum(s.base + s.excess_expired for s in found) + last.excess_left
    assert sum(s.reduction for s in found) == sum(s.imputed + s.credit_expired for s in found) + last.credit_left
    for one in found:
        assert one.own == min(one.exercise.gifts, one.cap)
        assert one.base <= one.cap
        assert 0 <= one.reduction <= (one.base * 6 + 5) // 10
        if one.exercise.tax is not None:
            assert one.imputed <= one.exercise.tax
            assert one.imputed >= min(one.reduction, one.exercise.tax)


@calm
@given(instances())
def test_oldest_first_and_never_after_the_fifth_year(exercises):
    """The ledger of excess, played again with a plain queue of (year, cents)."""
    queue = deque()
    for one in settle(Instance(exercises)):
        year, room, used = one.exercise.year, one.cap - one.own, []
        while queue and room:
            origin, cents = queue.popleft()
            assert year - LIFE <= origin < year
            part = min(cents, room)
            room -= part
            used.append((origin, part))
            if cents > part:
                queue.appendleft((origin, cents - part))
        assert one.carried == sum(cents for _, cents in used)
        if over := one.exercise.gifts - one.own:
            queue.append((year, over))
        lost = [queue.popleft() for _ in list(queue) if queue[0][0] + LIFE <= year]
        assert one.excess_expired == sum(cents for _, cents in lost)
        assert one.excess_left == sum(cents for _, cents in queue)


@calm
@given(instances())
def test_the_ledgers_never_meet(exercises):
    """Tax changes nothing in the base, and nothing of the base enters the credits but through the reduction."""
    free = [Exercise(e.closed_on, e.turnover, e.gifts, e.aid_gifts) for e in exercises]
    taxed, untaxed = settle(Instance(exercises)), settle(Instance(free))
    assert [(s.excesses, s.reduction, s.excess_expired) for s in taxed] == [
        (s.excesses, s.reduction, s.excess_expired) for s in untaxed
    ]
    assert {s.credit_left + s.credit_expired for s in untaxed} == {0}
    for one in taxed:
        assert all(one.exercise.year - LIFE < line.year <= one.exercise.year for line in one.credits)


@calm
@given(instances(), st.integers(1, 8))
def test_a_settled_past_may_be_carried_by_its_ledgers_alone(exercises, cut):
    whole = settle(Instance(exercises))
    past, rest = exercises[:cut], exercises[cut:]
    if not rest:
        return
    last = settle(Instance(past))[-1]
    assert settle(Instance(rest, last.excesses, last.credits)) == whole[cut:]
