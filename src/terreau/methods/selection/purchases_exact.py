"""The purchases that rounding leaves in doubt, decided in integers, and the proof that the others were beyond doubt.

The price of each purchase is the solution of one linear equation in the earlier prices, with integer coefficients
(`purchases.equations`): it is kept as an integer over voters × the product of the rich weights so far.
"""

from typing import NamedTuple

import numpy as np

from terreau.methods.selection.instance import Ints
from terreau.methods.selection.purchases import EPS, NEVER, Market, State, equations


class Prices(NamedTuple):
    """The prices of the purchases so far: `over` integers, all divided by `under`. `bought` (p,): step, or -1."""

    over: list[int]
    under: int
    bought: Ints


class Offer(NamedTuple):
    """What a project costs its supporters: a price of over / under; `money` of each voter, in 1/`Prices.under`."""

    project: int
    over: int
    under: int
    money: dict[int, int]


def prices(market: Market, state: State, budget: int, steps: int) -> Prices:
    """The exact price of each of the first `steps` purchases."""
    bought = np.full(len(market.cost), -1, dtype=np.int64)
    bought[state.order[:steps]] = np.arange(steps)
    arrays = equations(market.indptr, market.projects, market.points, bought, state.gone, steps)
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
    _pay(market, state, known, best, step)
    return step + 1


def _cheaper(market: Market, one: Offer, other: Offer) -> bool:
    units = int(market.unit[one.project]), int(market.unit[other.project])
    return one.over * other.under * units[1] < other.over * one.under * units[0]


def _left(market: Market, budget: int, known: Prices, voter: int) -> int:
    """What a voter who never ran out has left, in 1/`known.under`."""
    money = budget * (known.under // market.voters)
    for e in range(market.indptr[voter], market.indptr[voter + 1]):
        step = known.bought[market.projects[e]]
        if step >= 0:
            money -= int(market.points[e]) * known.over[step]
    return money


def _supporters(market: Market, project: int) -> dict[int, int]:
    mine = slice(market.start[project], market.start[project + 1])
    weights = market.weight[mine].astype(np.int64).tolist()
    return dict(zip(market.voter[mine].tolist(), weights, strict=True))


def _offer(market: Market, state: State, budget: int, known: Prices, project: int) -> Offer | None:
    """The price at which the supporters pay the cost; None where all they have is not enough."""
    weights = {v: w for v, w in _supporters(market, project).items() if state.gone[v] == NEVER}
    money = {v: _left(market, budget, known, v) for v in weights}
    cost = int(market.cost[project]) * known.under
    if sum(money.values()) < cost:
        return None
    rich = weights
    over, under = cost, sum(weights.values())
    while True:
        still = {v: w for v, w in rich.items() if money[v] * under >= over * w}
        if len(still) == len(rich):
            return Offer(project, over, under, money)
        rich = still
        over = cost - sum(have for v, have in money.items() if v not in rich)
        under = sum(rich.values())


def _pay(market: Market, state: State, known: Prices, offer: Offer, step: int) -> None:
    weights = _supporters(market, offer.project)
    under = offer.under * known.under
    for voter, money in offer.money.items():
        left = money * offer.under - offer.over * weights[voter]
        state.left[voter] = max(left, 0) / under
        if left <= 0:
            state.gone[voter] = 2 * step + (left == 0)
    state.order[step], state.price[step] = offer.project, offer.over / under
    state.bound[offer.project] = np.inf


def proven(market: Market, state: State, budget: int, steps: int, doubt: float) -> bool:
    """Whether what each voter had left was within `doubt` of its exact value at every step: then no choice was wrong.

    By induction: up to a step the choices were right, so the equations up to it are the true ones, and their exact
    prices tell how far the floating ones strayed.
    """
    if not steps:
        return True
    known = prices(market, state, budget, steps)
    wrong = max(abs(state.price[s] - known.over[s] / known.under) for s in range(steps))
    longest = int(np.diff(market.indptr).max(initial=0))
    heaviest = int(market.points.max(initial=1))
    share = budget / market.voters
    return bool((longest + 1) * (heaviest * wrong + 2.0 * EPS * share) <= doubt)
