"""Best first through the index: leaves by distance, keys by value, and in a run only what can still enter the best k.

Every bound is at least the score that it stands for, in whole units; a firm is left out only where its bound is below
the k-th best score found so far (never where it is equal: the smaller row wins). What is left is scored exactly.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from terreau.methods.matching.index import Index
from terreau.methods.matching.units import EARTH_KM, Floats, Rows, Units, distance_units, kilometres, vector_units

type Heap = tuple[Units, Rows, Rows]

RINGS = 64
SLACK_KM = 0.01  # what single precision may add to a chord, and more


class Asked(NamedTuple):
    """A query as the loops read it.

    point (3,): on the sphere. decay: units at least those of any distance from i·step km on. by_key (s,): units of each
    key; key_order (s,): keys, the best first. by_profile: units of each profile; most: the largest.
    vector (v,), inverse: 1 / |vector|; alike: the most that vectors can give, per_dot: that one unit of
    their product can. hidden: rows, ascending.
    """

    lat: float
    lon: float
    distance: float
    scale: float
    likeness: float
    point: Floats
    decay: Units
    step: float
    by_key: Units
    key_order: Rows
    by_profile: Units
    most: int
    vector: NDArray[np.int32]
    inverse: float
    alike: int
    per_dot: int
    hidden: Rows


@njit(cache=True, nogil=True)
def score_of(it: Index, asked: Asked, i: int, key_units: int) -> int:
    """The score of the firm at position i, in units."""
    units = key_units + int(asked.by_profile[it.profile[i]])
    if asked.alike > 0:
        units += vector_units(asked.likeness, product(it, asked, i), it.inverse[i], asked.inverse)
    km = kilometres(asked.lat, asked.lon, it.place[i, 0], it.place[i, 1])
    return units + distance_units(asked.distance, asked.scale, km)


@njit(cache=True, nogil=True)
def product(it: Index, asked: Asked, i: int) -> int:
    """Of the vectors of the project and of the firm at position i."""
    dot = np.int32(0)
    for axis in range(len(asked.vector)):
        dot += np.int32(it.vectors[i, axis]) * asked.vector[axis]
    return int(dot)


@njit(cache=True, nogil=True)
def _decay(asked: Asked, km: float) -> int:
    """At least the distance part of any firm at `km` or farther."""
    place = int(max(0.0, km - SLACK_KM) / asked.step)
    return int(asked.decay[min(place, len(asked.decay) - 1)])


@njit(cache=True, nogil=True)
def _chord_km(it: Index, asked: Asked, i: int) -> float:
    """At most the great-circle distance."""
    x, y, z = it.point[i, 0] - asked.point[0], it.point[i, 1] - asked.point[1], it.point[i, 2] - asked.point[2]
    return math.sqrt(x * x + y * y + z * z) * EARTH_KM


@njit(cache=True, nogil=True)
def _worse(score: int, row: int, than_score: int, than_row: int) -> bool:
    return score < than_score or (score == than_score and row > than_row)


@njit(cache=True, nogil=True)
def _sink(scores: Units, rows: Rows, spots: Rows, size: int) -> None:
    """Puts the root of the heap (the worst at the top) where it belongs."""
    i = 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and _worse(scores[child + 1], rows[child + 1], scores[child], rows[child]):
            child += 1
        if not _worse(scores[child], rows[child], scores[i], rows[i]):
            return
        scores[i], scores[child] = scores[child], scores[i]
        rows[i], rows[child] = rows[child], rows[i]
        spots[i], spots[child] = spots[child], spots[i]
        i = child


@njit(cache=True, nogil=True)
def _enter(heap: Heap, score: int, row: int, spot: int, hidden: Rows) -> None:
    """Takes the place of the worst, if better and not hidden."""
    scores, rows, spots = heap
    if not _worse(scores[0], rows[0], score, row):
        return
    if len(hidden):
        near = np.searchsorted(hidden, row)
        if near < len(hidden) and hidden[near] == row:
            return
    scores[0], rows[0], spots[0] = score, row, spot
    _sink(scores, rows, spots, len(scores))


@njit(cache=True, nogil=True)
def _rings(it: Index, asked: Asked, decay: Units, order: Rows) -> Rows:
    """The decay bound of each leaf, the leaves ordered by rings of distance, and where each ring begins."""
    leaves = len(it.centre)
    begin = np.zeros(RINGS + 1, np.int32)
    ring = np.empty(leaves, np.uint8)
    width = asked.scale / 8
    for leaf in range(leaves):
        x, y = it.centre[leaf, 0] - asked.point[0], it.centre[leaf, 1] - asked.point[1]
        z = it.centre[leaf, 2] - asked.point[2]
        km = np.sqrt(x * x + y * y + z * z) * EARTH_KM - it.radius[leaf]
        decay[leaf] = _decay(asked, km)
        ring[leaf] = int(min(max(km, 0.0) / width, RINGS - 1.0))
        begin[ring[leaf] + 1] += 1
    for r in range(RINGS):
        begin[r + 1] += begin[r]
    free = begin.copy()
    for leaf in range(leaves):
        order[free[ring[leaf]]] = leaf
        free[ring[leaf]] += 1
    return begin


@njit(cache=True, nogil=True)
def _listed(it: Index, asked: Asked, leaf: int, least: int, spots: Rows, units: Units) -> int:
    """The firms of a leaf whose table parts sum to `least` or more: positions, sums, how many."""
    size = np.uint32(0)  # unsigned: no place is counted from the end
    for key in asked.key_order:
        by_key = asked.by_key[key]
        if by_key + asked.most < least:
            break
        for i in range(np.uint32(it.starts[leaf, key]), np.uint32(it.starts[leaf, key + 1])):
            rest = asked.by_profile[it.profile[i]]
            if by_key + rest >= least:
                spots[size], units[size] = i, by_key + rest
                size += np.uint32(1)
    return int(size)


@njit(cache=True, nogil=True)
def _alike(it: Index, asked: Asked, least: int, size: int, spots: Rows, units: Units) -> int:
    """Adds the part of the vectors; keeps the firms that reach `least`."""
    kept = np.uint32(0)
    for j in range(np.uint32(size)):
        i = spots[j]
        dot = product(it, asked, i)
        if units[j] + max(dot, 0) * asked.per_dot < least:
            continue
        spots[kept] = i
        units[kept] = units[j] + vector_units(asked.likeness, dot, it.inverse[i], asked.inverse)
        kept += np.uint32(1)
    return int(kept)


@njit(cache=True, nogil=True)
def _leaf(it: Index, asked: Asked, leaf: int, decay: int, heap: Heap, spots: Rows, units: Units) -> None:
    """The firms of one leaf that may enter, each scored."""
    scores = heap[0]
    size = _listed(it, asked, leaf, scores[0] - decay - asked.alike, spots, units)
    if asked.alike > 0:
        size = _alike(it, asked, scores[0] - decay, size, spots, units)
    for j in range(size):
        i = spots[j]
        if units[j] + _decay(asked, _chord_km(it, asked, i)) < scores[0]:
            continue
        km = kilometres(asked.lat, asked.lon, it.place[i, 0], it.place[i, 1])
        _enter(heap, units[j] + distance_units(asked.distance, asked.scale, km), it.row[i], i, asked.hidden)


@njit(cache=True, nogil=True)
def search(it: Index, asked: Asked, heap: Heap) -> None:
    """Fills the heap (scores, rows, positions) with the best firms; what stays empty keeps its −1 position."""
    leaves = len(it.centre)
    decay, order = np.empty(leaves, np.int64), np.empty(leaves, np.int32)
    if leaves == 0:
        return
    largest = it.starts[0, -1]  # firms of the first leaf: none has more
    spots, units = np.empty(largest, np.int32), np.empty(largest, np.int64)
    begin = _rings(it, asked, decay, order)
    scores = heap[0]
    above = asked.by_key[asked.key_order[0]] + asked.most + asked.alike
    for ring in range(RINGS):
        if _decay(asked, ring * asked.scale / 8) + above < scores[0]:
            return
        for leaf in order[begin[ring] : begin[ring + 1]]:
            if decay[leaf] + above >= scores[0]:
                _leaf(it, asked, leaf, decay[leaf], heap, spots, units)


@njit(cache=True, nogil=True)
def scan(it: Index, asked: Asked, key_of: Rows, heap: Heap) -> None:
    """The same answer by scoring every firm: what the index is checked against."""
    for i in range(len(it.row)):
        _enter(heap, score_of(it, asked, i, asked.by_key[key_of[i]]), it.row[i], i, asked.hidden)


@njit(cache=True, nogil=True)
def scores_of(it: Index, asked: Asked, spots: Rows, by_key: Units) -> Units:
    """The scores of the firms at these positions, whose keys give `by_key`."""
    units = np.empty(len(spots), np.int64)
    for j in range(len(spots)):
        units[j] = score_of(it, asked, spots[j], by_key[j])
    return units
