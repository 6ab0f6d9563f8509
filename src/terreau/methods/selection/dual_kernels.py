"""The inner loops of the dual of a portfolio: one pass over all columns each, compiled once and kept."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from terreau.methods.selection.instance import Floats, Ints

type Flags = NDArray[np.bool_]

NEGLIGIBLE = 1e-12  # a share of a class
SWEEPS = 2_000  # over the prices, at most, for one quadratic
STILL = 1e-9  # no price moves any more
FAR = 36.0  # beyond so many temperatures from the threshold an option is in or out, to the last digit


@njit(cache=True)
def by_column(indptr: Ints, indices: Ints, data: Floats, place: Ints, m: int) -> tuple[Ints, Ints, Floats]:
    """A matrix by rows turned into one by columns; option j becomes column place[j], or is left out at -1."""
    start = np.zeros(m + 1, dtype=np.int64)
    for e in range(len(indices)):
        if place[indices[e]] >= 0:
            start[place[indices[e]] + 1] += 1
    for j in range(m):
        start[j + 1] += start[j]
    end = start[:-1].copy()
    row, entry = np.empty(start[m], dtype=np.int64), np.empty(start[m], dtype=np.float64)
    for i in range(len(indptr) - 1):
        for e in range(indptr[i], indptr[i + 1]):
            j = place[indices[e]]
            if j >= 0:
                row[end[j]] = i
                entry[end[j]] = data[e]
                end[j] += 1
    return start, row, entry


@njit(cache=True)
def reduce(into: Floats, y: Floats, a: int, b: int, value: Floats, indptr: Ints, indices: Ints, data: Floats) -> None:
    """Value − Aᵀ y of the columns a to b - 1, to the front of `into`."""
    for j in range(a, b):
        total = value[j]
        for e in range(indptr[j], indptr[j + 1]):
            total -= data[e] * y[indices[e]]
        into[j - a] = total


@njit(cache=True)
def best_of_classes(reduced: Floats, start: Ints, must: Flags) -> tuple[float, Ints]:
    """The sum over the classes of the best reduced value (or of nothing), and that column (-1: nothing)."""
    total = 0.0
    best = np.full(len(must), -1, dtype=np.int64)
    for c in range(len(must)):
        top = -np.inf if must[c] else 0.0
        for j in range(start[c], start[c + 1]):
            if reduced[j] > top:
                top = reduced[j]
                best[c] = j
        total += top
    return total, best


@njit(cache=True)
def smoothed(  # noqa: PLR0913, PLR0917 - the parts of one matrix
    y: Floats,
    mu: float,
    pick: Ints,
    weight: float,
    start: Ints,
    must: Flags,
    value: Floats,
    indptr: Ints,
    indices: Ints,
    data: Floats,
    slope: Floats,
    curve: Floats,
) -> float:
    """Weight × Σ over the classes in `pick` of mu · log(1 + Σ exp(reduced / mu)), a function of the prices y (d,).

    Its gradient goes to slope (d,), its second derivative to curve (d, d).
    """
    slope[:] = 0.0
    curve[:, :] = 0.0
    total = 0.0
    into = np.empty(np.diff(start).max())
    for c in pick:
        a, b = start[c], start[c + 1]
        share = into[: b - a]
        reduce(share, y, a, b, value, indptr, indices, data)
        part = _soft_best(share, mu, must[c])
        total += part
        if part == 0.0 and not must[c]:
            continue
        for j in range(a, b):
            if share[j - a] > NEGLIGIBLE:
                for e in range(indptr[j], indptr[j + 1]):
                    slope[indices[e]] -= weight * share[j - a] * data[e]
                _bend(curve, share, j, a, weight / mu, indptr, indices, data)
    return weight * total


@njit(cache=True)
def _soft_best(share: Floats, mu: float, must: bool) -> float:
    """The smoothed best of reduced values, which become the shares of each column; 0 where none comes near."""
    top = share.max()
    if not must and top < -FAR * mu:
        return 0.0
    base = top if must else max(top, 0.0)
    z = 0.0 if must else np.exp(-base / mu)
    for j in range(len(share)):
        share[j] = np.exp((share[j] - base) / mu)
        z += share[j]
    for j in range(len(share)):
        share[j] /= z
    return float(base + mu * np.log(z))


@njit(cache=True)
def _bend(
    curve: Floats, share: Floats, j: int, a: int, scale: float, indptr: Ints, indices: Ints, data: Floats
) -> None:
    """Adds what column j brings to the second derivative: the covariance of its share with those of its class."""
    own = share[j - a]
    if own > 1.0 - NEGLIGIBLE:
        return
    for k in range(a, a + len(share)):
        other = share[k - a]
        if other < NEGLIGIBLE:
            continue
        bend = scale * (own * (1.0 - own) if k == j else -own * other)
        for e in range(indptr[j], indptr[j + 1]):
            for f in range(indptr[k], indptr[k + 1]):
                curve[indices[e], indices[f]] += bend * data[e] * data[f]


@njit(cache=True)
def descend(
    y: Floats, slope: Floats, curve: Floats, damping: float, low: Floats, high: Floats, least: Floats, most: Floats
) -> Floats:
    """The prices that minimise the quadratic model around y plus Σ (high · price⁺ − low · price⁻), coordinate-wise."""
    new = y.copy()
    pull = slope.copy()  # the gradient of the quadratic at `new`
    for _ in range(SWEEPS):
        moved = 0.0
        for i in range(len(y)):
            h = curve[i, i] + damping
            to = _kinked(new[i] - (pull[i] + high[i]) / h, new[i] - (pull[i] + low[i]) / h)
            to = min(max(to, least[i]), most[i])
            step = to - new[i]
            if step != 0.0:
                new[i] = to
                pull += step * curve[i]
                pull[i] += step * damping
                moved = max(moved, abs(step) * np.sqrt(h))
        if moved < STILL:
            break
    return new


@njit(cache=True)
def _kinked(above: float, below: float) -> float:
    """The minimiser of a parabola with a kink at 0, from those of its two halves; a side without limit is ±inf."""
    if above > 0.0:
        return above
    if below < 0.0:
        return below
    return 0.0
