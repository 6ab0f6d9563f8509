"""Assignment: every limit kept, both levels equal to brute force, and nothing depends on the order of rows."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from terreau.methods.assignment.assign import assign
from terreau.methods.assignment.hall import complete, too_much
from terreau.methods.assignment.instance import BadInstance, Instance, Need, check, notices
from terreau.methods.assignment.outcome import Status

QUICK = settings(max_examples=80, deadline=None)


def instance(affinity, forbidden=None, reviews=1, load=2, **more):
    affinity = np.asarray(affinity, dtype=np.float32)
    files, jurors = affinity.shape
    barred = np.zeros(affinity.shape, dtype=bool) if forbidden is None else np.asarray(forbidden, dtype=bool)
    loads = np.broadcast_to(np.asarray(load), jurors).astype(np.int64)
    names = tuple(f"f{i:04}" for i in range(files)), tuple(f"j{i:04}" for i in range(jurors))
    return Instance(*names, affinity, barred, reviews, loads, **more)


@st.composite
def instances(draw, files=4, jurors=5):
    f, j = draw(st.integers(1, files)), draw(st.integers(1, jurors))
    seed, grain = draw(st.integers(0, 10**6)), draw(st.sampled_from([2, 5, 1000]))
    random = np.random.default_rng(seed)
    affinity = random.integers(-1, grain, (f, j)) / grain
    forbidden = random.random((f, j)) < draw(st.sampled_from([0.0, 0.15, 0.4]))
    reviews = random.integers(0, min(j, 3) + 1, f)
    return instance(affinity, forbidden, reviews, random.integers(0, 4, j))


def every(it):
    """Every assignment that keeps the limits, as rows of jurors."""
    choices = [
        [c for c in combinations(range(len(it.jurors)), int(k)) if not it.forbidden[f, list(c)].any()]
        for f, k in enumerate(it.places)
    ]
    for rows in product(*choices):
        reads = np.bincount([j for row in rows for j in row], minlength=len(it.jurors))
        if (reads <= it.load).all() and (reads >= it.floors).all() and keeps_rules(it, rows):
            yield rows


def keeps_rules(it, rows):
    if any(len(set(rows[f]) & set(n.jurors)) < n.least for n in it.needs for f in n.files):
        return False
    together = [pair for row in rows for pair in combinations(sorted(row), 2)]
    return it.pair_limit is None or all(together.count(pair) <= it.pair_limit for pair in set(together))


def value(it, rows):
    sums = [float(it.affinity[f, list(row)].sum(dtype=np.float64)) for f, row in enumerate(rows)]
    return min((s for s, k in zip(sums, it.places, strict=True) if k), default=0.0), sum(sums)


def rows_of(outcome):
    return [tuple(int(j) for j in row if j >= 0) for row in outcome.assigned]


def agrees_with_brute_force(it):
    outcome = assign(it, gap=0.0)
    best = max((value(it, rows) for rows in every(it)), default=None)
    if best is None:
        assert outcome.status == Status.INFEASIBLE
        return outcome
    assert outcome.status == Status.OPTIMAL
    assert rows_of(outcome) in [list(rows) for rows in every(it)]
    assert value(it, rows_of(outcome)) == pytest.approx((outcome.worst, outcome.total))
    assert (outcome.worst, outcome.total) == pytest.approx(best)
    assert outcome.worst >= outcome.free_worst - 1e-9
    assert outcome.free_total >= outcome.total - 1e-9
    return outcome


@QUICK
@given(instances())
def test_equals_brute_force_at_both_levels(it):
    agrees_with_brute_force(it)


@QUICK
@given(instances(), st.integers(0, 99), st.sampled_from([None, 0, 1, 2]))
def test_needs_pairs_and_least_loads_equal_brute_force(it, seed, pair_limit):
    random = np.random.default_rng(seed)
    files, jurors = len(it.files), len(it.jurors)
    group = tuple(np.flatnonzero(random.random(jurors) < 0.6).tolist())
    wanted = tuple(f for f in range(files) if it.places[f] and random.random() < 0.7)
    needs = (Need("region", wanted, group),) if group else ()
    least = np.minimum(it.load, random.integers(0, 2, jurors))
    more = {"needs": needs, "pair_limit": pair_limit, "least": least if seed % 2 else None}
    agrees_with_brute_force(instance(it.affinity, it.forbidden, it.places, it.load, **more))


@QUICK
@given(instances(files=12, jurors=9), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(it, seed):
    random = np.random.default_rng(seed)
    f, j = random.permutation(len(it.files)), random.permutation(len(it.jurors))
    turned = Instance(
        tuple(it.files[i] for i in f),
        tuple(it.jurors[i] for i in j),
        it.affinity[np.ix_(f, j)],
        it.forbidden[np.ix_(f, j)],
        it.places[f],
        it.load[j],
    )
    one, other = assign(it), assign(turned)
    assert one.status == other.status
    assert (one.worst, one.total) == (other.worst, other.total)
    if one.status != Status.INFEASIBLE:
        named = {turned.files[k]: {turned.jurors[i] for i in row} for k, row in enumerate(rows_of(other))}
        assert named == {it.files[k]: {it.jurors[i] for i in row} for k, row in enumerate(rows_of(one))}


@QUICK
@given(instances(files=9, jurors=6))
def test_infeasible_only_where_files_ask_too_much(it):
    outcome = assign(it)
    files = too_much(it.forbidden, it.places, it.load)
    assert (outcome.status == Status.INFEASIBLE) == bool(len(files))
    assert (complete(it.forbidden, it.places, it.load) is None) == bool(len(files))
    if not len(files):
        return
    conflict = outcome.conflict
    assert conflict.wanted > conflict.reachable
    numbers = [it.files.index(name) for name in conflict.files]
    for left_out in numbers:
        rest = [f for f in numbers if f != left_out]
        if rest:
            assert complete(it.forbidden[rest], it.places[rest], it.load) is not None


@pytest.mark.parametrize("seed", range(4))
def test_limits_hold_on_a_whole_call(seed):
    it = call(120, 130, seed)
    outcome = assign(it)
    rows = rows_of(outcome)
    assert all(len(set(row)) == 3 and not it.forbidden[f, list(row)].any() for f, row in enumerate(rows))
    assert (outcome.loads == np.bincount(outcome.assigned.ravel(), minlength=130)).all()
    assert (outcome.loads <= it.load).all()
    assert value(it, rows) == pytest.approx((outcome.worst, outcome.total))
    assert outcome.worst == pytest.approx(outcome.bound_worst)
    assert outcome.gap <= 1e-4
    assert outcome.free_total == pytest.approx(largest_total(it))


def call(files, jurors, seed, tight=1.25):
    random = np.random.default_rng(seed)
    themes, skills = random.dirichlet(np.full(8, 0.3), files), random.dirichlet(np.full(8, 0.3), jurors)
    affinity = themes @ skills.T / np.linalg.norm(themes, axis=1)[:, None] / np.linalg.norm(skills, axis=1)
    forbidden = random.random((files, jurors)) < 0.08
    return instance(affinity, forbidden, 3, int(np.ceil(tight * 3 * files / jurors)))


def largest_total(it):
    """By a linear program, which has whole solutions here."""
    files, jurors = it.affinity.shape
    f, j = np.nonzero(~it.forbidden)
    one, arcs = np.ones(len(f)), np.arange(len(f))
    by_file = coo_matrix((one, (f, arcs)), shape=(files, len(f)))
    by_juror = coo_matrix((one, (j, arcs)), shape=(jurors, len(f)))
    gain = -it.affinity[f, j].astype(np.float64)
    return -linprog(gain, A_ub=by_juror, b_ub=it.load, A_eq=by_file, b_eq=it.places, bounds=(0, 1)).fun


def test_no_place_to_spare_is_still_exact():
    it = call(80, 24, 5, tight=1.0)
    outcome = assign(it)
    assert (outcome.loads == 10).all()
    assert outcome.free_total == pytest.approx(largest_total(it))


def test_loads_are_even_between_equals():
    outcome = assign(instance(np.ones((10, 5)), reviews=2, load=10))
    assert outcome.loads.tolist() == [4, 4, 4, 4, 4]


def test_the_worked_example():
    """The total alone leaves the second file with 0.3; the worst file first gives it 0.5."""
    outcome = assign(instance([[1.0, 0.6], [0.5, 0.3]], load=1))
    assert (outcome.free_total, outcome.free_worst) == pytest.approx((1.3, 0.3))
    assert (outcome.worst, outcome.total) == pytest.approx((0.5, 1.1))
    assert rows_of(outcome) == [(1,), (0,)]


def test_the_conflict_tells_files_jurors_and_places():
    forbidden = [[0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 0]]
    conflict = assign(instance(np.ones((4, 3)), forbidden, 1, 1)).conflict
    assert conflict.files == ("f0000", "f0001", "f0002")
    assert conflict.jurors == ("j0000", "j0001")
    assert (conflict.wanted, conflict.reachable) == (3, 2)


def test_a_need_that_cannot_be_kept_is_named():
    need = Need("une lecture de la région", (0, 1, 2), (0,))
    outcome = assign(instance(np.ones((3, 3)), reviews=1, load=2, needs=(need,)))
    assert outcome.status == Status.INFEASIBLE
    assert outcome.conflict.needs == ("une lecture de la région",)
    assert len(outcome.conflict.files) == 3


def test_every_fault_is_told_at_once():
    good = instance(np.ones((2, 2)))
    affinity = np.array([[1, np.nan], [0, 1]], dtype=np.float32)
    bad = Instance(("a", "a"), ("x", "y"), good.affinity, good.forbidden, 1, good.load)
    with pytest.raises(BadInstance, match="a: duplicate-id files"):
        check(bad)
    worse = instance(
        affinity, reviews=np.array([3, -1]), load=[-1, 2], needs=(Need("n", (7,), (0,), -1),), pair_limit=-1
    )
    with pytest.raises(BadInstance) as told:
        assign(worse)
    codes = {code for _, code, _ in told.value.problems}
    assert {"affinity-not-finite", "more-reviews-than-jurors", "reviews-negative", "load-negative"} <= codes
    assert {"need-negative", "unknown-file", "pair-limit-negative"} <= codes
    with pytest.raises(BadInstance, match="wrong-shape"):
        check(Instance(("a",), ("x",), good.affinity, good.forbidden, 1, good.load))
    with pytest.raises(BadInstance, match="none"):
        check(Instance((), (), good.affinity[:0, :0], good.forbidden[:0, :0], 1, good.load[:0]))


def test_a_juror_in_no_file_is_a_notice():
    it = instance(np.ones((1, 2)), [[0, 1]])
    check(it)
    assert notices(it) == [("j0001", "reads-nothing", "")]
