"""The arithmetic of the score: every part is a whole number of units of 10⁻¹², and parts are added as integers.

Sums of integers do not depend on their order, so that the index, the brute force, any batch and any number of threads
give the same score to the last digit, and what is equal on paper is equal here.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

type Units = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Rows = NDArray[np.int32]
type Vectors = NDArray[np.int8]

UNIT = 1e12
EARTH_KM = 6371.0088  # mean radius (IUGG)
LARGEST = 1e5  # of a weighted part: a sum of a few stays far below 2⁶³ units


def as_units(values: Floats) -> Units:
    """Weighted values as whole units, halves to even."""
    return np.rint(np.asarray(values, dtype=np.float64) * UNIT).astype(np.int64)


@njit(cache=True)
def kilometres(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great-circle distance between two points in degrees (haversine)."""
    phi, to_phi = math.radians(lat), math.radians(to_lat)
    half = math.sin((to_phi - phi) / 2)
    across = math.sin(math.radians(to_lon - lon) / 2)
    chord = half * half + math.cos(phi) * math.cos(to_phi) * across * across
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


@njit(cache=True)
def distance_units(weight: float, scale: float, km: float) -> int:
    return int(np.rint(weight * math.exp(-km / scale) * UNIT))


@njit(cache=True)
def vector_units(weight: float, dot: int, inverse: float, to_inverse: float) -> int:
    """The cosine of two whole vectors, given their product and the inverses of their lengths."""
    return int(np.rint(weight * (dot * inverse * to_inverse) * UNIT))


def inverse_lengths(vectors: Vectors) -> Floats:
    """1 / |v| for each row, 0 where it is nought."""
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.int64)
    return np.where(squares > 0, 1 / np.sqrt(np.maximum(squares, 1)), 0.0)
