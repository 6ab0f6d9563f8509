"""A small linear program kept as a dictionary: basics = M · nonbasics, objective = d · nonbasics (Chvátal 1983).

n columns x between bounds and r rows s = A · x between bounds; every column has two finite bounds, so that the start
(all rows basic) is dual feasible and the dual simplex needs no first phase. Variables are numbered 0…n−1 (columns)
then n…n+r−1 (rows). Bounds of the objective and proofs of infeasibility are recomputed from A, so that rounding in
the dictionary can cost time but never a wrong answer.
"""

import numpy as np
from numba import njit

from terreau.methods.selection.instance import Floats, Ints

OPTIMAL, INFEASIBLE, CUT, TIRED = 0, 1, 2, 3
SMALL = 1e-9


@njit(cache=True)
def pivot(matrix: Floats, d: Floats, i: int, q: int) -> None:
    """Basic i and nonbasic q change places."""
    rows, columns = matrix.shape
    inverse = 1.0 / matrix[i, q]
    for j in range(columns):
        matrix[i, j] *= -inverse
    matrix[i, q] = inverse
    for k in range(rows):
        factor = matrix[k, q]
        if k != i and factor != 0.0:
            matrix[k, q] = 0.0
            for j in range(columns):
                matrix[k, j] += factor * matrix[i, j]
    factor = d[q]
    d[q] = 0.0
    for j in range(columns):
        d[j] += factor * matrix[i, j]


@njit(cache=True)
def leaving(values: Floats, basic: Ints, low: Floats, high: Floats) -> int:
    """The basic variable farthest outside its bounds; −1 where all are inside."""
    worst, row = 1e-8, -1
    for i in range(len(values)):
        away = max(low[basic[i]] - values[i], values[i] - high[basic[i]])
        if away > worst:
            worst, row = away, i
    return row


@njit(cache=True)
def entering(line: Floats, d: Floats, outside: Ints, at_high: Floats, low: Floats, high: Floats, sign: float) -> int:
    """The nonbasic variable that lets the basic one move by `sign` at the least loss; −1 where none does."""
    best, place, size = np.inf, -1, 0.0
    for j in range(len(line)):
        v = outside[j]
        slope = sign * line[j] * (1.0 - 2.0 * at_high[j])
        if slope > SMALL and low[v] < high[v]:
            ratio = abs(d[j]) / slope
            if ratio < best - 1e-12 or (ratio <= best + 1e-12 and slope > size):
                best, place, size = min(ratio, best), j, slope
    return place


@njit(cache=True)
def resolve(
    matrix: Floats,
    d: Floats,
    basic: Ints,
    outside: Ints,
    at_high: Floats,
    low: Floats,
    high: Floats,
    limits: Floats,
) -> tuple[int, float, int]:
    """Dual simplex from this dictionary; `limits`: stop under this objective, or after as many pivots.

    Outcome, objective, and the row that proves infeasibility.
    """
    columns = matrix.shape[1]
    point = np.empty(columns)
    for _ in range(int(limits[1])):
        objective = 0.0
        for j in range(columns):
            point[j] = high[outside[j]] if at_high[j] > 0.5 else low[outside[j]]
            objective += d[j] * point[j]
        if objective <= limits[0]:
            return CUT, objective, -1
        values = matrix @ point
        i = leaving(values, basic, low, high)
        if i < 0:
            return OPTIMAL, objective, -1
        under = values[i] < low[basic[i]]
        q = entering(matrix[i], d, outside, at_high, low, high, 1.0 if under else -1.0)
        if q < 0:
            return INFEASIBLE, objective, i
        pivot(matrix, d, i, q)
        basic[i], outside[q] = outside[q], basic[i]
        at_high[q] = 0.0 if under else 1.0
    return TIRED, objective, -1


@njit(cache=True)
def safe_bound(a: Floats, c: Floats, d: Floats, outside: Ints, low: Floats, high: Floats) -> float:
    """An upper bound of the objective, true whatever the dictionary's rounding: weights of the rows, from A anew."""
    columns = a.shape[1]
    rest = c.copy()
    bound = 0.0
    for k in range(columns):
        v = outside[k]
        if v >= columns and d[k] != 0.0:
            edge = high[v] if d[k] > 0 else low[v]
            if np.isfinite(edge):
                bound += d[k] * edge
                for j in range(columns):
                    rest[j] -= d[k] * a[v - columns, j]
    for j in range(columns):
        bound += rest[j] * (high[j] if rest[j] > 0 else low[j])
    return bound


@njit(cache=True)
def surely_empty(a: Floats, line: Floats, own: int, outside: Ints, low: Floats, high: Floats) -> bool:
    """Does this line of the dictionary prove, from A anew, that no point lies between the bounds?"""
    rows, columns = a.shape
    weights = np.zeros(rows)
    for k in range(columns):
        if outside[k] >= columns and abs(line[k]) > 1e-11:
            weights[outside[k] - columns] = line[k]
    if own >= columns:
        weights[own - columns] = -1.0
    least, most = 0.0, 0.0
    columns_sum = np.zeros(columns)
    for i in range(rows):
        w = weights[i]
        if w != 0.0:
            least += w * (low[columns + i] if w > 0 else high[columns + i])
            most += w * (high[columns + i] if w > 0 else low[columns + i])
            for j in range(columns):
                columns_sum[j] += w * a[i, j]
    for j in range(columns):
        least -= columns_sum[j] * (high[j] if columns_sum[j] > 0 else low[j])
        most -= columns_sum[j] * (low[j] if columns_sum[j] > 0 else high[j])
    return least > SMALL or most < -SMALL
