"""Who read what, as a graph of files and jurors: its parts, and the files that alone hold them together."""

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from terreau.methods.scoring.reviews import Ints, Reviews


def parts(reviews: Reviews) -> tuple[Ints, Ints]:
    """The part of each file (n,) and of each juror (m,), from 0, the largest first; -1 where nothing was read.

    Two files of different parts share no juror, even through others: nothing in the scores compares them.
    """
    n, m = reviews.files, reviews.jurors
    edges = coo_array((np.ones(len(reviews.juror)), (reviews.file, n + reviews.juror)), shape=(n + m, n + m))
    label = connected_components(edges, directed=False)[1]
    read = np.zeros(n + m, dtype=bool)
    read[reviews.file] = True
    read[n + reviews.juror] = True
    used, first, size = np.unique(label[:n][read[:n]], return_index=True, return_counts=True)
    number = np.full(label.max() + 1, -1, dtype=np.int64)
    number[used[np.lexsort((first, -size))]] = np.arange(len(used))
    part = np.where(read, number[label], -1)
    return part[:n], part[n:]


def bridges(reviews: Reviews) -> Ints:
    """Files, ascending, without which other files that are now comparable could no longer be compared.

    They are the cut vertices of the graph (Tarjan 1972) of which two sides or more hold a file.
    """
    n, m = reviews.files, reviews.jurors
    order = np.argsort(reviews.juror, kind="stable")
    ends = np.concatenate([reviews.juror + n, reviews.file[order]]).astype(np.int64)
    degree = np.concatenate([reviews.counts, np.bincount(reviews.juror, minlength=m)])
    start = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    return np.flatnonzero(_cut_files(start, ends, n)).astype(np.int64)


@njit(cache=True)
def _cut_files(start: Ints, ends: Ints, n: int) -> NDArray[np.bool_]:  # noqa: C901 - one depth-first walk
    """True for the files whose removal leaves two sides or more that hold a file each."""
    size = len(start) - 1
    seen, low = np.zeros(size, np.int64), np.zeros(size, np.int64)
    parent, nxt = np.full(size, -1), start[:-1].copy()
    below, cut_below, sides = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    total, clock = np.zeros(size, np.int64), 0
    root_of = np.zeros(size, np.int64)
    for root in range(n):
        if seen[root]:
            continue
        at = root
        while at >= 0:
            if not seen[at]:
                clock += 1
                seen[at] = low[at] = clock
                below[at] = 1 if at < n else 0
                root_of[at] = root
            if nxt[at] < start[at + 1]:
                to = ends[nxt[at]]
                nxt[at] += 1
                if not seen[to]:
                    parent[to] = at
                    at = to
                elif to != parent[at]:
                    low[at] = min(low[at], seen[to])
                continue
            up = parent[at]
            if up >= 0:
                low[up] = min(low[up], low[at])
                below[up] += below[at]
                if low[at] >= seen[up] and below[at] > 0:
                    cut_below[up] += below[at]
                    sides[up] += 1
            at = up
        total[root] = below[root]
    cut = np.zeros(n, dtype=np.bool_)
    for v in range(n):
        above = total[root_of[v]] - 1 - cut_below[v]
        cut[v] = sides[v] + (1 if above > 0 else 0) >= 2
    return cut
