"""What the rows in euros imply for whole projects: planes that cut off fractions and no portfolio.

The relaxation lets a theme spend its last euros on a tenth of a project. Each plane comes from one row (its floor and
its cap) and from the classes, so that it holds whatever the merits and the other rows: planes found for one question
serve the next.

A point with few fractional columns lies in the hull of a row if and only if it does so on the face where its whole
columns stay put (Boyd, Operations Research 42, 1994). There all fillings are written down and the deepest plane
through them is sought (target cuts: Buchheim, Liers, Oswald 2008); then the other classes are let go one after
another, each with the largest weight that stays true (Balas 1975, Wolsey 1976).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from terreau.methods.selection.cut_kernels import deepest, lift
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.program import UNIT, Program

GRID = 20_000  # units of a row, when whole cents are more
WIDEST = 600  # options of a row
CLASSES = 9  # looked at together, at the least
FILLINGS = 4_096
NEAR = 4  # classes beside the fractional ones
WHOLE = 1e-6


@dataclass(frozen=True, eq=False)
class Knapsack:
    """A row in money: `options` (n,), class by class (`first`), their cents with floor and cap, and in fewer units."""

    options: Ints
    first: Ints
    exact: tuple[Ints, int, int]
    coarse: tuple[Ints, int, int]


@dataclass(frozen=True, eq=False)
class Cut:
    """Σ weight · x over these options is at most `most` in every portfolio."""

    options: Ints
    weight: Floats
    most: float


def knapsacks(p: Program) -> list[Knapsack]:
    """The rows in euros of part of the options, floor and cap of one sum together."""
    found: dict[bytes, tuple[Ints, Floats, float, float]] = {}
    for i in range(p.rows.shape[0]):
        a, b = p.rows.indptr[i], p.rows.indptr[i + 1]
        options, data = p.rows.indices[a:b].astype(np.int64), p.rows.data[a:b]
        if b - a > WIDEST or b - a == len(p) or (data <= 0).any() or (data == np.rint(data)).all():
            continue
        key = options.tobytes() + data.tobytes()
        _, _, low, high = found.get(key, (options, data, -np.inf, np.inf))
        found[key] = options, data, max(low, float(p.low[i])), min(high, float(p.high[i]))
    return [_knapsack(p, *row) for row in found.values()]


def _knapsack(p: Program, options: Ints, data: Floats, low: float, high: float) -> Knapsack:
    order = np.argsort(p.klass[options], kind="stable")
    options, klass = options[order], p.klass[options[order]]
    first = np.append(np.flatnonzero(np.diff(klass, prepend=-1)), len(klass)).astype(np.int64)
    cents = np.rint(data[order] * UNIT).astype(np.int64)
    most = int(np.maximum.reduceat(cents, first[:-1]).sum())
    floor, cap = max(0, round(low * UNIT)) if low > 0 else 0, min(most, round(high * UNIT) if high < np.inf else most)
    unit = int(np.gcd.reduce(cents))
    loss = 0
    if cap // unit > GRID:
        unit = cap // GRID + 1
        least = np.sort(np.minimum.reduceat(cents, first[:-1]))
        loss = int(np.searchsorted(np.cumsum(least), cap, side="right"))  # projects that fit: a unit each at most
    coarse = cents // unit, max(0, -(-floor // unit) - loss), cap // unit
    return Knapsack(options, first, (cents, floor, cap), coarse)


def cuts_at(sacks: Sequence[Knapsack], x: Floats, dual: Floats) -> list[Cut]:
    """One plane a row that this point of the relaxation exceeds; `dual`: the reduced costs there."""
    return [cut for sack in sacks if (cut := _cut(sack, x, dual)) is not None]


def _cut(sack: Knapsack, x: Floats, dual: Floats) -> Cut | None:
    """The plane that the point exceeds most in the classes that are open or nearly so; then the others are let go."""
    own = np.clip(x[sack.options], 0.0, 1.0)
    fractions = np.abs(own - np.rint(own)) > WHOLE
    if not fractions.any():
        return None
    own = np.where(fractions, own, np.rint(own))
    nearest = np.minimum.reduceat(np.where(fractions, -1.0, np.abs(dual[sack.options])), sack.first[:-1])
    rank = np.argsort(nearest, kind="stable")
    size = max(CLASSES, int((nearest < 0).sum()) + NEAR)
    held = [_held(sack, own, q) for q in range(len(nearest))]
    points = _fillings(sack, rank[:size], sum(int(sack.exact[0][j]) for q in rank[size:] if (j := held[q]) >= 0))
    if points is None or not len(points):
        return None
    columns, middle, part = np.flatnonzero(_within(sack, rank[:size])), points.mean(axis=0), np.empty(points.shape[1])
    if not deepest(points - middle, own[columns] - middle, part):
        return None
    plane = np.zeros(len(own))
    plane[columns] = part
    stands = np.array(held)
    stands[rank[:size]] = -2
    weight, low, high = sack.coarse
    most = lift(weight, sack.first, (low, high), stands, rank[size:], plane, float((points @ part).max()))
    scale = float(np.abs(plane).max())
    plane, most = plane / scale, most / scale + 1e-9
    return Cut(sack.options, plane, most) if plane @ own > most + WHOLE else None


def _held(sack: Knapsack, x: Floats, q: int) -> int:
    """The column of a class that is in, −1 for none."""
    a, b = sack.first[q], sack.first[q + 1]
    return int(a + x[a:b].argmax()) if x[a:b].max() > 0.5 else -1


def _within(sack: Knapsack, classes: Ints) -> NDArray[np.bool_]:
    return np.isin(np.repeat(np.arange(len(sack.first) - 1), np.diff(sack.first)), classes)


def _fillings(sack: Knapsack, classes: Ints, there: int) -> Floats | None:
    """All choices in these classes, of one column or none each, that keep the limits beside what is there already.

    None where they are too many.
    """
    weight, low, high = sack.exact
    weight = weight[_within(sack, classes)]
    sums, points = np.array([there]), np.zeros((1, len(weight)))
    at = 0
    for size in np.diff(sack.first)[np.sort(classes)].tolist():
        more = [sums, *(sums + weight[j] for j in range(at, at + size))]
        choices = np.tile(points, (size + 1, 1))
        for k in range(size):
            choices[(k + 1) * len(points) : (k + 2) * len(points), at + k] = 1.0
        sums, points = np.concatenate(more), choices
        fits = sums <= high
        sums, points = sums[fits], points[fits]
        if len(sums) > FILLINGS:
            return None
        at += size
    return points[sums >= low]
