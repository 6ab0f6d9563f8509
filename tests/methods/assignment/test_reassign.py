"""Re-assignment after a recusal: never more moves than any alternative, and what is rendered stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_assign import call, every, instance, instances, rows_of, value

from terreau.methods.assignment.assign import assign
from terreau.methods.assignment.instance import BadInstance
from terreau.methods.assignment.outcome import Status
from terreau.methods.assignment.reassign import reassign


def lost(before, rows):
    return sum(len(set(old) - set(new)) for old, new in zip(before, rows, strict=True))


def after(it, **changes):
    given = {"forbidden": it.forbidden, "reviews": it.places, "load": it.load} | changes
    return instance(it.affinity, given.pop("forbidden"), given.pop("reviews"), given.pop("load"), **given)


@settings(max_examples=80, deadline=None)
@given(instances(), st.integers(0, 99), st.booleans())
def test_fewest_changes_then_worst_file_then_total(it, seed, with_pairs):
    first = assign(it)
    if first.status == Status.INFEASIBLE:
        return
    random, before = np.random.default_rng(seed), rows_of(first)
    forbidden, load = it.forbidden | (random.random(it.forbidden.shape) < 0.15), it.load.copy()
    load[random.integers(0, len(load))] = 0
    locked = [(f, j) for f, row in enumerate(before) for j in row if load[j] and not forbidden[f, j]]
    locked = [pair for pair in locked if random.random() < 0.3]
    now = after(it, forbidden=forbidden, load=load, pair_limit=2 if with_pairs else None)
    outcome = reassign(now, first.assigned, locked, gap=0.0)
    kept = [rows for rows in every(now) if all(j in rows[f] for f, j in locked)]
    if not kept:
        assert outcome.status == Status.INFEASIBLE
        return
    rows = rows_of(outcome)
    assert tuple(rows) in kept
    best = min((lost(before, rows), -value(now, rows)[0], -value(now, rows)[1]) for rows in kept)
    assert outcome.changes == lost(before, rows) == best[0]
    assert (outcome.worst, outcome.total) == pytest.approx((-best[1], -best[2]))


def test_nothing_moves_where_nothing_changed():
    it = call(60, 20, 3)
    first = assign(it)
    again = reassign(it, first.assigned)
    assert (again.assigned == first.assigned).all()
    assert again.changes == 0


def test_one_recusal_moves_one_reading():
    it = call(273, 40, 1)
    first = assign(it)
    forbidden = it.forbidden.copy()
    forbidden[5, first.assigned[5, 0]] = True
    outcome = reassign(after(it, forbidden=forbidden), first.assigned)
    assert outcome.changes == 1
    assert outcome.status == Status.OPTIMAL
    assert lost(rows_of(first), rows_of(outcome)) == 1


def test_a_juror_who_leaves_hands_on_their_own_readings_alone():
    it = call(273, 40, 2)
    first, load = assign(it), it.load.copy()
    load[7] = 0
    outcome = reassign(after(it, load=load), first.assigned)
    assert outcome.changes == first.loads[7]
    assert outcome.loads[7] == 0


def test_a_chain_of_moves_where_the_rest_is_full():
    """Juror 2 may not read the only file that lacks a juror: juror 0 goes there and juror 2 takes their place."""
    forbidden = [[0, 1, 1], [0, 0, 0]]
    it = instance([[1.0, 0.0, 0.0], [1.0, 0.5, 0.2]], forbidden, 1, 1)
    outcome = reassign(it, np.array([[-1], [0]]))
    assert rows_of(outcome) == [(0,), (1,)]
    assert outcome.changes == 1


def test_large_calls_go_without_the_program():
    it = call(700, 120, 4)
    first, load = assign(it), it.load.copy()
    load[:10] = 0
    load[10:14] -= 4
    outcome = reassign(after(it, load=load), first.assigned)
    gone = int(first.loads[:10].sum() + np.maximum(first.loads[10:14] - load[10:14], 0).sum())
    assert outcome.changes == gone
    assert (outcome.loads <= load).all()


def test_what_is_rendered_cannot_be_forbidden_nor_new():
    it = instance(np.ones((1, 3)), [[1, 0, 0]])
    with pytest.raises(BadInstance) as told:
        reassign(it, np.array([[0]]), [(0, 0), (0, 1)])
    assert {code for _, code, _ in told.value.problems} == {"locked-forbidden", "locked-not-kept"}
    with pytest.raises(BadInstance, match="more-kept"):
        reassign(it, np.array([[1, 2]]))
