"""Portfolios chosen again under uncertain scores: every rule kept, as good as the exact ones, and no trace of order."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.portfolio_instance import make
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from terreau.methods.selection.exact import aim, model, run
from terreau.methods.selection.holds import broken
from terreau.methods.selection.instance import Attribute, Balance, Instance, Measure, Rule
from terreau.methods.selection.outcome import Label, Outcome, Status
from terreau.methods.selection.program import program
from terreau.methods.selection.robustness import Robustness, posterior_draws, redraw, redrawn, without_juror
from terreau.methods.selection.select import select

calm = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))  # slow machines are no fault


@st.composite
def instances(draw):
    """Small calls with rules of every kind; not all can be satisfied."""
    n = draw(st.integers(3, 14))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    ids = tuple(f"D{i:02}" for i in range(n))
    requested = rng.integers(1, 40, n) * 100_000
    region = Attribute.of([f"R{k}"] for k in rng.integers(0, 3, n))
    theme = Attribute.of([[f"T{k}" for k in rng.choice(3, rng.integers(0, 3), replace=False)] for _ in range(n)])
    rules = [
        Rule("", "", Measure.COUNT, n // 2 + 1, is_floor=False),
        Rule("region", "R0", Measure.COUNT, 1, is_floor=True),
        Rule("theme", "T1", Measure.MONEY, 300_000, is_floor=True),
        Rule("region", "R1", Measure.SHARE, 0.6, is_floor=False),
    ]
    return Instance(
        ids=ids,
        merit=np.round(rng.normal(60, 15, n), 1),
        requested=requested,
        budget=int(requested.sum() * 0.45) + 1,
        minimum=requested * 6 // 10 if draw(st.booleans()) else None,
        attributes={
            "region": region,
            "theme": theme,
            "organisation": Attribute.of([f"O{k}"] for k in rng.integers(0, n, n)),
        },
        rules=tuple(rule for rule in rules if draw(st.booleans())),
        one_per=("organisation",) if draw(st.booleans()) else (),
        together=(ids[:2],) if draw(st.booleans()) else (),
        either=(ids[1:3],) if draw(st.booleans()) else (),
        forced=frozenset(ids[-1:]) if draw(st.booleans()) else frozenset(),
        excluded=frozenset(ids[2:3]) if draw(st.booleans()) else frozenset(),
        balance=(Balance("region", {"R0": 0.5, "R1": 0.3}, 0.4),) if draw(st.booleans()) else (),
    )


def value(it, merit, granted):
    """The objective of grants (id → cents) under these merits, wishes taken off."""
    p = program(replace(it, merit=merit))
    x = np.array([granted.get(it.ids[i], 0) == c for i, c in zip(p.project, p.cents, strict=True)], dtype=float)
    return p.value @ x - sum(wish.price * abs(wish.row @ x - wish.target) for wish in p.deviations)


@calm
@given(instances(), st.integers(0, 99))
def test_each_portfolio_keeps_every_rule_and_is_the_best_of_a_small_call(it, seed):
    base = select(it)
    assume(base.status == Status.OPTIMAL)
    draws = posterior_draws(it.merit, np.full(len(it), 5.0), count=3, seed=seed)
    cents, _ = redrawn(it, base, draws)
    for merit, row in zip(draws, cents, strict=True):
        granted = {name: int(c) for name, c in zip(it.ids, row, strict=True) if c}
        assert broken(it, granted) == []
        best = select(replace(it, merit=merit)).objective
        assert value(it, merit, granted) == pytest.approx(best, abs=1e-6)


@calm
@given(instances())
def test_without_uncertainty_the_base_portfolio_comes_back(it):
    base = select(it)
    assume(base.status == Status.OPTIMAL)
    again = redraw(it, base, posterior_draws(it.merit, np.zeros(len(it)), count=3, seed=0))
    assert again.probability == {name: float(name in base.granted) for name in it.ids}
    assert again.overlap == 1.0
    assert again.exact_fallbacks == 0


@calm
@given(instances(), st.randoms(use_true_random=False))
def test_the_order_of_rows_leaves_no_trace(it, random):
    base = select(it)
    assume(base.status == Status.OPTIMAL)
    draws = posterior_draws(it.merit, np.full(len(it), 5.0), count=5, seed=1)
    order = list(range(len(it)))
    random.shuffle(order)
    mixed = replace(
        it,
        ids=tuple(it.ids[i] for i in order),
        merit=it.merit[order],
        requested=it.requested[order],
        minimum=None if it.minimum is None else it.minimum[order],
        attributes={name: Attribute.of([a.of_project(i) for i in order]) for name, a in it.attributes.items()},
    )
    assert redraw(it, base, draws).probability == redraw(mixed, base, draws[:, order]).probability


@pytest.mark.parametrize("options", [False, True])
def test_a_call_of_273_files_keeps_its_rules(options):
    it = make(273, 0, options=options)
    draws = posterior_draws(it.merit, np.full(273, 5.0), count=20, seed=2)
    cents, fallbacks = redrawn(it, Outcome(Status.OPTIMAL, {}, 0.0, 0.0), draws)
    assert fallbacks <= 2
    for row in cents:
        assert broken(it, {name: int(c) for name, c in zip(it.ids, row, strict=True) if c}) == []


@pytest.mark.parametrize("call", [0, 2])
def test_portfolios_of_273_files_are_the_exact_ones(call):
    it = make(273, call)
    draws = posterior_draws(it.merit, np.full(273, 5.0), count=4, seed=1)
    cents, _ = redrawn(it, Outcome(Status.OPTIMAL, {}, 0.0, 0.0), draws)
    p = program(it)
    highs = model(p)
    highs.setOptionValue("mip_rel_gap", 1e-7)
    for merit, row in zip(draws, cents, strict=True):
        aim(highs, merit[p.project])
        options, _ = run(highs, len(p))
        best = merit[p.project[options]].sum()
        assert merit[row > 0].sum() == pytest.approx(best, rel=1e-7)


def test_the_same_seed_gives_the_same_probabilities():
    it = make(273, 0)
    base = Outcome(Status.OPTIMAL, {it.ids[0]: 1}, 0.0, 0.0)
    one, two, other = (
        redraw(it, base, posterior_draws(it.merit, np.full(273, 5.0), count=20, seed=seed)) for seed in (4, 4, 5)
    )
    assert one == two
    assert one != other
    assert one.overlap == one.probability[it.ids[0]]  # the base holds that project alone
    assert sum(one.probability.values()) == pytest.approx(
        sum(other.probability.values()), rel=0.2
    )  # about as many grants


def test_labels_and_standard_errors():
    found = Robustness({"a": 0.95, "b": 0.5, "c": 0.1, "d": 0.9}, 0.8, 100, 0)
    assert [found.label(name) for name in "abcd"] == [Label.SAFE_IN, Label.FRAGILE, Label.SAFE_OUT, Label.SAFE_IN]
    assert found.label("a", safe=0.99) == Label.FRAGILE
    assert found.standard_error("b") == pytest.approx(0.05)


def test_draws_have_the_covariance_asked_for():
    """Two scores tied to one another, a third on its own; a singular covariance is drawn from too."""
    covariance = np.array([[4.0, 4.0, 0.0], [4.0, 4.0, 0.0], [0.0, 0.0, 1.0]])
    draws = posterior_draws(np.array([50.0, 60.0, 70.0]), covariance=covariance, count=40_000, seed=3)
    assert np.cov(draws.T) == pytest.approx(covariance, abs=0.08)
    assert draws.mean(axis=0) == pytest.approx([50, 60, 70], abs=0.05)
    assert draws[:, 1] - draws[:, 0] == pytest.approx(np.full(40_000, 10.0))


@pytest.mark.parametrize(
    ("sd", "covariance"),
    [(None, None), (np.array([1.0, -1.0]), None), (None, np.eye(3)), (None, np.array([[1.0, 2.0], [2.0, 1.0]]))],
)
def test_what_cannot_be_drawn_from_is_refused(sd, covariance):
    with pytest.raises(ValueError, match=r"covariance|deviations"):
        posterior_draws(np.zeros(2), sd, covariance, count=2, seed=0)


def test_a_call_without_portfolio_or_with_broken_draws_is_refused():
    it = make(40, 0)
    base = Outcome(Status.OPTIMAL, {}, 0.0, 0.0)
    with pytest.raises(ValueError, match="finite"):
        redraw(it, base, np.full((2, 40), np.nan))
    with pytest.raises(ValueError, match="nothing to choose"):
        redraw(it, replace(base, status=Status.INFEASIBLE), np.tile(it.merit, (2, 1)))


def test_one_juror_decides_between_two_files():
    """Budget for one: without juror A the second file passes the first; without B nothing moves."""
    it = Instance(
        ids=("f1", "f2"), merit=np.array([60.0, 59.0]), requested=np.array([100, 100], dtype=np.int64), budget=100
    )
    found = without_juror(it, select(it), ["B", "A"], np.array([[61.0, 59.0], [55.0, 58.0]]))
    assert [(one.juror, one.enters, one.leaves) for one in found] == [("A", ("f2",), ("f1",)), ("B", (), ())]
    with pytest.raises(ValueError, match="one row for each juror"):
        without_juror(it, select(it), ["A"], np.zeros((2, 2)))
