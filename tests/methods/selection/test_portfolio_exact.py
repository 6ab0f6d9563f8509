"""The chosen portfolio: every rule kept, never beaten, the same whatever the order of the rows."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.portfolio_instance import make
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.methods.selection.portfolios import calls, offers, points, preferred, respects

from terreau.methods.selection.holds import broken
from terreau.methods.selection.instance import Attribute, BadInstance, Instance
from terreau.methods.selection.outcome import Status
from terreau.methods.selection.select import select

calm = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=30)


@calm
@given(calls(most=5))
def test_it_is_what_brute_force_prefers(it):
    best = preferred(it)
    outcome = select(it)
    if best is None:
        assert outcome.status == Status.INFEASIBLE
        assert outcome.granted == {}
        assert outcome.conflict
    else:
        assert outcome.status == Status.OPTIMAL
        assert outcome.granted == best
        assert outcome.objective == pytest.approx(points(it, best), abs=1e-9)


@calm
@given(calls(most=10))
def test_every_rule_is_kept_and_greedy_never_wins(it):
    outcome = select(it)
    assume(outcome.status != Status.INFEASIBLE)
    assert respects(it, outcome.granted)
    assert broken(it, outcome.granted) == []
    assert list(outcome.granted) == [name for name in it.ids if name in outcome.granted]
    if respects(it, granted := greedy(it)):
        assert outcome.objective >= points(it, granted) - 1e-9


def greedy(it):
    """Down the list of merit per euro, each file whole where that breaks nothing."""
    granted = {}
    for i in np.argsort(-it.merit / it.requested):
        tried = granted | {it.ids[i]: offers(it, it.ids[i])[-1]}
        if respects(replace(it, rules=(), together=(), forced=frozenset()), tried):
            granted = tried
    return granted


@calm
@given(calls(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_leaves_no_trace(it, random):
    order = list(range(len(it)))
    random.shuffle(order)
    assert select(reordered(it, order)).granted == select(it).granted


def reordered(it, order):
    return replace(
        it,
        ids=tuple(it.ids[i] for i in order),
        merit=it.merit[order],
        requested=it.requested[order],
        minimum=None if it.minimum is None else it.minimum[order],
        attributes={
            name: Attribute.of(attribute.of_project(i) for i in order) for name, attribute in it.attributes.items()
        },
    )


@calm
@given(calls(), st.integers(0, 6), st.integers(1, 5))
def test_a_better_mark_never_drops_a_chosen_file(it, place, more):
    outcome = select(it)
    assume(outcome.granted)
    name = list(outcome.granted)[place % len(outcome.granted)]
    better = it.merit.copy()
    better[it.ids.index(name)] += more
    assert name in select(replace(it, merit=better)).granted


@calm
@given(calls(), st.integers(0, 6))
def test_a_forced_file_is_in_or_nothing_is_possible(it, place):
    name = it.ids[place % len(it)]
    outcome = select(replace(it, forced=it.forced | {name}))
    assert name in outcome.granted or outcome.status == Status.INFEASIBLE


@pytest.mark.parametrize("options", [False, True])
def test_a_call_of_the_programme(options):
    it = make(90, 1, options=options)
    outcome = select(it)
    assert outcome.status == Status.OPTIMAL
    assert respects(it, outcome.granted)
    assert outcome.objective == pytest.approx(points(it, outcome.granted), abs=1e-9)
    assert outcome.granted == select(reordered(it, list(range(len(it)))[::-1])).granted


def test_ties_by_hand():
    """Three portfolios of 20 points: A+D and B+C cost 6, A+C costs 7. The cheaper ones, then A before B."""
    it = Instance(
        ids=("D", "C", "B", "A"),
        merit=np.array([10.0, 10.0, 10.0, 10.0]),
        requested=np.array([20_000, 30_000, 30_000, 40_000]),
        budget=70_000,
        either=(("D", "C"), ("D", "B")),
    )
    assert select(it).granted == {"D": 20_000, "A": 40_000}


def test_the_cent_counts():
    """Two files that cost one cent more than the envelope do not fit, however small that is beside it."""
    it = Instance(("A", "B"), np.array([1.0, 1.0]), np.array([100_000_001, 100_000_000]), 200_000_000)
    assert select(it).granted == {"B": 100_000_000}
    assert set(select(replace(it, budget=200_000_001)).granted) == {"A", "B"}


def test_nothing_to_choose_from():
    it = Instance(("A",), np.array([5.0]), np.array([100]), 100, excluded=frozenset("A"))
    assert select(it).granted == {}
    assert select(replace(it, forced=frozenset("A"))).status == Status.INFEASIBLE


def test_a_wrong_question_is_refused():
    with pytest.raises(BadInstance, match="duplicate-id"):
        select(Instance(("A", "A"), np.ones(2), np.array([1, 1]), 1))
