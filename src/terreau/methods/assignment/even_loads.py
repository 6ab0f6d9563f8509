"""The third level: loads as even as exchanges can make them that change neither the worst file nor the total.

A reading moves from a busy juror to one with two files less or fewer, along a chain of exchanges between equals
(reduced cost zero, which is exact in whole units). No such chain left: the sum of squared loads is least.
"""

from dataclasses import replace

import numba as nb
import numpy as np

from terreau.methods.assignment.best_total import Question
from terreau.methods.assignment.exact_flow import _link, _unlink
from terreau.methods.assignment.instance import Floats, Ints
from terreau.methods.assignment.levels import Level
from terreau.methods.assignment.network import Flow, Network

PRICED = 0.0  # a file whose affinities count more must not lose any


@nb.njit(cache=True)
def _visit(net: Network, flow: Flow, u: int, fixed: Ints, slack: Ints, via: Ints, queue: Ints, tail: int) -> int:
    """Jurors who can take over one reading of u at no loss; `via[v]` is the pair of arcs (out × m + in)."""
    out = flow.first[u]
    while out >= 0:
        f = net.owner[out]
        for k in range(net.start[f], net.start[f + 1]):
            v = net.juror[k]
            loss = net.affinity[out] - net.affinity[k]
            level = net.weight[out] - flow.price[u] == net.weight[k] - flow.price[v]
            fair = loss == 0 if fixed[f] else loss <= 0 or loss * net.places[f] <= slack[f]
            if not flow.held[k] and via[v] == -1 and level and fair and net.load[v] > 0:
                via[v] = out * len(net.juror) + k
                queue[tail] = v
                tail += 1
        out = flow.after[out]
    return tail


@nb.njit(cache=True)
def _relieve(net: Network, flow: Flow, root: int, fixed: Ints, slack: Ints, via: Ints, queue: Ints) -> bool:
    """Moves one reading away from a juror, if a chain leads to one with two less."""
    via[:] = -1
    via[root] = -2
    queue[0] = root
    head, tail = 0, 1
    while head < tail:
        u = queue[head]
        head += 1
        if flow.reads[u] <= flow.reads[root] - 2 and flow.price[u] == 0:
            _shift(net, flow, root, u, slack, via)
            return True
        tail = _visit(net, flow, u, fixed, slack, via, queue, tail)
    return False


@nb.njit(cache=True)
def _shift(net: Network, flow: Flow, root: int, end: int, slack: Ints, via: Ints) -> None:
    m, v = len(net.juror), end
    while v != root:
        out, k = via[v] // m, via[v] % m
        v = net.juror[out]
        slack[net.owner[out]] += net.affinity[k] - net.affinity[out]
        _unlink(net, flow, out)
        _link(net, flow, k)


@nb.njit(cache=True)
def _level(net: Network, flow: Flow, fixed: Ints, slack: Ints, rounds: int) -> int:
    jurors, moves = len(net.load), 0
    via, queue = np.empty(jurors, dtype=np.int64), np.empty(jurors + 1, dtype=np.int64)
    for _ in range(rounds):
        before = moves
        for j in np.argsort(-flow.reads):
            while flow.price[j] == 0 and flow.reads[j] > 1 and _relieve(net, flow, j, fixed, slack, via, queue):
                moves += 1
        if moves == before:
            break
    return moves


def even(level: Level, q: Question) -> Level:
    """The same worst file and the same total, with loads as even as exchanges make them."""
    core = level.core
    if core is None or not len(q.places):
        return level
    core = core.copy()
    price: Floats = np.zeros(len(q.places)) if level.price is None else level.price
    floor = int(core.sums[q.places > 0].min(initial=2**62))
    fixed = (price > PRICED).astype(np.int64)
    if _level(core.net, core.flow, fixed, core.sums - floor, 20) == 0:
        return level
    return replace(level, assigned=core.assigned(), core=core)
