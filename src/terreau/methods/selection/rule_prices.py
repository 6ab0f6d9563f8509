"""What each constraint costs: the points that the portfolio would gain without it, and its price at the margin.

Without a constraint, only the portfolios that break it are new. So what is gained is what the best of those has over
the optimum, if anything; most often the relaxation alone proves that they have nothing.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from terreau.methods.selection.conflict import constraints
from terreau.methods.selection.exact import solve, worth
from terreau.methods.selection.forced import Box, Relaxed, best_in, relaxation, relaxed, tight, with_one_of
from terreau.methods.selection.holds import keeps
from terreau.methods.selection.instance import Floats, Instance, Measure, Rule
from terreau.methods.selection.outcome import Budget, Constraint, Excluded, OnePer, Outcome, Together
from terreau.methods.selection.program import UNIT, program

THOUSAND_EUROS = 0.01  # in units of money


@dataclass(frozen=True)
class Price:
    """`gain_points`: the optimum without the constraint less the optimum; an upper bound of it where not `exact`.

    `per_unit`: marginal, from the relaxation: points for one project more or fewer, for 1 000 €, or for one per cent
    of the money granted, as the constraint counts; 0 where it does not bind there.
    """

    constraint: Constraint
    gain_points: float
    per_unit: float
    exact: bool = True


@dataclass(frozen=True, eq=False)
class _Base:
    """The relaxation of the whole question: its bound, the prices of all rows (r,), the reduced costs (m,)."""

    r: Relaxed
    bound: float
    row: Floats
    dual: Floats


def rule_prices(it: Instance, outcome: Outcome, *, exact: bool = True) -> list[Price]:
    """The price of each constraint of a proved `outcome`, in the order of the instance, the envelope last.

    Not `exact`: bounds of what would be gained, from the relaxation alone.
    """
    base = _relaxed(it)
    every = constraints(it)
    if base is None:
        return [Price(c, _afresh(it, outcome, c), 0.0) for c in every]
    marginal = _marginal(base, outcome)
    found = []
    for c in every:
        gain, sure = _gain(it, outcome, base, c, exact=exact)
        found.append(Price(c, gain, marginal.get(c, 0.0), sure))
    return found


def _relaxed(it: Instance) -> _Base | None:
    p = program(it)
    if not len(p):
        return None
    r = relaxed(p)
    bound, dual, _ = relaxation(r, r.box)
    row = np.array(r.highs.getSolution().row_dual)
    return None if dual is None else _Base(r, bound, row, dual)


def _gain(it: Instance, outcome: Outcome, base: _Base, c: Constraint, *, exact: bool) -> tuple[float, bool]:
    """The gain, or a bound of it; and whether it is exact."""
    if isinstance(c, OnePer) and c not in base.r.program.source and _pair(it, base, c) < outcome.objective:
        return 0.0, True
    r, box = _breaking(it, base, c)
    if box is None:
        return 0.0, True
    if not exact:
        bound, dual, _ = relaxation(r, box)
        most = max(0.0, bound - outcome.objective) if dual is not None else 0.0
        return most, most == 0.0
    best = best_in(r, box, least=outcome.objective)
    if best is not None and not best.possible:
        return 0.0, True
    if best is not None and keeps(it, r.program, frozenset({c}), best.chosen):
        return max(0.0, worth(r.program, best.chosen) - outcome.objective), True
    return _afresh(it, outcome, c), True


def _pair(it: Instance, base: _Base, c: OnePer) -> float:
    """No portfolio with two projects of this class or more is worth more points than that."""
    p = base.r.program
    mine = np.flatnonzero(np.isin(p.project, it.attributes[c.attribute].carriers(c.value)))
    projects = np.unique(p.project[mine])
    if len(projects) < 2:
        return -np.inf
    price = base.row[base.r.home[mine[0]]]
    own = base.dual[mine] + price
    tops = np.sort([own[p.project[mine] == i].max() for i in projects])[::-1]
    alone = price + np.maximum(base.dual[mine], 0).sum()
    return float(base.bound - alone + tops[:2].sum() + np.maximum(tops[2:], 0).sum() + 1e-6)


def _breaking(it: Instance, base: _Base, c: Constraint) -> tuple[Relaxed, Box | None]:
    """The portfolios that keep all constraints but this one, and break it; no box where there are none.

    Without the envelope most portfolios are new: there the planes help more than its limit.
    """
    left = frozenset({c})
    p = base.r.program
    if isinstance(c, Budget):
        r = tight(program(it, left))
        return r, r.box
    if isinstance(c, Excluded):
        r = relaxed(program(it, left))
        options = np.flatnonzero(r.program.project == it.ids.index(c.id))
        return r, with_one_of(r, options)
    if isinstance(c, OnePer) and c not in p.source:
        two = Rule(c.attribute, c.value, Measure.COUNT, 2, is_floor=True)
        r = relaxed(program(replace(it, rules=(*it.rules, two)), left))
        return r, r.box
    rows = [k for k, source in enumerate(p.source) if source == c]
    box = base.r.box.copy()
    for k in rows:
        box.row_low[k], box.row_high[k] = _turned(base.r, k, c)
    return base.r, box if rows else None


def _turned(r: Relaxed, k: int, c: Constraint) -> tuple[float, float]:
    """The limits of a row that breaks what row k says; no limit where it can be broken on two sides."""
    low, high = float(r.box.row_low[k]), float(r.box.row_high[k])
    if isinstance(c, Together):
        return -np.inf, np.inf
    rows = r.program.rows
    data = rows.data[rows.indptr[k] : rows.indptr[k + 1]]
    whole = bool((data == np.rint(data)).all())
    if np.isfinite(low):
        return -np.inf, np.ceil(low - 1e-9) - 1 if whole else low
    return np.floor(high + 1e-9) + 1 if whole else high, np.inf


def _afresh(it: Instance, outcome: Outcome, constraint: Constraint) -> float:
    """The gain by HiGHS, where branch and bound cannot prove it."""
    left = frozenset({constraint})
    p = program(it, left)
    solution = solve(p, partial(keeps, it, p, left)) if len(p) else None
    return max(0.0, solution.objective - outcome.objective) if solution else 0.0


def _marginal(base: _Base, outcome: Outcome) -> dict[Constraint, float]:
    found: dict[Constraint, float] = {}
    p = base.r.program
    for source, dual in zip(p.source, np.abs(base.row[: len(p.source)]).tolist(), strict=True):
        found[source] = max(found.get(source, 0.0), dual * _unit(source, outcome))
    return found


def _unit(source: Constraint, outcome: Outcome) -> float:
    if isinstance(source, Budget) or (isinstance(source, Rule) and source.measure == Measure.MONEY):
        return THOUSAND_EUROS
    if isinstance(source, Rule) and source.measure == Measure.SHARE:
        return outcome.total_cents / UNIT / 100
    return 1.0
