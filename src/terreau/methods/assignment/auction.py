"""Prices by auction (Bertsekas 1988; similar objects: Bertsekas & Castañon 1989): a good start for the exact flow.

A file short of jurors bids for the best places at current prices, up to what its next choice is worth, plus ε; the
lowest bid of a full juror gives way and becomes the price. Nothing is proved here: the flow is exact from any prices.
"""

from typing import NamedTuple

import numba as nb
import numpy as np

from terreau.methods.assignment.instance import Ints
from terreau.methods.assignment.network import Network


class Sale(NamedTuple):
    """bid, arc (Σ load,): the offers held by each juror in slots[j]..slots[j + 1], sold[j] of them in use.

    price (j,). has (f,): jurors of each file; taken (m,): held arcs; queue (f + 1,): files that still bid.
    """

    slots: Ints
    bid: Ints
    arc: Ints
    sold: Ints
    price: Ints
    has: Ints
    taken: Ints
    queue: Ints


@nb.njit(cache=True)
def _choices(net: Network, sale: Sale, f: int, need: int, arcs: Ints, values: Ints) -> int:
    """The `need` + 1 best places that the file does not hold, best first; how many there are."""
    size = 0
    for k in range(net.start[f], net.start[f + 1]):
        if sale.taken[k] or net.load[net.juror[k]] == 0:
            continue
        value = net.weight[k] - sale.price[net.juror[k]]
        if size == need + 1 and value <= values[size - 1]:
            continue
        size = min(size + 1, need + 1)
        i = size - 1
        while i > 0 and values[i - 1] < value:
            values[i], arcs[i] = values[i - 1], arcs[i - 1]
            i -= 1
        values[i], arcs[i] = value, k
    return size


@nb.njit(cache=True)
def _take(net: Network, sale: Sale, k: int, bid: int) -> int:
    """The arc gets a place of its juror; the file that loses one for it, or −1."""
    j = net.juror[k]
    low, loser = sale.slots[j], -1
    size = sale.sold[j]
    if size < net.load[j]:
        slot = low + size
        sale.sold[j] += 1
    else:
        slot = low + np.argmin(sale.bid[low : low + size])
        loser = net.owner[sale.arc[slot]]
        sale.taken[sale.arc[slot]] = 0
        sale.has[loser] -= 1
    sale.bid[slot], sale.arc[slot] = bid, k
    sale.taken[k] = 1
    if sale.sold[j] == net.load[j]:
        sale.price[j] = sale.bid[low : low + net.load[j]].min()
    return loser


@nb.njit(cache=True)
def _bid(net: Network, sale: Sale, f: int, eps: int, arcs: Ints, values: Ints, losers: Ints) -> int:
    """One file bids for all that it lacks; the files that lost a place."""
    need = net.places[f] - sale.has[f]
    size = _choices(net, sale, f, need, arcs, values)
    lost = 0
    last = values[size - 1] if size else 0
    for i in range(min(need, size)):
        price = sale.price[net.juror[arcs[i]]]
        loser = _take(net, sale, arcs[i], price + values[i] - last + eps)
        sale.has[f] += 1
        if loser >= 0:
            losers[lost] = loser
            lost += 1
    return lost


@nb.njit(cache=True)
def _run(net: Network, sale: Sale, eps: int, budget: int) -> int:
    files = len(net.places)
    widest = net.places.max() + 1
    arcs, values, losers = np.empty(widest, np.int64), np.empty(widest, np.int64), np.empty(widest, np.int64)
    waits = np.ones(files, dtype=np.bool_)
    sale.queue[:files] = np.arange(files)
    head, size, bids = 0, files, 0
    while size > 0 and bids < budget:
        f = sale.queue[head]
        head, size = (head + 1) % files, size - 1
        waits[f] = False
        lost = _bid(net, sale, f, eps, arcs, values, losers)
        bids += 1
        for i in range(lost):
            if not waits[losers[i]]:
                waits[losers[i]] = True
                sale.queue[(head + size) % files] = losers[i]
                size += 1
    return bids


def auction_prices(net: Network, eps: int, patience: int = 12) -> tuple[Ints, Ints]:
    """(price (j + 1,), taken (m,) 0/1) after an auction with increments `eps`, at most `patience` bids a file."""
    files, jurors = len(net.places), len(net.load)
    slots = np.concatenate([[0], np.cumsum(net.load)])
    zeros = [np.zeros(n, dtype=np.int64) for n in (slots[-1], slots[-1], jurors, jurors, files, len(net.juror), files)]
    sale = Sale(slots, *zeros)
    _run(net, sale, eps, patience * files)
    price = np.append(np.where(sale.sold == net.load, sale.price - eps, 0), 0)  # without ε, the last bidder is content
    return np.maximum(price, 0), sale.taken
