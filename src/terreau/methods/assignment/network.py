"""The core of an assignment as arrays that compiled kernels share: a few arcs a file, prices, who holds what.

Weights and prices are integers, so that ties, optimality and its certificate are exact. The unit is 2⁻³⁶ of the
largest affinity; a float32 within a 4 000th of the largest is represented without loss.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from terreau.methods.assignment.instance import Affinity, Flags, Ints

type Small = NDArray[np.int32]
UNITS = 2.0**36


class Network(NamedTuple):
    """m arcs in rows of files: those of file f are start[f]..start[f + 1], by juror, ascending.

    juror, owner (m,): the ends of an arc. affinity (m,): in units. weight (m,): what the flow maximises (affinity,
    plus what a re-assignment gives for keeping, plus what fairness adds). places (f,), load (j,).
    """

    start: Ints
    juror: Small
    owner: Small
    affinity: Ints
    weight: Ints
    places: Ints
    load: Ints


class Flow(NamedTuple):
    """Prices and who holds what. Invariant: a file holds the arcs of largest weight − price (complementary slackness).

    price (j + 1,): of a place, the last one of a place left free. profit (f,): the least weight − price held.
    held (m,). reads (j,): files of each juror. sunk (j + 1,): places counted as sold; the last: their sum.
    first (j,), after (m,), before (m,): the held arcs of each juror as a chained list, −1 at the ends.
    """

    price: Ints
    profit: Ints
    held: Flags
    reads: Ints
    sunk: Ints
    first: Ints
    after: Ints
    before: Ints


class Heap(NamedTuple):
    """An indexed binary heap over files, jurors and the free place, with the labels of a shortest-path search."""

    nodes: Ints
    where: Ints
    distance: Ints
    via: Ints
    touched: Ints
    sizes: Ints


def unit_of(affinity: Affinity) -> float:
    """How many units one point of affinity is worth: a power of two."""
    largest = max(float(affinity.max(initial=0.0)), -float(affinity.min(initial=0.0)))
    return float(2.0 ** np.floor(np.log2(UNITS / largest))) if largest > 0 else 1.0


def network(start: Ints, juror: Small, affinity: Ints, places: Ints, load: Ints) -> Network:
    """The network whose flow maximises affinity; loads beyond the number of files are cut to it."""
    owner = np.repeat(np.arange(len(places), dtype=np.int32), np.diff(start))
    return Network(start, juror, owner, affinity, affinity.copy(), places, np.minimum(load, len(places)))


def empty_flow(net: Network) -> Flow:
    """Nothing held, every price zero."""
    files, jurors, arcs = len(net.places), len(net.load), len(net.juror)
    return Flow(
        np.zeros(jurors + 1, dtype=np.int64),
        np.zeros(files, dtype=np.int64),
        np.zeros(arcs, dtype=np.bool_),
        np.zeros(jurors, dtype=np.int64),
        np.zeros(jurors + 1, dtype=np.int64),
        np.full(jurors, -1, dtype=np.int64),
        np.full(arcs, -1, dtype=np.int64),
        np.full(arcs, -1, dtype=np.int64),
    )


def empty_heap(net: Network) -> Heap:
    size = len(net.places) + len(net.load) + 1
    nodes, where, distance, via, touched = np.full((5, size), -1, dtype=np.int64)
    return Heap(nodes, where, distance, via, touched, np.zeros(2, dtype=np.int64))
