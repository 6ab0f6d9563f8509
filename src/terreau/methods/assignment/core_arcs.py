"""Which arcs enter the core: the best of each file at first, then those that the prices show to be missing."""

import numba as nb
import numpy as np

from terreau.methods.assignment.instance import Affinity, Flags, Ints
from terreau.methods.assignment.network import UNITS, Flow, Network, Small

REACH = 48  # arcs of a file in the first core
STRIDE = 8  # one juror in so many tells where the best of a row begin
LARGEST_INT = 2**62
WHOLE = 96  # so few jurors: every arc is in the core


@nb.njit(cache=True)
def _sampled_level(row: Affinity, barred: Flags, buffer: Affinity) -> float:
    """A level that about STRIDE × len(buffer) entries of the row reach."""
    size, least = 0, np.intp(0)
    for j in range(0, len(row), STRIDE):
        value = row[j]
        if barred[j] or (size == len(buffer) and value <= buffer[least]):
            continue
        if size < len(buffer):
            buffer[size] = value
            size += 1
        else:
            buffer[least] = value
        least = np.argmin(buffer[:size])
    return buffer[least] if size == len(buffer) else -np.inf


@nb.njit(cache=True)
def _levels(affinity: Affinity, barred: Flags, places: Ints, levels: Affinity, start: Ints) -> None:
    buffer = np.empty(REACH // STRIDE, dtype=np.float32)
    for f in range(len(affinity)):
        row, closed = affinity[f], barred[f]
        level = np.float32(_sampled_level(row, closed, buffer))
        count = 0
        for j in range(len(row)):
            count += (row[j] >= level) & (not closed[j])
        if count < places[f] + 2:
            level = np.float32(-np.inf)
            count = len(row) - closed.sum()
        levels[f] = level
        start[f + 1] = start[f] + count


@nb.njit(cache=True)
def _gather(affinity: Affinity, barred: Flags, levels: Affinity, unit: float, juror: Small, weight: Ints) -> None:
    k = 0
    for f in range(len(affinity)):
        for j in range(affinity.shape[1]):
            if affinity[f, j] >= levels[f] and not barred[f, j]:
                juror[k] = j
                weight[k] = np.int64(np.rint(np.float64(affinity[f, j]) * unit))
                k += 1


def best_arcs(affinity: Affinity, barred: Flags, places: Ints, unit: float) -> tuple[Ints, Small, Ints]:
    """(start, juror, weight) of the best arcs of each file: all that are allowed where jurors are few."""
    start = np.zeros(len(affinity) + 1, dtype=np.int64)
    levels = np.full(len(affinity), -np.inf, dtype=np.float32)
    if affinity.shape[1] <= WHOLE:
        np.cumsum((~barred).sum(axis=1), out=start[1:])
    else:
        _levels(affinity, barred, places, levels, start)
    juror = np.empty(start[-1], dtype=np.int32)
    weight = np.empty(start[-1], dtype=np.int64)
    _gather(affinity, barred, levels, unit, juror, weight)
    return start, juror, weight


@nb.njit(cache=True)
def _missing_in_row(net: Network, flow: Flow, f: int, row: Affinity, barred: Flags, unit: float, out: Ints) -> int:
    """How many allowed arcs of file f beat its profit and are not in the core; their jurors go to `out`. Exact."""
    found, k, end = 0, net.start[f], net.start[f + 1]
    for j in range(len(row)):
        while k < end and net.juror[k] < j:
            k += 1
        if barred[j] or (k < end and net.juror[k] == j):
            continue
        if np.int64(np.rint(np.float64(row[j]) * unit)) - flow.price[j] > flow.profit[f]:
            out[found] = j
            found += 1
    return found


@nb.njit(cache=True)
def _suspects(row: Affinity, price: Affinity, barred: Flags, level: float) -> int:
    count, low = 0, np.float32(level)
    for j in range(len(row)):
        count += (row[j] - price[j] > low) & (not barred[j])
    return count


@nb.njit(cache=True)
def _missing(net: Network, flow: Flow, affinity: Affinity, barred: Flags, whole: Flags, unit: float) -> Ints:
    """Pairs (file, juror) that the prices want and the core lacks; a quick pass tells where to look closely."""
    files, jurors = affinity.shape
    price = (flow.price[:jurors] / unit).astype(np.float32)
    blur = 4e-7 * (np.abs(price).max() + 2 * UNITS / unit)
    room = max(jurors, 1024)
    pairs, size, out = np.empty((room, 2), dtype=np.int64), 0, np.empty(jurors, dtype=np.int64)
    for f in range(files):
        if whole[f]:
            continue
        level = flow.profit[f] / unit - blur
        if _suspects(affinity[f], price, barred[f], level) <= net.places[f]:
            continue
        found = _missing_in_row(net, flow, f, affinity[f], barred[f], unit, out)
        if size + found > len(pairs):
            wider = np.empty((2 * len(pairs) + found, 2), dtype=np.int64)
            wider[:size] = pairs[:size]
            pairs = wider
        pairs[size : size + found, 0] = f
        pairs[size : size + found, 1] = out[:found]
        size += found
    return pairs[:size]


def missing_arcs(net: Network, flow: Flow, affinity: Affinity, barred: Flags, whole: Flags, unit: float) -> Ints:
    """The certificate: no pair (file, juror) is returned exactly when the core's optimum is that of all arcs.

    `whole` (f,) marks files of which every arc is in the core already. Prices must be normalised.
    """
    if whole.all():
        return np.empty((0, 2), dtype=np.int64)
    found: Ints = _missing(net, flow, affinity, barred, whole, unit)
    return found


@nb.njit(cache=True)
def _merged(net: Network, pairs: Ints, old: Ints, start: Ints, juror: Small) -> None:
    """Rows with the new jurors in their places; `old` tells the arc each came from, −1 for new ones."""
    at, k = 0, 0
    for f in range(len(net.places)):
        i, end = net.start[f], net.start[f + 1]
        while i < end or (at < len(pairs) and pairs[at, 0] == f):
            fresh = at < len(pairs) and pairs[at, 0] == f and (i >= end or pairs[at, 1] < net.juror[i])
            juror[k] = pairs[at, 1] if fresh else net.juror[i]
            old[k] = -1 if fresh else i
            at += fresh
            i += not fresh
            k += 1
        start[f + 1] = k


def with_arcs(net: Network, pairs: Ints, affinity: Affinity, unit: float) -> tuple[Network, Ints]:
    """The network with these (file, juror) pairs (sorted, new) as arcs, and the former number of each arc or −1."""
    size = len(net.juror) + len(pairs)
    start, juror = np.zeros(len(net.start), dtype=np.int64), np.empty(size, dtype=np.int32)
    old = np.empty(size, dtype=np.int64)
    _merged(net, pairs, old, start, juror)
    fresh = old < 0
    values = np.empty(size, dtype=np.int64)
    values[~fresh] = net.affinity[old[~fresh]]
    values[fresh] = np.rint(affinity[pairs[:, 0], pairs[:, 1]].astype(np.float64) * unit).astype(np.int64)
    weight = values.copy()
    weight[~fresh] = net.weight[old[~fresh]]
    owner = np.repeat(np.arange(len(net.places), dtype=np.int32), np.diff(start))
    return Network(start, juror, owner, values, weight, net.places, net.load), old


@nb.njit(cache=True)
def _near(net: Network, price: Ints, taken: Ints, width: int, keep: Flags) -> None:
    """Marks the arcs held, those worth more than their affinity, and those within `width` of the least held."""
    for f in range(len(net.places)):
        low, high = net.start[f], net.start[f + 1]
        least = LARGEST_INT
        for k in range(low, high):
            if taken[k]:
                least = min(least, net.weight[k] - price[net.juror[k]])
        for k in range(low, high):
            special = net.weight[k] != net.affinity[k]
            keep[k] = taken[k] or special or net.weight[k] - price[net.juror[k]] >= least - width


def near_arcs(net: Network, price: Ints, taken: Ints, width: int) -> tuple[Network, Ints]:
    """The network cut down to arcs that may matter near these prices, and the former number of each."""
    keep = np.zeros(len(net.juror), dtype=np.bool_)
    _near(net, price, taken, width, keep)
    old = np.flatnonzero(keep)
    start = np.concatenate([[0], np.cumsum(keep)])[net.start]
    arrays = (net.juror[old], net.owner[old], net.affinity[old], net.weight[old])
    return Network(start, *arrays, net.places, net.load), old
