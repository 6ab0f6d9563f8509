"""A small linear program as a dictionary: basics = lines · nonbasics, the objective last (Chvátal 1983).

n columns x and r rows s = A · x, every variable between two finite bounds, so that any dictionary is dual feasible once
its nonbasic variables stand at their better bound, and the dual simplex needs no first phase. Variables are numbered
0…n−1 (columns) then n…n+r−1 (rows). Bounds of the objective and proofs of infeasibility are recomputed from A, so that
rounding in the dictionary can cost time but never a wrong answer. Plain loops: they compile several times faster
than whole-array expressions.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from terreau.methods.selection.instance import Floats, Ints

OPTIMAL, INFEASIBLE, CUT, TIRED = 0, 1, 2, 3
SMALL = 1e-9
PIVOTS = 2_000


class Node(NamedTuple):
    """`lines` (r + 1, n); `basic` (r,), `nonbasic` (n,) name the variables; `value` (r,) of the basic ones; `stand`
    (n,) of the others; `low`, `high` (n + r,) bounds of all. A stack of nodes has one more axis in front.
    """

    lines: Floats
    basic: Ints
    nonbasic: Ints
    value: Floats
    stand: Floats
    low: Floats
    high: Floats


@njit(cache=True, error_model="numpy")
def pivot(node: Node, i: int, q: int) -> None:
    """Basic i and nonbasic q change places; values are left alone."""
    lines = node.lines
    columns = lines.shape[1]
    inverse = 1.0 / lines[i, q]
    for j in range(columns):
        lines[i, j] *= -inverse
    lines[i, q] = inverse
    for k in range(lines.shape[0]):
        by = lines[k, q]
        if k != i and by != 0.0:
            lines[k, q] = 0.0
            for j in range(columns):
                lines[k, j] += by * lines[i, j]
    node.basic[i], node.nonbasic[q] = node.nonbasic[q], node.basic[i]


@njit(cache=True, error_model="numpy")
def stand_well(node: Node) -> float:
    """Nonbasic variables to their better bounds; the values follow; the objective."""
    last, columns = len(node.value), len(node.stand)
    objective = 0.0
    for j in range(columns):
        name = node.nonbasic[j]
        node.stand[j] = node.high[name] if node.lines[last, j] > 0.0 else node.low[name]
        objective += node.lines[last, j] * node.stand[j]
    for i in range(last):
        total = 0.0
        for j in range(columns):
            total += node.lines[i, j] * node.stand[j]
        node.value[i] = total
    return objective


@njit(cache=True, error_model="numpy")
def entering(node: Node, i: int, way: float) -> int:
    """The nonbasic variable that moves basic i that way (±1) at the least loss; −1 where none does."""
    last = len(node.value)
    best, place, size = np.inf, -1, 0.0
    for j in range(len(node.stand)):
        name = node.nonbasic[j]
        slope = way * node.lines[i, j]
        if (
            abs(slope) > SMALL
            and node.low[name] < node.high[name]
            and (slope > 0.0) == (node.stand[j] < node.high[name])
        ):
            ratio = abs(node.lines[last, j] / slope)
            if ratio < best - 1e-12 or (ratio <= best + 1e-12 and abs(slope) > size):
                best, place, size = min(ratio, best), j, abs(slope)
    return place


@njit(cache=True, error_model="numpy")
def resolve(node: Node, floor: float) -> tuple[int, int]:
    """Dual simplex; it stops once the objective is under `floor`. Outcome, and the row that proves infeasibility."""
    last = len(node.value)
    objective = stand_well(node)
    for _ in range(PIVOTS):
        if objective <= floor:
            return CUT, -1
        worst, i = SMALL, -1
        for k in range(last):
            away = max(node.low[node.basic[k]] - node.value[k], node.value[k] - node.high[node.basic[k]])
            if away > worst:
                worst, i = away, k
        if i < 0:
            return OPTIMAL, -1
        name = node.basic[i]
        under = node.value[i] < node.low[name]
        target = node.low[name] if under else node.high[name]
        q = entering(node, i, 1.0 if under else -1.0)
        if q < 0:
            return INFEASIBLE, i
        moved = (target - node.value[i]) / node.lines[i, q]
        objective += node.lines[last, q] * moved
        for k in range(last):
            node.value[k] += node.lines[k, q] * moved
        node.value[i], node.stand[q] = node.stand[q] + moved, target
        pivot(node, i, q)
    return TIRED, -1


@njit(cache=True, error_model="numpy")
def safe_bound(a: Floats, c: Floats, node: Node) -> float:
    """An upper bound of the objective, true whatever the dictionary's rounding: weights of the rows, from A anew."""
    last, columns = a.shape
    rest = c.copy()
    bound = 0.0
    for k in range(columns):
        name, weight = node.nonbasic[k], node.lines[last, k]
        if name >= columns and weight != 0.0:
            bound += weight * (node.high[name] if weight > 0.0 else node.low[name])
            for j in range(columns):
                rest[j] -= weight * a[name - columns, j]
    for j in range(columns):
        bound += rest[j] * (node.high[j] if rest[j] > 0.0 else node.low[j])
    return bound


@njit(cache=True, error_model="numpy")
def surely_empty(a: Floats, node: Node, at: int) -> bool:
    """Does line `at` of the dictionary prove, from A anew, that no point lies between the bounds?"""
    rows, columns = a.shape
    weights, total = np.zeros(rows), np.zeros(columns)
    for k in range(columns):
        if node.nonbasic[k] >= columns:
            weights[node.nonbasic[k] - columns] = node.lines[at, k]
    if node.basic[at] >= columns:
        weights[node.basic[at] - columns] = -1.0
    least, most = 0.0, 0.0  # of weights · (s − A x), which is 0 at every point
    for i in range(rows):
        one, other = weights[i] * node.low[columns + i], weights[i] * node.high[columns + i]
        least, most = least + min(one, other), most + max(one, other)
        for j in range(columns):
            total[j] += weights[i] * a[i, j]
    for j in range(columns):
        one, other = total[j] * node.low[j], total[j] * node.high[j]
        least, most = least - max(one, other), most - min(one, other)
    return bool(least > SMALL or most < -SMALL)
