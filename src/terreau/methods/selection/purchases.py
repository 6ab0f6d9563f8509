"""The inner loop of the method of equal shares, in floating point with bounds on every rounding.

It buys project after project as long as each choice is beyond doubt; where rounding could hide a tie or a voter who
pays their last cent, it stops and hands over (`purchases_exact.py` decides in integers).

Projects are numbered in the order that breaks ties. A supporter of weight w pays w × price, or all they have left
where that is less; the rate of a project is its price divided by its unit of satisfaction. Arrays, for p projects, v
voters, e supports: `start` (p + 1,), `voter` (e,), `weight` (e,) list the supporters of each project.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from terreau.methods.selection.instance import Floats, Ints

type Bools = NDArray[np.bool_]

NEVER = int(np.iinfo(np.int64).max)
DOUBT = 1e-12  # of a voter's share: how far what they have left may be from its exact value (checked afterwards)
NEAR = 1e-9  # relative distance below which a voter may be either side of the price
EPS = 2.0**-52
LARGEST = 2.0**62
DONE, UNSURE = 0, 1


class Market(NamedTuple):
    """Who may buy what: the ballots by voter (see `Ballots`; points of 0 support nothing), then by project.

    Within a project, the purchases put the supporters who still have money first.
    """

    indptr: Ints
    projects: Ints
    points: Ints
    start: Ints
    voter: NDArray[np.int32]
    weight: Floats
    total: Floats
    cost: Ints
    unit: Ints

    @property
    def voters(self) -> int:
        return len(self.indptr) - 1


class State(NamedTuple):
    """Where the purchases stand; the arrays are written in place.

    left (v,): money, exactly 0 for voters who have nothing left; gone (v,): 2 × step of the purchase that they joined
    with less than the price, 2 × step + 1 where the price was all they had, NEVER while they have money.
    end (p,): the supporters with money come before it in the project's list; bound (p,): a rate that the project cannot
    beat, infinite once bought or out of reach; order and price (p,) by step; candidate (p,): who may be next.
    """

    left: Floats
    gone: Ints
    end: Ints
    bound: Floats
    order: Ints
    price: Floats
    candidate: Bools


def opening(market: Market, budget: int) -> State:
    """Before the first purchase: everyone has an equal share, nothing is bought."""
    size, supports = len(market.cost), np.diff(market.start)
    bound = np.full(size, np.inf)
    np.divide(market.cost / market.unit * (1.0 - 4.0 * EPS), market.total, out=bound, where=supports > 0)
    return State(
        np.full(market.voters, budget / market.voters),
        np.full(market.voters, NEVER),
        market.start[1:].copy(),
        bound,
        np.full(size, -1, np.int64),
        np.zeros(size),
        np.zeros(size, np.bool_),
    )


@njit(cache=True)
def transpose(
    indptr: Ints, projects: Ints, points: Ints, kept: Bools, size: int
) -> tuple[Ints, NDArray[np.int32], Floats, Floats]:
    """`start`, `voter`, `weight` of a market, and the sum of the weights of each project."""
    start = np.zeros(size + 1, np.int64)
    for e in range(len(projects)):
        if kept[projects[e]] and points[e] > 0:
            start[projects[e] + 1] += 1
    start = np.cumsum(start)
    place = start[:-1].copy()
    voter = np.empty(start[-1], np.int32)
    weight, total = np.empty(start[-1], np.float64), np.zeros(size)
    for v in range(len(indptr) - 1):
        for e in range(indptr[v], indptr[v + 1]):
            p = projects[e]
            if kept[p] and points[e] > 0:
                voter[place[p]], weight[place[p]] = v, points[e]
                total[p] += points[e]
                place[p] += 1
    return start, voter, weight, total


@njit(cache=True)
def _with_money(market: Market, state: State, p: int, purse: Floats) -> tuple[int, float, float]:
    """Put last the supporters of p who have nothing left; `purse`: what the others have. → number, money, weight."""
    begin, count, money, weights = market.start[p], 0, 0.0, 0.0
    voter, weight = market.voter, market.weight
    for e in range(begin, state.end[p]):
        v = voter[e]
        if state.left[v] > 0.0:
            to = begin + count
            if to < e:
                voter[to], voter[e] = v, voter[to]
                weight[to], weight[e] = weight[e], weight[to]
            purse[count] = state.left[v]
            money += purse[count]
            weights += weight[to]
            count += 1
    state.end[p] = begin + count
    return count, money, weights


@njit(cache=True)
def _price(cost: int, purse: Floats, weight: Floats, count: int, weights: float) -> tuple[float, float]:
    """The least price at which the supporters pay the cost: those with less than their part give all they have."""
    price, poor, spread = cost / weights, 0, weights
    while True:
        given, found, spread = 0.0, 0, 0.0
        for e in range(count):
            if purse[e] < price * weight[e]:
                given += purse[e]
                found += 1
            else:
                spread += weight[e]
        if found == poor or spread == 0.0:
            return price, spread
        price, poor = (cost - given) / spread, found


@njit(cache=True)
def _margins(
    price: float, purse: Floats, weight: Floats, count: int, doubt: float, cost: int
) -> tuple[float, float, bool, bool]:
    """How wrong the price may be below and above, whether nobody is near it, and whether nobody gives all they have."""
    sure, close, far = True, 0, 0.0
    for e in range(count):
        part = price * weight[e]
        room = NEAR * part + 2.0 * doubt
        if purse[e] > part + room:
            far += weight[e]
        else:
            close += 1
            sure = sure and purse[e] < part - room
    if close == 0:
        return 4.0 * EPS * price, 4.0 * EPS * price, True, True
    slack = close * (doubt + EPS * cost) + 4.0 * EPS * cost
    wrong = slack / far if far > 0.0 else np.inf
    if wrong > NEAR * price:
        return wrong, np.inf, False, False
    return wrong + 4.0 * EPS * price, wrong + 4.0 * EPS * price, sure, False


@njit(cache=True)
def _weigh(market: Market, state: State, p: int, purse: Floats, doubt: float) -> tuple[float, float, bool, float]:
    """Bring the bound of p up to date. → its price, the highest rate it may have, sure or not, plain weight or 0."""
    cost, unit = market.cost[p], market.unit[p]
    count, money, weights = _with_money(market, state, p, purse)
    slack = count * (doubt + EPS * cost)
    if count == 0 or money < cost - slack:
        state.bound[p] = np.inf
        return 0.0, np.inf, True, 0.0
    mine = market.weight[market.start[p] : state.end[p]]
    price, spread = _price(cost, purse, mine, count, weights)
    if spread == 0.0 or money < cost + slack:  # all that they have, or nearly: only integers can tell
        least = cost / weights
        for e in range(count):
            least = max(least, (purse[e] - 4.0 * slack) / mine[e])
        state.bound[p] = max(state.bound[p], least * (1.0 - 4.0 * EPS) / unit)
        return price, np.inf, False, 0.0
    below, above, sure, plain = _margins(price, purse, mine, count, doubt, cost)
    state.bound[p] = max(state.bound[p], (price - below) / unit)
    return price, (price + above) / unit * (1.0 + 2.0 * EPS), sure, weights if plain else 0.0


@njit(cache=True)
def _next(bound: Floats, seen: Ints, step: int) -> int:
    best = -1
    for p in range(len(bound)):
        if seen[p] != step and bound[p] < np.inf and (best < 0 or bound[p] < bound[best]):
            best = p
    return best


@njit(cache=True)
def _choose(candidate: Bools, sure: Bools, plain: Floats, cost: Ints, unit: Ints) -> int:
    """The project to buy, or -1 where floating point cannot tell; a tie of plain rates is decided in integers."""
    best = -1
    for p in range(len(candidate)):
        if not candidate[p]:
            continue
        if best < 0:
            best = p
            continue
        if plain[p] == 0.0 or plain[best] == 0.0:
            return -1
        mine, other = cost[p] // unit[p] * int(plain[best]), cost[best] // unit[best] * int(plain[p])
        if max(cost[p] / unit[p] * plain[best], cost[best] / unit[best] * plain[p]) > LARGEST:
            return -1
        if mine < other:
            best = p
    return best if sure[best] else -1


@njit(cache=True)
def _pay(market: Market, state: State, p: int, price: float, step: int) -> None:
    for e in range(market.start[p], state.end[p]):
        v = market.voter[e]
        part = price * market.weight[e]
        if state.left[v] < part:
            state.left[v], state.gone[v] = 0.0, 2 * step
        else:
            state.left[v] -= part
    state.order[step], state.price[step], state.bound[p] = p, price, np.inf


@njit(cache=True)
def advance(market: Market, state: State, step: int, doubt: float) -> tuple[int, int]:
    """Buy from `step` on. → (steps done, DONE or UNSURE: `state.candidate` then holds those that may be next)."""
    size = len(market.cost)
    purse = np.empty(np.diff(market.start).max())
    seen = np.full(size, -1, np.int64)
    price, high, plain = np.zeros(size), np.zeros(size), np.zeros(size)
    sure = np.zeros(size, np.bool_)
    while True:
        top = np.inf
        p = _next(state.bound, seen, step)
        while p >= 0 and state.bound[p] <= top:
            seen[p] = step
            price[p], high[p], sure[p], plain[p] = _weigh(market, state, p, purse, doubt)
            if state.bound[p] < np.inf:
                top = min(top, high[p])
            p = _next(state.bound, seen, step)
        found = 0
        for q in range(size):
            state.candidate[q] = seen[q] == step and state.bound[q] <= top and state.bound[q] < np.inf
            found += state.candidate[q]
        if found == 0:
            return step, DONE
        best = _choose(state.candidate, sure, plain, market.cost, market.unit)
        if best < 0:
            return step, UNSURE
        _pay(market, state, best, price[best], step)
        step += 1


@njit(cache=True)
def equations(
    indptr: Ints, projects: Ints, points: Ints, bought: Ints, gone: Ints, steps: int
) -> tuple[Ints, Ints, Ints]:
    """What fixes the prices: price s × rich[s] = cost s − poor[s] × share + Σ spent[s, r] × price r, r < s.

    spent[s, r]: weight in purchase r of the voters who give all they have to s; poor[s]: how many they are.
    """
    spent = np.zeros((steps, steps), np.int64)
    poor, rich = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
    for v in range(len(gone)):
        last = gone[v] // 2 if gone[v] < NEVER and gone[v] % 2 == 0 else -1
        if last >= 0:
            poor[last] += 1
        for e in range(indptr[v], indptr[v + 1]):
            s = bought[projects[e]]
            if s < 0 or points[e] <= 0 or gone[v] <= 2 * s:
                continue
            rich[s] += points[e]
            if last >= 0:
                spent[last, s] += points[e]
    return spent, poor, rich


@njit(cache=True)
def astray(spent: Ints, poor: Ints, rich: Ints, cost: Ints, price: Floats, share: float) -> float:
    """How far the floating prices may be from those that solve the equations: the roundings, carried from one to the
    next.
    """
    wrong, most = np.zeros(len(poor)), 0.0
    for s in range(len(poor)):
        total = 4.0 * EPS * cost[s] + poor[s] * EPS * (cost[s] + 2.0 * (s + 1) * share)
        for r in range(s):
            total += spent[s, r] * wrong[r]
        wrong[s] = total / rich[s] + 2.0 * EPS * price[s]
        most = max(most, wrong[s])
    return most
