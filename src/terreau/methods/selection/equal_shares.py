"""The method of equal shares: each voter gets the same part of the budget, and projects are bought by their supporters.

Source: Peters, Pierczyński, Skowron, “Proportional Participatory Budgeting with Additive Utilities”, NeurIPS 2021;
completions as in Faliszewski et al., “Participatory Budgeting: Data, Tools, and Analysis”, IJCAI 2023.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from terreau.methods.selection import purchases, purchases_exact
from terreau.methods.selection.ballots import Ballots
from terreau.methods.selection.instance import BadInstance, Floats, Ints
from terreau.methods.selection.purchases import DONE, Market, State

DOUBTS = (purchases.DOUBT, 1e-9)  # parts of a share; where neither can be proven, every purchase is made in integers


class Satisfaction(StrEnum):
    """What a supporter gains from a project: its cost, one, or the points that they gave it."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"


class Completion(StrEnum):
    """What is done with the money that remains.

    Nothing; equal shares of a budget that grows until nothing more fits (`add1`); the projects of most satisfaction
    for their cost, while they fit (`utilitarian`); the one, then the other (`add1u`).
    """

    NONE = "none"
    ADD1 = "add1"
    UTILITARIAN = "utilitarian"
    ADD1U = "add1u"


@dataclass(frozen=True, eq=False)
class Shares:
    """The projects chosen, by number, in the order of their purchase; `rest`: what the budget keeps.

    price: for each of them, the most that one support (or one point) paid, in the unit of the costs; 0 where it was
    free or `added` after the purchases. shared: the budget whose equal shares bought them, above the true one after
    `add1`. left (v,): what each voter has left of their share.
    """

    selected: tuple[int, ...]
    price: tuple[float, ...]
    added: tuple[int, ...]
    rest: int
    shared: int
    left: Floats


def equal_shares(
    costs: Ints,
    budget: int,
    ballots: Ballots,
    *,
    satisfaction: str = Satisfaction.COST,
    names: Sequence[str] | None = None,
    completion: str = Completion.NONE,
    increment: int | None = None,
) -> Shares:
    """The projects that the voters buy with equal shares of the budget; exact, whatever the rounding.

    costs (p,): integers ≥ 0, in any one unit, which is that of the budget; names: in whose order ties are broken (by
    number otherwise); increment: what `add1` adds to each voter's share at each turn, by default one unit or, where
    that is more, a thousandth of the share. BadInstance for a bad question.
    """
    costs, budget = np.asarray(costs, dtype=np.int64), int(budget)
    order = np.arange(len(costs)) if names is None else np.array(sorted(range(len(costs)), key=names.__getitem__))
    order = order.astype(np.int64)
    more = max(1, budget // max(1, 1000 * len(ballots))) if increment is None else int(increment)
    _check(costs, budget, ballots, more, names)
    if not len(ballots) or not len(costs):
        return Shares((), (), (), budget, budget, np.full(len(ballots), budget / max(1, len(ballots))))
    market, free = _market(costs, ballots, Satisfaction(satisfaction), order)
    wanted = Completion(completion)
    shares = _bought(market, free, budget, budget)
    if wanted in {Completion.ADD1, Completion.ADD1U}:
        shares = _grown(market, free, shares, budget, more)
    if wanted in {Completion.UTILITARIAN, Completion.ADD1U}:
        shares = _completed(market, shares)
    chosen, added = (tuple(order[list(numbers)].tolist()) for numbers in (shares.selected, shares.added))
    return replace(shares, selected=chosen, added=added)


def _check(costs: Ints, budget: int, ballots: Ballots, increment: int, names: Sequence[str] | None) -> None:
    called = names or [str(i) for i in range(len(costs))]
    problems = [(called[i], "cost-negative", str(costs[i])) for i in np.flatnonzero(costs < 0).tolist()]
    if budget <= 0:
        problems.append(("budget", "not-positive", str(budget)))
    if increment <= 0:
        problems.append(("increment", "not-positive", str(increment)))
    if len(unknown := ballots.projects[(ballots.projects < 0) | (ballots.projects >= len(costs))]):
        problems.append(("ballots", "unknown-id", str(unknown[0])))
    if len(negative := ballots.points[ballots.points < 0]):
        problems.append(("ballots", "points-negative", str(negative[0])))
    if problems:
        raise BadInstance(problems)


def _market(costs: Ints, ballots: Ballots, satisfaction: Satisfaction, order: Ints) -> tuple[Market, tuple[int, ...]]:
    """The market, projects numbered in the order of ties, and the free projects that someone gains from."""
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    cost, projects = costs[order], rank[ballots.projects]
    points = ballots.points.astype(np.int64) if satisfaction == Satisfaction.POINTS else np.ones_like(projects)
    unit = np.maximum(cost, 1) if satisfaction == Satisfaction.COST else np.ones_like(cost)
    indptr = ballots.indptr.astype(np.int64)
    start, voter, weight, total = purchases.transpose(indptr, projects, points, cost > 0, len(cost))
    free: tuple[int, ...] = ()
    if satisfaction != Satisfaction.COST and not cost.all():
        free = tuple(p for p in np.flatnonzero(cost == 0).tolist() if points[projects == p].any())
    return Market(indptr, projects, points, start, voter, weight, total, cost, unit), free


def _bought(market: Market, free: tuple[int, ...], shared: int, budget: int) -> Shares:
    """The purchases with equal shares of `shared`; what is left of `budget` may be negative where it is less."""
    state, steps = _purchases(market, shared)
    bought = state.order[:steps]
    selected = free + tuple(bought.tolist())
    price = (0.0,) * len(free) + tuple(state.price[:steps].tolist())
    return Shares(selected, price, (), budget - int(market.cost[bought].sum()), shared, state.left)


def _purchases(market: Market, budget: int) -> tuple[State, int]:
    """In floating point where that is proven right, otherwise in integers throughout."""
    share = budget / market.voters
    for doubt in DOUBTS:
        state, step, status = purchases.opening(market, budget), 0, -1
        while status != DONE:
            step, status = purchases.advance(market, state, step, doubt * share)
            if status != DONE:
                step = purchases_exact.settle(market, state, budget, step)
        if purchases_exact.proven(market, state, budget, step, doubt * share):
            return state, step
    return _in_integers(market, budget)


def _in_integers(market: Market, budget: int) -> tuple[State, int]:
    state, step = purchases.opening(market, budget), 0
    while np.isfinite(state.bound).any():
        state.candidate[:] = np.isfinite(state.bound)
        step = purchases_exact.settle(market, state, budget, step)
    return state, step


def _grown(market: Market, free: tuple[int, ...], shares: Shares, budget: int, increment: int) -> Shares:
    """Larger and larger shares, until nothing more fits or the purchases exceed the budget (then those before)."""
    while len(_fitting(market, shares)):
        larger = _bought(market, free, shares.shared + increment * market.voters, budget)
        if larger.rest < 0:
            return shares
        shares = larger
    return shares


def _fitting(market: Market, shares: Shares) -> Ints:
    """The projects that someone supports, that are not chosen and that the rest would pay for."""
    fits = (market.cost <= shares.rest) & (np.diff(market.start) > 0)
    fits[list(shares.selected)] = False
    return np.flatnonzero(fits)


def _completed(market: Market, shares: Shares) -> Shares:
    """The projects of most satisfaction for their cost, then by name, as long as they fit. Nobody's wish: never."""
    weights = {p: int(market.total[p]) for p in _fitting(market, shares).tolist()}
    rest, added = shares.rest, []
    by_density = {p: Fraction(w * int(market.unit[p]), int(market.cost[p])) for p, w in weights.items()}
    for p in sorted(weights, key=lambda p: (-by_density[p], p)):
        if market.cost[p] <= rest:
            rest -= int(market.cost[p])
            added.append(p)
    price = shares.price + (0.0,) * len(added)
    return replace(shares, selected=(*shares.selected, *added), price=price, added=tuple(added), rest=rest)
