"""Ranks and what is known of them."""

import numpy as np

from terreau.methods.scoring.reviews import Floats, Ints


def competition_ranks(value: Floats, scale: float = 1.0) -> Ints:
    """(n,) 1 for the highest; equal values (to 1e-9 of `scale`) share the best place of their group (1, 2, 2, 4)."""
    if scale > 0:
        value = np.round(value / (scale * 1e-9)) * (scale * 1e-9)
    falling = np.sort(-value)
    return np.searchsorted(falling, -value, side="left").astype(np.int64) + 1


def rank_intervals(draws: Floats, level: float) -> tuple[Ints, Ints]:
    """(n,), (n,) the central interval that holds `level` of the ranks of each column of `draws` (d, n).

    A draw is sorted as whole numbers, its order in the high bits and the column in the low ones: vectorised sorts of
    whole numbers are several times faster than sorts of indices.
    """
    count, n = draws.shape
    bits = max(1, int(n - 1).bit_length())
    low = float(draws.min())
    scale = 2.0 ** (62 - bits) / max(float(draws.max()) - low, 1e-300)
    keys = ((draws - low) * min(scale, 1e300)).astype(np.int64) << bits
    keys |= np.arange(n)
    keys.sort(axis=1)
    keys &= (1 << bits) - 1
    ranks = np.empty((count, n), dtype=np.int32)
    np.put_along_axis(ranks, keys, np.arange(n, 0, -1, dtype=np.int32)[None, :], axis=1)
    ranks = np.ascontiguousarray(ranks.T)
    ranks.sort(axis=1)
    first = int(np.floor((1 - level) / 2 * (count - 1)))
    return ranks[:, first].astype(np.int64), ranks[:, count - 1 - first].astype(np.int64)
