"""The largest total affinity with its proof: best arcs, auction prices, exact flow, certificate over every pair."""

from dataclasses import dataclass, replace
from typing import Any

import numba as nb
import numpy as np

from terreau.methods.assignment.auction import auction_prices
from terreau.methods.assignment.core_arcs import best_arcs, missing_arcs, near_arcs, with_arcs
from terreau.methods.assignment.exact_flow import dual_bound, hold, optimise
from terreau.methods.assignment.instance import Affinity, Flags, Floats, Ints
from terreau.methods.assignment.network import UNITS, Flow, Heap, Network, empty_flow, empty_heap, network, unit_of

COARSER = 2**8
WIDTH = 0.01  # of the largest affinity: arcs so near to being chosen stay in the core
STEPS = ((1e-6, 12), (1e-3, 60))  # ε of the auction over the largest affinity, and bids a file at the most


@dataclass(frozen=True, eq=False)
class Question:
    """affinity (f, j), barred (f, j): conflicts, places (f,), load (j,).

    offset (f,): the affinity that each file has already. enough: what no worst file needs to exceed.
    """

    affinity: Affinity
    barred: Flags
    places: Ints
    load: Ints
    offset: Floats | None = None
    enough: float = np.inf

    @property
    def had(self) -> Floats:
        return np.zeros(len(self.places)) if self.offset is None else self.offset


@dataclass(frozen=True, eq=False)
class Core:
    """A network with its optimal flow. `ceilings` (f,): the summed affinity of each file's best jurors, in units.

    had (f,): what each file has already, in units; sums, ceilings and total count it.
    """

    net: Network
    flow: Flow
    heap: Heap
    unit: float
    ceilings: Ints
    had: Ints

    @property
    def sums(self) -> Ints:
        """The summed affinity of each file (f,), in units."""
        held = self.flow.held
        total = self.had.copy()
        np.add.at(total, self.net.owner[held], self.net.affinity[held])
        return total

    @property
    def total(self) -> float:
        """The summed affinity of all."""
        return int(self.net.affinity[self.flow.held].sum() + self.had.sum()) / self.unit

    @property
    def bound(self) -> int:
        """No assignment has more weight (units)."""
        return dual_bound(self.net, self.flow) + int(self.had.sum())

    def copy(self) -> "Core":
        """The same state, free to change: weights and flow are new arrays."""
        net = self.net._replace(weight=self.net.weight.copy())
        return replace(self, net=net, flow=_copied(self.flow))

    def assigned(self) -> Ints:
        """(f, k) numbers of the jurors of each file, ascending, −1 after the last."""
        held = np.flatnonzero(self.flow.held)
        owner, juror = (array[held].astype(np.int64) for array in (self.net.owner, self.net.juror))
        return rows_of(owner, juror, self.net.places)


def _copied(flow: Flow) -> Flow:
    fresh: list[Any] = [array.copy() for array in flow]
    return Flow(*fresh)


def rows_of(files: Ints, jurors: Ints, places: Ints) -> Ints:
    """Pairs in order of file as one row a file, −1 after the last."""
    table = np.full((len(places), int(places.max(initial=0))), -1, dtype=np.int64)
    begin = np.concatenate([[0], np.cumsum(np.bincount(files, minlength=len(places)))])
    table[files, np.arange(len(files)) - begin[files]] = jurors
    return table


@nb.njit(cache=True)
def _ceilings(start: Ints, weight: Ints, places: Ints, out: Ints) -> None:
    best = np.empty(max(places.max(), np.int64(1)), dtype=np.int64)
    for f in range(len(places)):
        size, need = 0, places[f]
        for k in range(start[f], start[f + 1]):
            if need == 0 or (size == need and weight[k] <= best[size - 1]):
                continue
            size = min(size + 1, need)
            i = size - 1
            while i > 0 and best[i - 1] < weight[k]:
                best[i] = best[i - 1]
                i -= 1
            best[i] = weight[k]
        out[f] = best[:size].sum()


def best_total(q: Question, feasible: Ints | None = None, bonus: Ints | None = None) -> Core | None:
    """The assignment of largest total affinity; None where the best arcs hold none (give a feasible one then).

    feasible (n, 2): pairs (file, juror) of any complete assignment, put in the core so that it holds one.
    bonus: pairs (n, 2) that each are worth one more than all that affinity can bring (readings to keep).
    Units are coarser then, and `total` and `bound` are those of the affinity and the weight.
    """
    unit = unit_of(q.affinity) / (COARSER if bonus is not None else 1)
    net = network(*best_arcs(q.affinity, q.barred, q.places, unit), q.places, q.load)
    ceilings = np.zeros(len(q.places), dtype=np.int64)
    _ceilings(net.start, net.affinity, q.places, ceilings)
    for pairs in (feasible, bonus):
        if pairs is not None:
            net = with_arcs(net, absent(net, pairs), q.affinity, unit)[0]
    if bonus is not None:
        net.weight[numbers(net, bonus)] += round(4 * (len(q.load) + 2) * UNITS / COARSER)
    price, taken = _auctioned(net)
    if feasible is None and taken.sum() < q.places.sum():
        return None
    if feasible is not None and taken.sum() < q.places.sum():
        taken[:] = 0
        taken[numbers(net, feasible)] = 1
    net, old = near_arcs(net, price, taken, int(WIDTH * np.abs(net.affinity).max(initial=0)))
    flow = empty_flow(net)
    flow.price[:] = price
    hold(net, flow, np.flatnonzero(taken[old]))
    had = np.rint(q.had * unit).astype(np.int64)
    core = Core(net, flow, empty_heap(net), unit, ceilings + had, had)
    if not optimise(core.net, core.flow, core.heap):
        return None
    return certified(core, q)


def _auctioned(net: Network) -> tuple[Ints, Ints]:
    largest = max(int(np.abs(net.affinity).max(initial=0)), 1)
    for eps, patience in STEPS:
        price, taken = auction_prices(net, max(int(eps * largest), 1), patience)
        if taken.sum() == net.places.sum():
            break
    return price, taken


def numbers(net: Network, pairs: Ints) -> Ints:
    """The arc of each pair (file, juror); −1 where the core has none."""
    key = net.owner.astype(np.int64) * len(net.load) + net.juror
    wanted = pairs[:, 0] * len(net.load) + pairs[:, 1]
    at = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    found = key[at] == wanted if len(key) else np.zeros(len(wanted), dtype=np.bool_)
    return np.where(found, at, -1).astype(np.int64)


def absent(net: Network, pairs: Ints) -> Ints:
    """Those of the pairs that are no arc of the core, by file then juror."""
    fresh = pairs[numbers(net, pairs) < 0]
    return np.unique(fresh, axis=0) if len(fresh) else fresh.reshape(0, 2)


def extended(core: Core, pairs: Ints, q: Question) -> Core:
    """The core with these pairs as further arcs (sorted, new), held as before: only their files need a new answer."""
    net, old = with_arcs(core.net, pairs, q.affinity, core.unit)
    flow = empty_flow(net)
    flow.price[:], flow.profit[:], flow.sunk[:] = core.flow.price, core.flow.profit, core.flow.sunk
    former = np.flatnonzero(old >= 0)
    hold(net, flow, former[core.flow.held[old[former]]])
    return replace(core, net=net, flow=flow)


def _whole_rows(net: Network, q: Question) -> Flags:
    """Files that count their affinities otherwise, with every juror in the core: no certificate needed nor right."""
    flags = np.zeros(len(q.places), dtype=np.bool_)
    rows = np.unique(net.owner[net.weight != net.affinity])
    flags[rows] = np.diff(net.start)[rows] >= (~q.barred[rows]).sum(axis=1)
    return flags


def certified(core: Core, q: Question) -> Core:
    """Optimal over every allowed pair: missing arcs enter until the prices want none."""
    while True:
        whole = _whole_rows(core.net, q)
        pairs = missing_arcs(core.net, core.flow, q.affinity, q.barred, whole, core.unit)
        if not len(pairs):
            return core
        core = extended(core, pairs, q)
        optimise(core.net, core.flow, core.heap, np.unique(pairs[:, 0]))
