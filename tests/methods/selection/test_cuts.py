"""Planes: no filling of the row beyond them, found wherever a fractional point is outside the hull."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from terreau.methods.selection import cuts
from terreau.methods.selection.cuts import cuts_at, knapsacks
from terreau.methods.selection.outcome import Budget
from terreau.methods.selection.program import UNIT, Program

CENTS = st.integers(1, 40).map(lambda k: k * 1_000_001)


@st.composite
def rows(draw):
    """A program with one row in money over all options but the last, and some options joined in classes."""
    n = draw(st.integers(2, 9))
    cents = np.array(draw(st.lists(CENTS, min_size=n, max_size=n)))
    klass = np.array([*draw(st.lists(st.integers(0, n), min_size=n, max_size=n)), n + 1])
    klass = np.unique(klass, return_inverse=True)[1]
    low, high = sorted(draw(st.tuples(*[st.integers(0, int(cents.sum()))] * 2)))
    row = csr_matrix(np.append(cents / UNIT, 0.0)[None, :])
    row.eliminate_zeros()
    value = np.ones(n + 1)
    ends = np.array([low / UNIT]), np.array([high / UNIT])
    return Program(value, np.arange(n + 1), np.append(cents, 1), klass, row, *ends, (Budget(),))


def fillings(p):
    a, low, high = p.rows.toarray()[0], p.low[0], p.high[0]
    for taken in product((0, 1), repeat=len(p) - 1):
        x = np.array([*taken, 0], dtype=float)
        if low - 1e-9 <= a @ x <= high + 1e-9 and np.bincount(p.klass, x).max() <= 1:
            yield x


@pytest.mark.parametrize("grid", [cuts.GRID, 30])
@settings(deadline=None)
@given(p=rows(), goal=st.lists(st.integers(-9, 9), min_size=10, max_size=10))
def test_a_plane_cuts_off_a_vertex_outside_the_hull_and_no_filling(p, goal, grid):
    value = np.array([*goal[: len(p) - 1], 0], dtype=float)
    joined = csr_matrix((np.ones(len(p)), (p.klass, np.arange(len(p)))))
    a = np.vstack([p.rows.toarray(), -p.rows.toarray(), joined.toarray()])
    b = np.concatenate([p.high, -p.low, np.ones(joined.shape[0])])
    relaxed = linprog(-value, a, b, bounds=(0, 1))
    every = np.array(list(fillings(p)))
    if relaxed.status != 0 or not len(every):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cuts, "GRID", grid)
        found = cuts_at(knapsacks(p), relaxed.x, np.zeros(len(p)))
    for cut in found:
        assert (every[:, cut.options] @ cut.weight <= cut.most + 1e-9).all()
        assert relaxed.x[cut.options] @ cut.weight > cut.most
    if not found and grid == cuts.GRID:
        assert -relaxed.fun <= (every @ value).max() + 0.05 * np.abs(value).sum()
