"""The index: firms along a Hilbert curve, cut into leaves of equal size, each sorted by the key column.

A leaf is a ball on the sphere (centre and radius) whose firms of one key value lie side by side: a project jumps to
the leaves and keys that can still matter, and most firms are never looked at. Every array may be memory-mapped.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from terreau.methods.matching.firms import Codes, Firms, check_firms
from terreau.methods.matching.units import EARTH_KM, Floats, Rows, Vectors, inverse_lengths

LEAF = 1024  # firms
BITS = 20  # of the Hilbert curve, an axis: some 20 m
BLOCK = 1 << 18  # rows copied at a time
MANY = 1 << 20  # combinations of codes, before they are numbered anew

type Array = NDArray[Any]
type Allocate = Callable[[str, tuple[int, ...], Any], Array]


class Index(NamedTuple):
    """n firms by position, l leaves, s keys, u profiles (distinct codes of the m other columns), vectors of v.

    row (n,): row of the firm among the identifiers. place (n, 2): degrees. point (n, 3): on a sphere of radius 1.
    profile (n,): which of profiles (u, m), codes by column. vectors (n, v); inverse (n,): 1 / |vector|;
    longest (1,): the largest of these.
    starts (l, s + 1): where the firms of a key begin in a leaf. centre (l, 3), radius (l,): km, as chords.
    """

    row: Rows
    place: Floats
    point: NDArray[np.float32]
    profile: Codes
    profiles: Rows
    vectors: Vectors
    inverse: Floats
    longest: Floats
    starts: Rows
    centre: Floats
    radius: Floats


def in_memory(_name: str, shape: tuple[int, ...], dtype: Any) -> Array:
    return np.empty(shape, dtype=dtype)


def build(firms: Firms, allocate: Allocate = in_memory, leaf: int = LEAF) -> Index:
    """The index of these firms, `leaf` a leaf; `allocate` gives each array its home (memory, or a mapped file)."""
    check_firms(firms)
    n = len(firms)
    leaves, keys = -(-n // leaf), firms.widths[firms.key]
    width = 0 if firms.vectors is None else firms.vectors.shape[1]
    profile, profiles = _profiles(firms)
    it = Index(
        allocate("row", (n,), np.int32),
        allocate("place", (n, 2), np.float64),
        allocate("point", (n, 3), np.float32),
        allocate("profile", (n,), np.uint16 if len(profiles) <= 1 << 16 else np.int32),
        allocate("profiles", profiles.shape, np.int32),
        allocate("vectors", (n, width), np.int8),
        allocate("inverse", (n if width else 0,), np.float64),
        allocate("longest", (1,), np.float64),
        allocate("starts", (leaves, keys + 1), np.int32),
        allocate("centre", (leaves, 3), np.float64),
        allocate("radius", (leaves,), np.float64),
    )
    it.profiles[:] = profiles
    curve = np.argsort(_along(firms.lat, firms.lon), kind="stable").astype(np.int32)
    _by_key(curve, np.asarray(firms.columns[firms.key]), it.row, it.starts, leaf)
    for first in range(0, n, BLOCK):
        some = slice(first, first + BLOCK)
        it.profile[some] = profile[it.row[some]]
        _copy(firms, it, it.row[some], some)
    it.longest[0] = it.inverse.max(initial=0)
    _balls(it.point, it.centre, it.radius, leaf)
    return it


def _profiles(firms: Firms) -> tuple[Rows, Rows]:
    """The profile of each firm, and the codes of each profile."""
    names = firms.others
    joined, count = np.zeros(len(firms), dtype=np.int64), 1
    for name in names:  # numbered anew at each step: no product of widths is too large
        joined *= firms.widths[name]
        joined += firms.columns[name]
        count *= firms.widths[name]
        if count > MANY:
            joined = np.unique(joined, return_inverse=True)[1]
            count = int(joined.max(initial=0)) + 1
    _, first, profile = np.unique(joined, return_index=True, return_inverse=True)
    codes = [firms.columns[name][first] for name in names]
    profiles = np.stack(codes, axis=-1) if names else np.zeros((len(first), 0))
    return profile.astype(np.int32), profiles.astype(np.int32)


def _copy(firms: Firms, it: Index, rows: Rows, some: slice) -> None:
    it.place[some, 0], it.place[some, 1] = firms.lat[rows], firms.lon[rows]
    it.point[some] = points(firms.lat[rows], firms.lon[rows])
    if firms.vectors is not None:
        it.vectors[some] = firms.vectors[rows]
        it.inverse[some] = inverse_lengths(it.vectors[some])


def points(lat: Floats, lon: Floats) -> Floats:
    """Unit vectors (n, 3)."""
    phi, theta = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=-1)


@njit(cache=True)
def _along(lat: Floats, lon: Floats) -> NDArray[np.int64]:
    """The place of each point on a Hilbert curve (the rotation of Lam & Shapiro 1994)."""
    keys, top = np.empty(len(lat), np.int64), 1 << BITS
    for i in range(len(lat)):
        x = int(min((lon[i] + 180.0) / 360.0 * top, top - 1.0))
        y = int(min((lat[i] + 90.0) / 180.0 * top, top - 1.0))
        key, side = 0, top >> 1
        while side > 0:
            right, up = int((x & side) > 0), int((y & side) > 0)
            key += side * side * ((3 * right) ^ up)
            if up == 0:
                if right == 1:
                    x, y = top - 1 - x, top - 1 - y
                x, y = y, x
            side >>= 1
        keys[i] = key
    return keys


@njit(cache=True)
def _by_key(curve: Rows, key: Codes, row: Rows, starts: Rows, size: int) -> None:
    """Each leaf sorted by its key (a counting sort)."""
    n, keys = len(curve), starts.shape[1] - 1
    for leaf in range(len(starts)):
        first, last = leaf * size, min((leaf + 1) * size, n)
        start = starts[leaf]
        start[:] = 0
        for i in range(first, last):
            start[key[curve[i]] + 1] += 1
        start[0] = first
        for k in range(keys):
            start[k + 1] += start[k]
        free = start.copy()
        for i in range(first, last):
            k = key[curve[i]]
            row[free[k]] = curve[i]
            free[k] += 1


@njit(cache=True)
def _balls(point: NDArray[np.float32], centre: Floats, radius: Floats, size: int) -> None:
    """The mean point of each leaf and the longest chord from it, in km."""
    n = len(point)
    for leaf in range(len(centre)):
        first, last = leaf * size, min((leaf + 1) * size, n)
        for axis in range(3):
            centre[leaf, axis] = 0.0
            for i in range(first, last):
                centre[leaf, axis] += point[i, axis] / (last - first)
        far = 0.0
        for i in range(first, last):
            square = 0.0
            for axis in range(3):
                square += (point[i, axis] - centre[leaf, axis]) ** 2
            far = max(far, square)
        radius[leaf] = np.sqrt(far) * EARTH_KM
