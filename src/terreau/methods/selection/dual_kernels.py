"""The inner loops of the dual of a portfolio: one pass over all columns each, compiled once and kept."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from terreau.methods.selection.instance import Floats, Ints

type Flags = NDArray[np.bool_]

NEGLIGIBLE = 1e-12  # a share of a class
TOUCHED = 1e-300  # no more than a mark that a sum has begun
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
    d = len(y)
    slope[:] = 0.0
    curve[:, :] = 0.0
    total = 0.0
    share, mean, touched = np.empty(np.diff(start).max()), np.zeros(d), np.empty(d, dtype=np.int64)
    for c in pick:
        a, b = start[c], start[c + 1]
        reduce(share, y, a, b, value, indptr, indices, data)
        top = _top(share, b - a)
        if not must[c] and top < -FAR * mu:
            continue
        total += _to_shares(share, b - a, top, mu, must[c])
        if b - a == 1:
            _add_alone(slope, curve, share[0], a, weight, mu, indptr, indices, data)
        else:
            _add_class(slope, curve, share, a, b, weight, mu, mean, touched, indptr, indices, data)
    for i in range(d):
        curve[:i, i] = curve[i, :i]
    return weight * total


@njit(cache=True)
def _top(share: Floats, count: int) -> float:
    top = share[0]
    for j in range(1, count):
        top = max(top, share[j])
    return float(top)


@njit(cache=True)
def _to_shares(share: Floats, count: int, top: float, mu: float, must: bool) -> float:
    """Turns the reduced values of a class into the shares that each column gets; their smoothed maximum."""
    base = top if must else max(top, 0.0)
    z = 0.0 if must else np.exp(-base / mu)
    for j in range(count):
        share[j] = np.exp((share[j] - base) / mu)
        z += share[j]
    for j in range(count):
        share[j] /= z
    return float(base + mu * np.log(z))


@njit(cache=True)
def _add_alone(  # noqa: PLR0913, PLR0917 - as above
    slope: Floats,
    curve: Floats,
    share: float,
    j: int,
    weight: float,
    mu: float,
    indptr: Ints,
    indices: Ints,
    data: Floats,
) -> None:
    """The part of a class of one column: its share, and the share's variance below the diagonal."""
    bend = share * (1.0 - share) * weight / mu
    for e in range(indptr[j], indptr[j + 1]):
        slope[indices[e]] -= weight * share * data[e]
        if bend > NEGLIGIBLE:
            for f in range(indptr[j], e + 1):
                curve[indices[e], indices[f]] += bend * data[e] * data[f]


@njit(cache=True)
def _add_class(  # noqa: PLR0913, PLR0917 - as above
    slope: Floats,
    curve: Floats,
    share: Floats,
    a: int,
    b: int,
    weight: float,
    mu: float,
    mean: Floats,
    touched: Ints,
    indptr: Ints,
    indices: Ints,
    data: Floats,
) -> None:
    """The part of a class of several columns: their mean, and Σ share · a aᵀ − mean · meanᵀ below the diagonal."""
    count, sure = 0, False
    for j in range(a, b):
        own = share[j - a]
        if own < NEGLIGIBLE:
            continue
        sure = own > 1.0 - NEGLIGIBLE
        bend = 0.0 if sure else own * weight / mu
        for e in range(indptr[j], indptr[j + 1]):
            i = indices[e]
            if mean[i] == 0.0:
                touched[count] = i
                count += 1
                mean[i] = TOUCHED
            mean[i] += own * data[e]
            for f in range(indptr[j], e + 1):
                curve[i, indices[f]] += bend * data[e] * data[f]
    _take_mean(slope, curve, mean, touched[:count], weight, 0.0 if sure else weight / mu)


@njit(cache=True)
def _take_mean(slope: Floats, curve: Floats, mean: Floats, touched: Ints, weight: float, bend: float) -> None:
    """Takes a class's mean off the slope, its square off the curve; the mean is 0 again."""
    for i in touched:
        slope[i] -= weight * mean[i]
        for k in touched:
            if k <= i:
                curve[i, k] -= bend * mean[i] * mean[k]
    for i in touched:
        mean[i] = 0.0


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
