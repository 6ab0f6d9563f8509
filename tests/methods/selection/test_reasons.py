"""Reasons are true when the question is put again, and conflicts are smallest."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.portfolio_instance import make
from hypothesis import HealthCheck, assume, given, settings
from tests.methods.selection.portfolios import calls

from terreau.methods.selection.objective import mixed
from terreau.methods.selection.outcome import Budget, Status
from terreau.methods.selection.reasons import why_not
from terreau.methods.selection.rule_prices import rule_prices
from terreau.methods.selection.select import select

calm = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=12)


def agrees(it, outcome, reason):
    """Put the question again with the project forced in, cold."""
    again = select(replace(it, forced=it.forced | {reason.id}))
    if not reason.possible:
        assert again.status == Status.INFEASIBLE
    else:
        assert outcome.objective - again.objective == pytest.approx(reason.short_points, abs=1e-5)
        assert reason.id in reason.portfolio
        after = set(outcome.granted) - set(reason.pushes_out) | set(reason.brings_in) | {reason.id}
        assert set(reason.portfolio) == after


@calm
@given(calls(most=6))
def test_every_reason_is_true(it):
    outcome = select(it)
    assume(outcome.status == Status.OPTIMAL)
    reasons = why_not(it, outcome)
    assert [r.id for r in reasons] == [name for name in it.ids if name not in outcome.granted]
    for reason in reasons:
        agrees(it, outcome, reason)


@calm
@given(calls(most=5))
def test_a_price_is_what_is_gained_without(it):
    outcome = select(it)
    assume(outcome.status == Status.OPTIMAL)
    for price in rule_prices(it, outcome):
        gain = select(it, without=frozenset({price.constraint})).objective - outcome.objective
        assert price.gain_points == pytest.approx(gain, abs=1e-5)


@calm
@given(calls(most=5))
def test_what_is_in_the_way_lets_it_in_once_gone(it):
    outcome = select(it)
    declined = [name for name in it.ids if name not in outcome.granted and name not in it.excluded]
    assume(outcome.status == Status.OPTIMAL and declined)
    (reason,) = why_not(it, outcome, declined[:1])
    for constraint in reason.in_the_way:
        again = select(replace(it, forced=it.forced | {reason.id}), without=frozenset({constraint}))
        assert again.objective >= outcome.objective - 1e-5


@calm
@given(calls(most=6))
def test_a_conflict_is_smallest(it):
    outcome = select(it)
    assume(outcome.status == Status.INFEASIBLE)
    for constraint in outcome.conflict:
        others = frozenset(everything(it)) - set(outcome.conflict) | {constraint}
        assert select(it, without=others).status != Status.INFEASIBLE
    rest = frozenset(everything(it)) - set(outcome.conflict)
    assert select(it, without=rest).status == Status.INFEASIBLE


def everything(it):
    from terreau.methods.selection.conflict import constraints

    return constraints(it)


def test_reasons_of_a_call():
    it = make(60, 2)
    outcome = select(it)
    reasons = why_not(it, outcome)
    for reason in reasons[::12]:
        agrees(it, outcome, reason)


def test_cheaper_by_hand():
    """100 € for A (10 points) and B (8 points) of 60 € each: B would be in with A at 40 €, that is 20 € less."""
    from terreau.methods.selection.instance import Instance

    it = Instance(("A", "B"), np.array([10.0, 8.0]), np.array([6_000, 6_000]), 10_000)
    outcome = select(it)
    (reason,) = why_not(it, outcome, ["B"])
    assert (reason.short_points, reason.cheaper_cents, reason.pushes_out) == (2.0, 2_000, ("A",))
    assert reason.in_the_way == (Budget(),)


def test_wishes_are_brought_to_one_scale():
    need = np.array([0.0, 5.0, 10.0])
    merit = np.array([40.0, 80.0, 60.0])
    assert mixed({"merit": merit, "need": need}, {"merit": 3, "need": 1}).tolist() == [0, 87.5, 62.5]
    with pytest.raises(ValueError, match="weights"):
        mixed({"need": need}, {"need": 0})
