"""Branch and bound over a small 0/1 program, on the dictionary of its relaxation. See `branch`."""

import numpy as np
from numba import njit

from terreau.methods.selection.dictionary_kernels import (
    CUT,
    INFEASIBLE,
    OPTIMAL,
    resolve,
    safe_bound,
    surely_empty,
)
from terreau.methods.selection.instance import Floats, Ints

CANDIDATES = 8
PIVOTS = 2_000
TRIAL = 12  # pivots that a trial branching may take
EQUAL = 1e-7

DONE, LOST, LONG = 0, 1, 2

type State = tuple[Floats, Floats, Ints, Ints, Floats]  # one node: dictionary, basics, nonbasics, which are high
type Tree = tuple[Floats, Floats, Ints, Ints, Floats, Floats, Floats]  # the same for each depth, and the bounds


@njit(cache=True)
def columns_at(matrix: Floats, basic: Ints, outside: Ints, at_high: Floats, low: Floats, high: Floats) -> Floats:
    """The values of the columns at this dictionary's point."""
    rows, columns = matrix.shape
    point = np.empty(columns)
    x = np.empty(columns)
    for j in range(columns):
        point[j] = high[outside[j]] if at_high[j] > 0.5 else low[outside[j]]
        if outside[j] < columns:
            x[outside[j]] = point[j]
    values = matrix @ point
    for i in range(rows):
        if basic[i] < columns:
            x[basic[i]] = values[i]
    return x


@njit(cache=True)
def trial(state: State, bounds: tuple[Floats, Floats], v: int, side: float, limit: float) -> float:
    """The objective once column v is held at `side`, after a few pivots at most."""
    matrix, d, basic, outside, at_high = state
    low, high = bounds[0].copy(), bounds[1].copy()
    low[v] = high[v] = side
    limits = np.array([limit, TRIAL])
    found, objective, _ = resolve(
        matrix.copy(), d.copy(), basic.copy(), outside.copy(), at_high.copy(), low, high, limits
    )
    return limit if found in (INFEASIBLE, CUT) else max(objective, limit)


@njit(cache=True)
def split(
    state: State, bounds: tuple[Floats, Floats], x: Floats, whole: int, objective: float, limit: float
) -> tuple[int, float]:
    """The column to branch on and the side to try first: where both sides lose most. −1 where all are whole."""
    away = np.abs(x[:whole] - np.rint(x[:whole]))
    order = np.argsort(-away)
    best, column, side = -1.0, -1, 0.0
    for v in order[:CANDIDATES]:
        if away[v] <= 1e-6:
            break
        down = objective - trial(state, bounds, v, 0.0, limit)
        up = objective - trial(state, bounds, v, 1.0, limit)
        score = max(down, 1e-6) * max(up, 1e-6)
        if score > best:
            best, column, side = score, v, 1.0 if up <= down else 0.0
    return column, side


@njit(cache=True)
def fix_by_loss(d: Floats, outside: Ints, at_high: Floats, low: Floats, high: Floats, slack: float, whole: int) -> None:
    """Hold the columns whose move alone would lose more than `slack`."""
    for j in range(len(d)):
        v = outside[j]
        if v < whole and abs(d[j]) > slack:
            low[v] = high[v] = high[v] if at_high[j] > 0.5 else low[v]


@njit(cache=True)
def keeps(a: Floats, x: Floats, low: Floats, high: Floats) -> bool:
    columns = a.shape[1]
    values = a @ x
    for i in range(len(values)):
        if values[i] < low[columns + i] - 1e-7 or values[i] > high[columns + i] + 1e-7:
            return False
    return True


@njit(cache=True)
def settle(tree: Tree, a: Floats, c: Floats, k: int, best: float) -> tuple[int, float]:
    """Solve node k: an outcome, and a proven bound of its objective (no better than `best`: nothing to look for)."""
    matrix, d, basic, outside, at_high, lows, highs = tree
    limits = np.array([best, PIVOTS])
    found, _, proof = resolve(matrix[k], d[k], basic[k], outside[k], at_high[k], lows[k], highs[k], limits)
    if found == INFEASIBLE:
        sure = surely_empty(a, matrix[k, proof], basic[k, proof], outside[k], lows[k], highs[k])
        return DONE if sure else LOST, -np.inf
    bound = safe_bound(a, c, d[k], outside[k], lows[k], highs[k])
    return DONE if found == OPTIMAL or bound <= best + EQUAL else LOST, bound


@njit(cache=True)
def descend(tree: Tree, k: int, v: int, side: float) -> None:
    """Node k + 1: node k with column v held at `side`."""
    matrix, d, basic, outside, at_high, lows, highs = tree
    matrix[k + 1], d[k + 1], basic[k + 1], outside[k + 1] = matrix[k], d[k], basic[k], outside[k]
    at_high[k + 1], lows[k + 1], highs[k + 1] = at_high[k], lows[k], highs[k]
    lows[k + 1, v] = highs[k + 1, v] = side


@njit(cache=True)
def planted(a: Floats, c: Floats, low: Floats, high: Floats, deep: int) -> Tree:
    """The tree's arrays, `deep` nodes along one branch; node 0 has all rows basic."""
    rows, columns = a.shape
    matrix, d = np.empty((deep, rows, columns)), np.empty((deep, columns))
    basic, outside = np.empty((deep, rows), dtype=np.int64), np.empty((deep, columns), dtype=np.int64)
    at_high = np.empty((deep, columns))
    lows, highs = np.empty((deep, columns + rows)), np.empty((deep, columns + rows))
    matrix[0], d[0], lows[0], highs[0] = a, c, low, high
    basic[0], outside[0] = np.arange(columns, columns + rows), np.arange(columns)
    at_high[0] = (c > 0).astype(np.float64)
    return matrix, d, basic, outside, at_high, lows, highs


@njit(cache=True)
def choose(tree: Tree, k: int, whole: int, bound: float, best: float) -> tuple[int, float, Floats]:
    """Where to branch at node k (−1: nowhere), the side to try first, and the columns there."""
    matrix, d, basic, outside, at_high, lows, highs = tree
    fix_by_loss(d[k], outside[k], at_high[k], lows[k], highs[k], bound - best + EQUAL, whole)
    x = columns_at(matrix[k], basic[k], outside[k], at_high[k], lows[k], highs[k])
    state = (matrix[k], d[k], basic[k], outside[k], at_high[k])
    column, side = split(state, (lows[k], highs[k]), x, whole, bound, best)
    return column, side, x


@njit(cache=True)
def search(
    a: Floats, c: Floats, low: Floats, high: Floats, whole: int, cutoff: float, most: int
) -> tuple[int, Floats, float, int]:
    """Depth first: outcome, best columns, their objective (`cutoff` where none is better), nodes.

    The first `whole` columns are 0 or 1; `low` and `high` bound columns then rows.
    """
    deep = whole + 2
    tree = planted(a, c, low, high, deep)
    column, side, bound = np.full(deep, -1), np.zeros(deep), np.empty(deep)
    tried = np.zeros(deep, dtype=np.int64)  # sides of the node's column
    best, x_best, nodes, k, outcome = cutoff, np.full(len(c), np.nan), 0, 0, DONE
    while k >= 0 and outcome == DONE and nodes < most:
        nodes += 1
        tried[k] = 2
        outcome, bound[k] = settle(tree, a, c, k, best)
        if outcome == DONE and bound[k] > best + EQUAL:
            column[k], side[k], x = choose(tree, k, whole, bound[k], best)
            if column[k] >= 0:
                tried[k] = 0
            else:
                x[:whole] = np.rint(x[:whole])
                outcome = DONE if keeps(a, x, low, high) else LOST
                reached = float(np.dot(c, x))
                if reached > best:
                    best, x_best = reached, x
        while k >= 0 and (tried[k] == 2 or bound[k] <= best + EQUAL):
            k -= 1
        if k >= 0:
            descend(tree, k, column[k], side[k] if tried[k] == 0 else 1.0 - side[k])
            tried[k] += 1
            k += 1
    return LONG if k >= 0 and outcome == DONE else outcome, x_best, best, nodes
