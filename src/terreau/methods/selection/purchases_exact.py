"""The purchases that rounding leaves in doubt, decided in integers, and the proof that the others were beyond doubt.

The price of each purchase is the solution of one linear equation in the earlier prices, with integer coefficients
(`purchases.equations`): it is kept as an integer over voters × the product of the rich weights so far.
"""

from typing import NamedTuple

import numpy as np

from terreau.methods.selection.instance import Ints
from terreau.methods.selection.purchases import EPS, NEVER, Market, State, astray, equations


class Prices(NamedTuple):
    """The prices of the purchases so far: `over` integers, all divided by `under`. `bought` (p,): step, or -1."""

    over: list[int]
    under: int
    bought: Ints


class Offer(NamedTuple):
    """A project's price, over / under, and its supporters: their weights and money; in 1/`Prices.under`."""

    project: int
    over: int
    under: int
    voters: Ints
    weights: list[int]
    money: list[int]


def _equations(market: Market, state: State, steps: int) -> tuple[Ints, Ints, Ints, Ints]:
    bought = np.full(len(market.cost), -1, dtype=np.int64)
    bought[state.order[:steps]] = np.arange(steps)
    return bought, *equations(market.indptr, market.projects, market.points, bought, state.gone, steps)


def prices(market: Market, state: State, budget: int, steps: int) -> Prices:
    """The exact price of each of the first `steps` purchases."""
    bought, *arrays = _equations(market, state, steps)
    spent, poor, rich = (array.tolist() for array in arrays)
    over: list[int] = []
    under = 1
    for step in range(steps):
        paid = 0
        if poor[step]:
            for weight, spread, earlier in zip(spent[step][:step], rich[:step], over, strict=True):
                paid = paid * spread + weight * earlier
            paid -= poor[step] * budget * under
        over.append(int(market.cost[state.order[step]]) * market.voters * under + paid)
        under *= rich[step]
    scale = 1
    for step in range(steps - 1, -1, -1):
        over[step] *= scale
        scale *= rich[step]
    return Prices(over, under * market.voters, bought)


def settle(market: Market, state: State, budget: int, step: int) -> int:
    """Buy the best of the candidates, exactly. → the next step; the same one where none could be paid for.

    Candidates out of reach are struck off for good: nobody's money ever grows.
    """
    known = prices(market, state, budget, step)
    best: Offer | None = None
    for project in np.flatnonzero(state.candidate).tolist():
        offer = _offer(market, state, budget, known, project)
        if offer is None:
            state.bound[project] = np.inf
        elif best is None or _cheaper(market, offer, best):
            best = offer
    if best is None:
        return step
    _pay(state, known, best, step)
    return step + 1


def _cheaper(market: Market, one: Offer, other: Offer) -> bool:
    units = int(market.unit[one.project]), int(market.unit[other.project])
    return one.over * other.under * units[1] < other.over * one.under * units[0]


def _money(market: Market, budget: int, known: Prices, voters: Ints) -> list[int]:
    """What voters who never ran out have left, in 1/`known.under`."""
    first, count = market.indptr[voters], market.indptr[voters + 1] - market.indptr[voters]
    support = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    step, owner = known.bought[market.projects[support]], np.repeat(np.arange(len(voters)), count)
    paid = step >= 0
    money = [budget * (known.under // market.voters)] * len(voters)
    weights = market.points[support[paid]].tolist()
    for i, s, weight in zip(owner[paid].tolist(), step[paid].tolist(), weights, strict=True):
        money[i] -= weight * known.over[s]
    return money


def _supporters(market: Market, state: State, project: int) -> tuple[Ints, list[int]]:
    """Those who never ran out, and their weights."""
    mine = slice(market.start[project], market.start[project + 1])
    able = state.gone[market.voter[mine]] == NEVER
    return market.voter[mine][able].astype(np.int64), market.weight[mine][able].astype(np.int64).tolist()


def _offer(market: Market, state: State, budget: int, known: Prices, project: int) -> Offer | None:
    """The price at which the supporters pay the cost; None where all they have is not enough."""
    voters, weights = _supporters(market, state, project)
    money = _money(market, budget, known, voters)
    cost = int(market.cost[project]) * known.under
    if sum(money) < cost:
        return None
    rich = list(zip(money, weights, strict=True))
    over, under = cost, sum(weights)
    while True:
        still = [(have, weight) for have, weight in rich if have * under >= over * weight]
        if len(still) == len(rich):
            return Offer(project, over, under, voters, weights, money)
        rich = still
        under = sum(weight for _have, weight in rich)
        over = cost - sum(money) + sum(have for have, _weight in rich)


def _pay(state: State, known: Prices, offer: Offer, step: int) -> None:
    under = offer.under * known.under
    for voter, weight, money in zip(offer.voters.tolist(), offer.weights, offer.money, strict=True):
        left = money * offer.under - offer.over * weight
        state.left[voter] = max(left, 0) / under
        if left <= 0:
            state.gone[voter] = 2 * step + (left == 0)
    state.order[step], state.price[step] = offer.project, offer.over / under
    state.bound[offer.project] = np.inf


def proven(market: Market, state: State, budget: int, steps: int, doubt: float) -> bool:
    """Whether what each voter had left was within `doubt` of its exact value at every step: then no choice was wrong.

    By induction: up to a step the choices were right, so the equations up to it are the true ones, and bound how far
    the floating prices strayed from theirs; by a bound on the roundings, or else by the exact prices.
    """
    if not steps:
        return True
    _bought, spent, poor, rich = _equations(market, state, steps)
    share, cost, price = budget / market.voters, market.cost[state.order[:steps]], state.price[:steps]

    def small(wrong: float) -> bool:
        longest, heaviest = np.diff(market.indptr).max(initial=0), market.points.max(initial=1)
        return bool((longest + 1) * (heaviest * wrong + 2.0 * EPS * share) <= doubt)

    if small(astray(spent, poor, rich, cost, price, share)):
        return True
    known = prices(market, state, budget, steps)
    return small(max(abs(price[s] - known.over[s] / known.under) for s in range(steps)))
