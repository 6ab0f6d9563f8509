"""The worst-served file first: its affinities weigh more until it gets what it can, at the least cost to the total.

A threshold on every file's summed affinity (as in PeerReview4All: Stelmakh, Shah & Singh 2018, and FairFlow: Kobren,
Saha & McCallum 2019) is priced: file f's affinities count (1 + λ_f) times. With λ, the flow stays a flow, and its
dual bounds the total of every assignment that keeps the threshold (Lagrange).
"""

from dataclasses import dataclass

import numpy as np

from terreau.methods.assignment.best_total import Core, Question, certified, extended, numbers
from terreau.methods.assignment.exact_flow import optimise
from terreau.methods.assignment.instance import Floats, Ints

STEEPEST = 4096.0  # a file that is not served by counting so much is not served
LIFTS = 60  # files lifted, or lifted again, before giving up on a threshold
HALVINGS = 16
OVERBID = 0.005


@dataclass(frozen=True, eq=False)
class Lifted:
    """Every file has `threshold` units or more; no assignment that does has a larger total than `bound` units."""

    core: Core
    threshold: int
    bound: int
    price: Floats


def lift(core: Core, q: Question, threshold: int) -> Lifted | None:
    """The flow once every file with a review has `threshold` units of affinity; None where prices do not get there."""
    core, price = core.copy(), np.zeros(len(q.places))
    base: dict[int, Ints] = {}
    times = np.zeros(len(q.places), dtype=np.int64)
    bound = core.bound
    for _ in range(LIFTS):
        sums = np.where(q.places > 0, core.sums, threshold)
        f = int(sums.argmin())
        if sums[f] >= threshold:
            done = certified(core, q)
            if done is core:
                return Lifted(core, threshold, min(bound, _bound(core, price, threshold)), price)
            core = done
            continue
        if f not in base:
            core = _whole_row(core, q, f)
            base[f] = core.net.weight[core.net.start[f] : core.net.start[f + 1]].copy()
        if not _lift_one(core, f, base[f], threshold, price):
            return None
        times[f] += 1
        if times[f] > 1:  # two files want the same juror: bidding ever so little more would never end
            bound = min(bound, _bound(certified(core, q), price, threshold))
            price[f] *= 1 + OVERBID * 2.0 ** times[f]
            _reaches(core, f, base[f], threshold, price[f])
    return None


def _bound(core: Core, price: Floats, threshold: int) -> int:
    return core.bound - int(price.sum() * threshold)


def _whole_row(core: Core, q: Question, f: int) -> Core:
    """Every allowed juror of the file in the core, so that its certificate holds whatever its affinities count."""
    jurors = np.flatnonzero(~q.barred[f])
    pairs = np.column_stack([np.full(len(jurors), f), jurors])
    pairs = pairs[numbers(core.net, pairs) < 0]
    return extended(core, pairs, q) if len(pairs) else core


def _lift_one(core: Core, f: int, base: Ints, threshold: int, price: Floats) -> bool:
    """The least λ of one file that brings it to the threshold."""
    low, high = float(price[f]), max(4 * float(price[f]), 2.0**-6)
    while not _reaches(core, f, base, threshold, high):
        low, high = high, 4 * high
        if high > STEEPEST:
            return False
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _reaches(core, f, base, threshold, middle):
            high = middle
        else:
            low = middle
    _reaches(core, f, base, threshold, high)
    price[f] = high
    return True


def _reaches(core: Core, f: int, base: Ints, threshold: int, price: float) -> bool:
    low, high = core.net.start[f : f + 2]
    affinity = core.net.affinity[low:high]
    core.net.weight[low:high] = base + np.rint(price * affinity).astype(np.int64)
    optimise(core.net, core.flow, core.heap, np.array([f]))
    return int(affinity[core.flow.held[low:high]].sum()) >= threshold
