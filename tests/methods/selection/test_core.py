"""The solver of large portfolios, on small ones of every shape: each row kept, each bound true, the optimum met."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, vstack

from terreau.methods.selection.core import solve_core
from terreau.methods.selection.exact import worth
from terreau.methods.selection.instance import Attribute, Balance, Instance, Measure, Rule
from terreau.methods.selection.prices import prices
from terreau.methods.selection.program import Program, program

calm = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def instances(draw, most=40):
    n, seed = draw(st.integers(2, most)), draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    requested = rng.integers(5, 200, n) * 10_000
    budget = int(requested.sum() * draw(st.sampled_from([0.1, 0.3, 0.7, 1.5]))) + 1
    ids = tuple(f"D{i:03}" for i in range(n))
    attributes = {
        "region": Attribute.of([f"R{k}" for k in [rng.integers(3)]] for _ in range(n)),
        "public": Attribute.of([f"P{k}" for k in np.flatnonzero(rng.random(3) < 0.4)] for _ in range(n)),
        "organisation": Attribute.of([f"O{k}"] for k in rng.integers(0, n, n)),
        "town": Attribute.of([f"V{k}"] for k in rng.integers(0, n, n)),
    }
    pair = st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True).map(tuple)
    return Instance(
        ids=ids,
        merit=rng.normal(50, 20, n),
        requested=requested,
        budget=budget,
        minimum=requested * 6 // 10 if draw(st.booleans()) else None,
        attributes=attributes,
        rules=tuple(draw(st.lists(rules(n, budget), max_size=4))),
        one_per=tuple(draw(st.sampled_from([(), ("organisation",), ("organisation", "town"), ("public",)]))),
        together=tuple(draw(st.lists(pair, max_size=1))),
        either=tuple(draw(st.lists(pair, max_size=1))),
        forced=frozenset(draw(st.lists(st.sampled_from(ids), max_size=2))),
        excluded=frozenset(draw(st.lists(st.sampled_from(ids), max_size=1))),
        balance=tuple(draw(st.lists(balances, max_size=1))),
    )


@st.composite
def rules(draw, n, budget):
    attribute, value = draw(st.sampled_from([("", ""), ("region", "R0"), ("region", "R1"), ("public", "P0")]))
    measure, is_floor = draw(st.sampled_from(list(Measure))), draw(st.booleans())
    share = draw(st.sampled_from([0.05, 0.1, 0.2] if is_floor else [0.1, 0.3, 0.6]))
    limit = {Measure.COUNT: np.ceil(share * n), Measure.MONEY: np.floor(share * budget), Measure.SHARE: share}
    return Rule(attribute, value, measure, float(limit[measure]), is_floor)


balances = st.builds(
    lambda share, weight: Balance("region", {"R0": share, "R1": 1 - share}, weight), st.floats(0, 1), st.floats(0.1, 5)
)


def reference(p: Program) -> float | None:
    """The optimum by scipy's own door to a solver; None where there is none."""
    m, s = len(p), len(p.deviations)
    classes = csr_matrix((np.ones(m), (p.klass, np.arange(m))), shape=(p.klass.max(initial=-1) + 1, m))
    soft = csr_matrix(np.array([d.row for d in p.deviations]).reshape(s, m))
    target = np.array([d.target for d in p.deviations])
    one, none = csr_matrix(np.eye(s)), csr_matrix((p.rows.shape[0] + classes.shape[0], s))
    matrix = vstack([hstack([vstack([p.rows, classes]), none]), hstack([soft, one]), hstack([soft, -one])])
    low = np.concatenate([p.low, np.full(classes.shape[0], -np.inf), target, np.full(s, -np.inf)])
    high = np.concatenate([p.high, np.ones(classes.shape[0]), np.full(s, np.inf), target])
    found = milp(
        np.append(-p.value, [d.price for d in p.deviations]),
        constraints=LinearConstraint(matrix, low, high),
        bounds=Bounds(0, np.append(np.ones(m), np.full(s, np.inf))),
        integrality=np.append(np.ones(m), np.zeros(s)),
        options={"mip_rel_gap": 0},
    )
    assert found.status in {0, 2}
    return -found.fun if found.status == 0 else None


def hair(p, best):
    """What the other solver's tolerance of 1e-6 on each row can be worth."""
    return 1e-6 * (1 + abs(best)) + 2e-6 * sum(d.price for d in p.deviations)


def assert_kept(p: Program, chosen):
    sums = p.rows[:, chosen] @ np.ones(len(chosen))
    assert (sums >= p.low - 1e-7).all()
    assert (sums <= p.high + 1e-7).all()
    assert len(set(p.klass[chosen])) == len(chosen)


@calm
@given(instances(), st.sampled_from([0.0, 1e-3, 0.05]))
def test_every_row_holds_and_the_gap_is_as_promised(it, gap):
    p = program(it)
    best, found = reference(p) if len(p) else None, solve_core(p, gap=gap)
    if found is None:
        assert best is None
        return
    assert best is not None
    assert_kept(p, found.chosen)
    assert found.objective == pytest.approx(worth(p, found.chosen))
    assert found.objective <= best + hair(p, best)
    assert found.bound >= best - hair(p, best)
    assert found.bound - found.objective <= gap * abs(found.bound) + 1e-6
    if gap == 0:
        assert found.objective == pytest.approx(best, abs=hair(p, best))


@calm
@given(instances())
def test_prices_bound_every_portfolio_and_charge_only_their_side(it):
    p = program(it)
    if (best := reference(p) if len(p) else None) is None:
        return
    found = prices(p)
    assert found.bound >= best - hair(p, best)
    assert (found.row[np.isinf(p.low)] >= 0).all()
    assert (found.row[np.isinf(p.high)] <= 0).all()
    spent = p.rows.T @ found.row + sum(d.row * y for d, y in zip(p.deviations, found.soft, strict=True))
    assert found.reduced == pytest.approx(p.value - spent, abs=1e-6)


def test_two_files_by_hand():
    """Merits 6, 5 and 4 for 3, 2 and 2 units, an envelope of 4: 2 points a unit leave 0, 1 and 0, so 9 at most."""
    it = Instance(("A", "B", "C"), np.array([6.0, 5.0, 4.0]), np.array([3, 2, 2]) * 10_000_000, 40_000_000)
    p = program(it)
    found = solve_core(p, gap=0)
    assert [it.ids[i] for i in p.project[found.chosen]] == ["B", "C"]
    assert found.objective == found.bound == 9
    assert prices(p, precision=1e-9).row == pytest.approx([2.0], abs=1e-3)
    assert prices(p, precision=1e-9).bound == pytest.approx(9, abs=1e-3)


def test_two_forced_files_of_one_organisation_cannot_be():
    attributes = {"organisation": Attribute.of([["O"], ["O"]])}
    it = Instance(("A", "B"), np.ones(2), np.array([1, 1]), 10, attributes=attributes, one_per=("organisation",))
    both = Instance(**{**vars(it), "forced": frozenset({"A", "B"})})
    assert solve_core(program(it)) is not None
    assert solve_core(program(both)) is None
    with pytest.raises(ValueError, match="exclude"):
        prices(program(both))
