"""The largest total weight, exactly: shortest augmenting paths that mend any prices (Ahuja, Magnanti & Orlin, ch. 9).

Each file first takes its best places at the given prices; jurors asked too much hand readings on, along the cheapest
chains of exchanges, to those asked too little or to free places. Reduced costs stay ≥ 0, so the end is optimal.
"""

import numba as nb
import numpy as np

from terreau.methods.assignment.instance import Ints
from terreau.methods.assignment.network import Flow, Heap, Network

UNWANTED = 2**60  # the profit of a file without a review: no arc is worth more


@nb.njit(cache=True)
def _link(net: Network, flow: Flow, k: int) -> None:
    j = net.juror[k]
    flow.held[k] = True
    flow.after[k], flow.before[k] = flow.first[j], -1
    if flow.first[j] >= 0:
        flow.before[flow.first[j]] = k
    flow.first[j] = k
    flow.reads[j] += 1


@nb.njit(cache=True)
def _unlink(net: Network, flow: Flow, k: int) -> None:
    j = net.juror[k]
    flow.held[k] = False
    after, before = flow.after[k], flow.before[k]
    if before >= 0:
        flow.after[before] = after
    else:
        flow.first[j] = after
    if after >= 0:
        flow.before[after] = before
    flow.reads[j] -= 1


@nb.njit(cache=True)
def best_response(net: Network, flow: Flow, f: int, arcs: Ints, keys: Ints) -> None:
    """The file takes its best places at current prices; among equals those that it holds, then the first jurors."""
    size, need = 0, net.places[f]
    for k in range(net.start[f], net.start[f + 1]):
        key = 2 * (net.weight[k] - flow.price[net.juror[k]]) + flow.held[k]
        if size == need and (need == 0 or key <= keys[size - 1]):
            continue
        size = min(size + 1, need)
        i = size - 1
        while i > 0 and keys[i - 1] < key:
            keys[i], arcs[i] = keys[i - 1], arcs[i - 1]
            i -= 1
        keys[i], arcs[i] = key, k
    for k in range(net.start[f], net.start[f + 1]):
        if flow.held[k]:
            _unlink(net, flow, k)
    for i in range(size):
        _link(net, flow, arcs[i])
    flow.profit[f] = keys[size - 1] // 2 if size else UNWANTED


@nb.njit(cache=True)
def _sell(net: Network, flow: Flow) -> None:
    """Places counted as sold: all of those that have a price, of the others as many as are asked for."""
    ground = len(net.load)
    flow.sunk[ground] = 0
    for j in range(ground):
        dear = flow.price[j] > flow.price[ground]
        flow.sunk[j] = net.load[j] if dear else min(flow.reads[j], net.load[j])
        flow.sunk[ground] += flow.sunk[j]


@nb.njit(cache=True)
def _raise_label(heap: Heap, v: int, distance: int, via: int) -> None:
    """A shorter way to v: its label and its place in the heap."""
    if heap.distance[v] < 0:
        heap.touched[heap.sizes[1]] = v
        heap.sizes[1] += 1
        heap.where[v] = heap.sizes[0]
        heap.sizes[0] += 1
    elif heap.where[v] < 0 or heap.distance[v] <= distance:
        return
    heap.distance[v], heap.via[v] = distance, via
    i = heap.where[v]
    while i > 0:
        up = (i - 1) // 2
        if heap.distance[heap.nodes[up]] <= distance:
            break
        heap.nodes[i] = heap.nodes[up]
        heap.where[heap.nodes[i]] = i
        i = up
    heap.nodes[i] = v
    heap.where[v] = i


@nb.njit(cache=True)
def _pop(heap: Heap) -> int:
    top = int(heap.nodes[0])
    heap.where[top] = -2
    heap.sizes[0] -= 1
    size = heap.sizes[0]
    if size == 0:
        return top
    v = heap.nodes[size]
    i = 0
    while 2 * i + 1 < size:
        c = 2 * i + 1
        if c + 1 < size and heap.distance[heap.nodes[c + 1]] < heap.distance[heap.nodes[c]]:
            c += 1
        if heap.distance[heap.nodes[c]] >= heap.distance[v]:
            break
        heap.nodes[i] = heap.nodes[c]
        heap.where[heap.nodes[i]] = i
        i = c
    heap.nodes[i] = v
    heap.where[v] = i
    return top


@nb.njit(cache=True)
def _leave_file(net: Network, flow: Flow, heap: Heap, f: int) -> None:
    files, at = len(net.places), heap.distance[f]
    for k in range(net.start[f], net.start[f + 1]):
        if not flow.held[k]:
            j = net.juror[k]
            _raise_label(heap, files + j, at + flow.profit[f] - net.weight[k] + flow.price[j], k)


@nb.njit(cache=True)
def _leave_juror(net: Network, flow: Flow, heap: Heap, j: int) -> None:
    files, ground = len(net.places), len(net.load)
    at = heap.distance[files + j]
    k = flow.first[j]
    while k >= 0:
        f = net.owner[k]
        _raise_label(heap, f, at + net.weight[k] - flow.price[j] - flow.profit[f], k)
        k = flow.after[k]
    if flow.sunk[j] < net.load[j]:
        _raise_label(heap, files + ground, at + flow.price[ground] - flow.price[j], j)


@nb.njit(cache=True)
def _leave_ground(net: Network, flow: Flow, heap: Heap) -> None:
    files, ground = len(net.places), len(net.load)
    at = heap.distance[files + ground]
    for j in range(ground):
        if flow.sunk[j] > 0:
            _raise_label(heap, files + j, at + flow.price[j] - flow.price[ground], -2)


@nb.njit(cache=True)
def _excess(flow: Flow, net: Network, j: int, wanted: int) -> int:
    """How many more readings a juror (or the free places) must hand on; negative: takes."""
    ground = len(net.load)
    return int(flow.reads[j] - flow.sunk[j] if j < ground else flow.sunk[ground] - wanted)


@nb.njit(cache=True)
def _search(net: Network, flow: Flow, heap: Heap, source: int, wanted: int) -> int:
    """The nearest juror (or the free places) that lacks readings, from one that has too many; −1 for none."""
    files, ground = len(net.places), len(net.load)
    for i in range(heap.sizes[1]):
        heap.distance[heap.touched[i]] = -1
        heap.where[heap.touched[i]] = -1
    heap.sizes[0], heap.sizes[1] = 0, 0
    _raise_label(heap, files + source, 0, -1)
    while heap.sizes[0] > 0:
        v = _pop(heap)
        if v < files:
            _leave_file(net, flow, heap, v)
            continue
        if _excess(flow, net, v - files, wanted) < 0:
            return v
        if v - files < ground:
            _leave_juror(net, flow, heap, v - files)
        else:
            _leave_ground(net, flow, heap)
    return -1


@nb.njit(cache=True)
def _reprice(net: Network, flow: Flow, heap: Heap, target: int) -> None:
    files, end = len(net.places), heap.distance[target]
    for i in range(heap.sizes[1]):
        v = heap.touched[i]
        rise = end - heap.distance[v]
        if rise <= 0:
            continue
        if v < files:
            flow.profit[v] -= rise
        else:
            flow.price[v - files] += rise


@nb.njit(cache=True)
def _augment(net: Network, flow: Flow, heap: Heap, target: int) -> None:
    files, ground = len(net.places), len(net.load)
    v = target
    while heap.via[v] != -1:
        via = heap.via[v]
        if v < files:
            _unlink(net, flow, via)
            v = files + net.juror[via]
        elif v == files + ground:
            flow.sunk[via] += 1
            flow.sunk[ground] += 1
            v = files + via
        elif via == -2:
            flow.sunk[v - files] -= 1
            flow.sunk[ground] -= 1
            v = files + ground
        else:
            _link(net, flow, via)
            v = net.owner[via]


@nb.njit(cache=True)
def _mend(net: Network, flow: Flow, heap: Heap) -> int:
    """Hands excess on until every juror is balanced; the number of paths, −1 where the core has no assignment."""
    ground, paths = len(net.load), 0
    wanted = int(net.places.sum())
    for j in range(ground + 1):
        while _excess(flow, net, j, wanted) > 0:
            target = _search(net, flow, heap, j, wanted)
            if target < 0:
                return -1
            _reprice(net, flow, heap, target)
            _augment(net, flow, heap, target)
            paths += 1
    shift = flow.price[ground]
    if shift != 0:
        flow.price[:] -= shift
        flow.profit[:] += shift
    np.maximum(flow.price, 0, flow.price)  # of jurors who read nothing, no place being sold, any price will do
    return paths


@nb.njit(cache=True)
def _respond(net: Network, flow: Flow, files: Ints) -> None:
    widest = max(net.places.max(), np.int64(1))
    arcs, keys = np.empty(widest, dtype=np.int64), np.empty(widest, dtype=np.int64)
    for f in files:
        best_response(net, flow, f, arcs, keys)
    _sell(net, flow)


@nb.njit(cache=True)
def _hold(net: Network, flow: Flow, arcs: Ints) -> None:
    for k in arcs:
        _link(net, flow, k)


def hold(net: Network, flow: Flow, arcs: Ints) -> None:
    """These arcs are held from the start: among equals, files keep them."""
    _hold(net, flow, arcs)


def optimise(net: Network, flow: Flow, heap: Heap, files: Ints | None = None) -> bool:
    """Makes `flow` optimal after new prices or weights (of `files` alone, if given); False where none exists."""
    _respond(net, flow, np.arange(len(net.places)) if files is None else files)
    return bool(_mend(net, flow, heap) >= 0)


def dual_bound(net: Network, flow: Flow) -> int:
    """No assignment has more weight than this: Σ best weight − price of each file + Σ price × load."""
    best = net.weight[flow.held] - flow.price[net.juror[flow.held]]
    return int(best.sum() + flow.price[:-1] @ net.load)
