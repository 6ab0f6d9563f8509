"""Ranks and what is known of them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from terreau.methods.scoring.reviews import Floats, Ints


def competition_ranks(value: Floats, scale: float = 1.0) -> Ints:
    """(n,) 1 for the highest; equal values (to 1e-9 of `scale`) share the best place of their group (1, 2, 2, 4)."""
    if scale > 0:
        value = np.round(value / (scale * 1e-9)) * (scale * 1e-9)
    falling = np.sort(-value)
    return np.searchsorted(falling, -value, side="left").astype(np.int64) + 1


@njit(cache=True)
def _ranks_of_draws(draws: Floats) -> NDArray[np.int32]:
    count, n = draws.shape
    ranks = np.empty((n, count), dtype=np.int32)
    for d in range(count):
        order = np.argsort(-draws[d])
        for place in range(n):
            ranks[order[place], d] = place + 1
    return ranks


def rank_intervals(draws: Floats, level: float) -> tuple[Ints, Ints]:
    """(n,), (n,) the central interval that holds `level` of the ranks of each column of `draws` (d, n)."""
    ranks = _ranks_of_draws(np.ascontiguousarray(draws))
    ranks.sort(axis=1)
    last = ranks.shape[1] - 1
    low = int(np.floor((1 - level) / 2 * last))
    return ranks[:, low].astype(np.int64), ranks[:, last - low].astype(np.int64)
