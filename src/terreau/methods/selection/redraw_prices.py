"""Prices of the rules for one draw of the merits: a few Newton steps on the smoothed Lagrangian dual, compiled.

The dual of a program in columns: the sum over classes of the best reduced value, where positive, plus what the rows'
limits are worth at their prices. Each class is softened by a temperature in points (log-sum-exp), which makes the
whole smooth but for the kink at price zero of a row with two limits; a row whose activity lies between its limits
stays there (two-metric projection, Bertsekas, SIAM J. Control Optim. 20, 1982).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from terreau.methods.selection.instance import Floats, Ints

SATURATED = 30.0  # exp(-30) is nothing beside one
RIDGE = 1e-3


class Columns(NamedTuple):
    """A program by columns. Column j meets rows `row[k]` with `weight[k]` for k in `start[j]:start[j + 1]`.

    Class q holds columns `member[k]` for k in `first[q]:first[q + 1]`. `low`, `high` (r,): limits of the rows;
    `price` (r,): points that a unit beyond them costs, infinite for a rule.
    """

    start: Ints
    row: Ints
    weight: Floats
    klass: Ints
    first: Ints
    member: Ints
    low: Floats
    high: Floats
    price: Floats


@njit(cache=True)
def reduce(columns: Columns, value: Floats, prices: Floats, reduced: Floats) -> None:
    """What each column is worth after paying the rows that it meets, into `reduced`."""
    for j in range(value.size):
        worth = value[j]
        for k in range(columns.start[j], columns.start[j + 1]):
            worth -= columns.weight[k] * prices[columns.row[k]]
        reduced[j] = worth


@njit(cache=True)
def soften(columns: Columns, reduced: Floats, heat: float, share: Floats, activity: Floats) -> float:
    """The softened dual's classes: its value; the share taken of each column and the rows' activity are filled in."""
    total = 0.0
    for i in range(activity.size):
        activity[i] = 0.0
    for q in range(columns.first.size - 1):
        members = columns.member[columns.first[q] : columns.first[q + 1]]
        top = 0.0
        for j in members:
            top = max(top, reduced[j])
        mass = np.exp(-top / heat) if top < SATURATED * heat else 0.0
        for j in members:
            share[j] = np.exp((reduced[j] - top) / heat) if reduced[j] > top - SATURATED * heat else 0.0
            mass += share[j]
        total += top + heat * np.log(mass)
        for j in members:
            share[j] /= mass
            if share[j] > 0.0:
                for k in range(columns.start[j], columns.start[j + 1]):
                    activity[columns.row[k]] += columns.weight[k] * share[j]
    return total


@njit(cache=True)
def limits_worth(columns: Columns, prices: Floats) -> float:
    """What the limits of the rows are worth at these prices."""
    total = 0.0
    for i in range(prices.size):
        if prices[i] > 0.0:
            total += prices[i] * columns.high[i]
        elif prices[i] < 0.0:
            total += prices[i] * columns.low[i]
    return total


@njit(cache=True)
def slope(columns: Columns, prices: Floats, activity: Floats, gradient: Floats) -> int:
    """The dual's slope in each price (nan: it stays at zero); how many are free to move."""
    free = 0
    for i in range(prices.size):
        low, high = columns.low[i], columns.high[i]
        if prices[i] > 0.0 or (prices[i] == 0.0 and activity[i] > high):
            gradient[i] = high - activity[i]
        elif prices[i] < 0.0 or (prices[i] == 0.0 and activity[i] < low):
            gradient[i] = low - activity[i]
        else:
            gradient[i] = np.nan
            continue
        free += 1
    return free


@njit(cache=True)
def curve(columns: Columns, share: Floats, heat: float, curvature: Floats) -> None:
    """The dual's second derivatives (r, r): the covariance of the rows under the shares, over the heat."""
    for i in range(curvature.shape[0]):
        for k in range(curvature.shape[1]):
            curvature[i, k] = 0.0
    for j in range(share.size):
        if share[j] <= 1e-9 or share[j] >= 1.0 - 1e-9:
            continue
        q = columns.klass[j]
        for at in range(columns.first[q], columns.first[q + 1]):
            other = columns.member[at]
            scale = -share[j] * share[other] / heat
            if other == j:
                scale += share[j] / heat
            if scale != 0.0:
                _add_product(columns, j, other, scale, curvature)


@njit(cache=True)
def _add_product(columns: Columns, j: int, other: int, scale: float, into: Floats) -> None:
    for k in range(columns.start[j], columns.start[j + 1]):
        i, scaled = columns.row[k], columns.weight[k] * scale
        for h in range(columns.start[other], columns.start[other + 1]):
            into[i, columns.row[h]] += scaled * columns.weight[h]


@njit(cache=True)
def descend(columns: Columns, prices: Floats, curvature: Floats, gradient: Floats, direction: Floats) -> None:
    """Newton's direction, into `direction`: a price that would cross the zero it must not cross stops there.

    Prices that stop are taken out and the others solved again, five times at most.
    """
    for i in range(direction.size):
        direction[i] = 0.0
    pull = gradient.copy()
    for _ in range(5):
        _solve(curvature, pull, direction)
        stopped = False
        for i in range(prices.size):
            if np.isnan(pull[i]) or not _crosses(columns, prices, gradient, i, prices[i] + direction[i]):
                continue
            direction[i], pull[i], stopped = -prices[i], np.nan, True
            for other in range(prices.size):
                pull[other] += curvature[other, i] * direction[i]
        if not stopped:
            return


@njit(cache=True)
def _crosses(columns: Columns, prices: Floats, gradient: Floats, i: int, at: float) -> bool:
    """Whether a price moved to `at` leaves its side of zero; at zero its side is where the dual falls."""
    if columns.low[i] == columns.high[i]:
        return False
    side = prices[i] if prices[i] != 0.0 else -gradient[i]
    return bool(at * side < 0.0)


@njit(cache=True)
def _solve(curvature: Floats, gradient: Floats, direction: Floats) -> None:
    """−curvature⁻¹ gradient over the entries that are not nan: Cholesky with a small ridge."""
    free = np.flatnonzero(~np.isnan(gradient))
    n = free.size
    factor, solved = np.empty((n, n)), np.empty(n)
    for a in range(n):
        for b in range(a):
            rest = curvature[free[a], free[b]]
            for c in range(b):
                rest -= factor[a, c] * factor[b, c]
            factor[a, b] = rest / factor[b, b]
        left, rest = curvature[free[a], free[a]], -gradient[free[a]]
        for c in range(a):
            left -= factor[a, c] ** 2
            rest -= factor[a, c] * solved[c]
        factor[a, a] = np.sqrt(max(left, 0.0) + RIDGE)
        solved[a] = rest / factor[a, a]
    for a in range(n - 1, -1, -1):
        rest = solved[a]
        for c in range(a + 1, n):
            rest -= factor[c, a] * direction[free[c]]
        direction[free[a]] = rest / factor[a, a]


@njit(cache=True)
def step(columns: Columns, prices: Floats, gradient: Floats, direction: Floats, length: float, moved: Floats) -> None:
    """The prices moved: never across their zero, never beyond what the row may cost."""
    for i in range(prices.size):
        at = prices[i] + length * direction[i]
        if _crosses(columns, prices, gradient, i, at):
            at = 0.0
        moved[i] = min(max(at, -columns.price[i]), columns.price[i])


@njit(cache=True)
def settle(columns: Columns, value: Floats, prices: Floats, heat: float, steps: int) -> None:
    """Improve the prices in place by up to `steps` Newton steps, each halved until the dual falls."""
    m, r = value.size, prices.size
    reduced, share, activity = np.empty(m), np.empty(m), np.empty(r)
    gradient, direction, moved, curvature = np.empty(r), np.empty(r), np.empty(r), np.empty((r, r))
    reduce(columns, value, prices, reduced)
    dual = soften(columns, reduced, heat, share, activity) + limits_worth(columns, prices)
    for _ in range(steps):
        if slope(columns, prices, activity, gradient) == 0:
            return
        curve(columns, share, heat, curvature)
        descend(columns, prices, curvature, gradient, direction)
        length, before = 1.0, dual
        while length > 0.01:
            step(columns, prices, gradient, direction, length, moved)
            reduce(columns, value, moved, reduced)
            dual = soften(columns, reduced, heat, share, activity) + limits_worth(columns, moved)
            if dual < before:
                break
            length *= 0.4
        if dual >= before:
            return
        for i in range(r):
            prices[i] = moved[i]
        if before - dual < 1e-4:
            return
