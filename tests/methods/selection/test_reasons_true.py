"""What a reason says is true when the question is put again: points, files pushed out, euros to the cent, the way.

And the worked example of `docs/methods/selection.md`.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.methods.selection.portfolios import calls, points, respects

from terreau.methods.selection.conflict import constraints
from terreau.methods.selection.instance import Attribute, Instance, Measure, Rule
from terreau.methods.selection.outcome import Budget, Excluded, Forced, Status
from terreau.methods.selection.reasons import why_not
from terreau.methods.selection.rule_prices import rule_prices
from terreau.methods.selection.select import select

calm = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=10)
NEAR = 1e-6  # points


def one_reason(it, place):
    """The optimum, and the reason at length of one of the files left out."""
    outcome = select(it)
    declined = [name for name in it.ids if name not in outcome.granted]
    assume(outcome.status == Status.OPTIMAL and declined)
    (reason,) = why_not(it, outcome, [declined[place % len(declined)]])
    return outcome, reason


def forced(it, name, **changes):
    """Put the question again with this file in."""
    return select(replace(it, forced=it.forced | {name}, **changes))


@calm
@given(calls(most=6))
def test_the_portfolio_of_a_reason_is_a_portfolio_worth_what_is_said(it):
    outcome = select(it)
    assume(outcome.status == Status.OPTIMAL)
    for reason in why_not(it, outcome):
        assert reason.short_points >= 0
        if reason.possible:
            assert respects(it, reason.portfolio)
            assert points(it, reason.portfolio) == pytest.approx(outcome.objective - reason.short_points, abs=NEAR)
            assert set(reason.pushes_out) == set(outcome.granted) - set(reason.portfolio)
            assert set(reason.brings_in) == set(reason.portfolio) - set(outcome.granted) - {reason.id}


@calm
@given(calls(most=5), st.integers(0, 4))
def test_the_euros_are_true_to_the_cent(it, place):
    outcome, reason = one_reason(it, place)
    assume(reason.id not in it.excluded)
    if reason.cheaper_cents is None:
        cheaper = (at_price(it, reason.id, cents) for cents in (1, int(it.requested[it.ids.index(reason.id)]) // 2))
        assert not any(good(again, outcome) for again in cheaper)
        return
    price = int(it.requested[it.ids.index(reason.id)]) - reason.cheaper_cents
    assert good(at_price(it, reason.id, price), outcome)
    if reason.cheaper_cents:
        assert not good(at_price(it, reason.id, price + 1), outcome)


def at_price(it, name, cents):
    """The file at that amount or nothing, its merit unchanged, and in."""
    i = it.ids.index(name)
    requested, minimum = it.requested.copy(), None if it.minimum is None else it.minimum.copy()
    requested[i] = cents
    if minimum is not None:
        minimum[i] = cents
    return forced(it, name, requested=requested, minimum=minimum)


def good(again, outcome):
    return again.status == Status.OPTIMAL and again.objective >= outcome.objective - NEAR


@calm
@given(calls(most=5), st.integers(0, 4))
def test_what_is_in_the_way_is_all_that_is(it, place):
    outcome, reason = one_reason(it, place)
    for constraint in constraints(it):
        if isinstance(constraint, Forced) or (isinstance(constraint, Excluded) and constraint.id != reason.id):
            continue
        left = frozenset({constraint})
        again = select(replace(it, forced=it.forced | {reason.id}), without=left)
        assert good(again, outcome) == (constraint in reason.in_the_way), constraint


@calm
@given(calls(most=5))
def test_no_price_is_below_zero_and_none_without_a_gain_is_paid_for(it):
    outcome = select(it)
    assume(outcome.status == Status.OPTIMAL)
    prices = rule_prices(it, outcome)
    assert [price.constraint for price in prices] == constraints(it)
    assert all(price.gain_points >= 0 and price.per_unit >= 0 for price in prices)


FLOOR = Rule("region", "Sud", Measure.COUNT, 1, is_floor=True)
EXAMPLE = Instance(
    ids=("A", "B", "C", "D", "E"),
    merit=np.array([90.0, 80.0, 60.0, 40.0, 25.0]),
    requested=np.array([50, 50, 30, 40, 30]) * 100_000,
    budget=10_000_000,
    attributes={"region": Attribute.of([["Nord"], ["Nord"], ["Nord"], ["Sud"], ["Sud"]])},
    rules=(FLOOR,),
)


def test_the_worked_example():
    outcome = select(EXAMPLE)
    assert (outcome.granted, outcome.objective) == ({"A": 5_000_000, "D": 4_000_000}, 130)
    (reason,) = why_not(EXAMPLE, outcome, ["B"])
    assert (reason.short_points, reason.pushes_out, reason.portfolio) == (10, ("A",), {"B": 5_000_000, "D": 4_000_000})
    assert reason.cheaper_cents == 1_000_000
    assert at_price(EXAMPLE, "B", 4_000_000).granted == {"B": 4_000_000, "C": 3_000_000, "E": 3_000_000}
    assert reason.in_the_way == (FLOOR, Budget())
    floor, envelope = rule_prices(EXAMPLE, outcome)
    assert (floor.gain_points, envelope.gain_points) == (40, 165)
    assert (floor.per_unit, envelope.per_unit) == (pytest.approx(29), pytest.approx(1.8))


def test_the_worked_conflict():
    outcome = select(replace(EXAMPLE, forced=frozenset("BC")))
    assert outcome.status == Status.INFEASIBLE
    assert set(outcome.conflict) == {FLOOR, Forced("B"), Forced("C"), Budget()}
