"""What each constraint costs: the points that the portfolio would gain without it, and its price at the margin."""

from dataclasses import dataclass
from functools import partial

import highspy
import numpy as np

from terreau.methods.selection.conflict import constraints
from terreau.methods.selection.exact import model, solve, worth
from terreau.methods.selection.forced import best_in, relaxed
from terreau.methods.selection.holds import keeps
from terreau.methods.selection.instance import Instance, Measure, Rule
from terreau.methods.selection.outcome import Budget, Constraint, Outcome
from terreau.methods.selection.program import UNIT, program

THOUSAND_EUROS = 0.01  # in units of money


@dataclass(frozen=True)
class Price:
    """`gain_points`: exact, the optimum without the constraint less the optimum.

    `per_unit`: marginal, from the relaxation: points for one project more or fewer, for 1 000 €, or for one per cent
    of the money granted, as the constraint counts; 0 where it does not bind there.
    """

    constraint: Constraint
    gain_points: float
    per_unit: float


def rule_prices(it: Instance, outcome: Outcome) -> list[Price]:
    """The price of each constraint of a proved `outcome`, in the order of the instance, the envelope last."""
    marginal = _marginal(it, outcome)
    return [Price(c, _gain(it, outcome, c), marginal.get(c, 0.0)) for c in constraints(it)]


def _gain(it: Instance, outcome: Outcome, constraint: Constraint) -> float:
    left = frozenset({constraint})
    p = program(it, left)
    if not len(p):
        return 0.0
    holds = partial(keeps, it, p, left)
    r = relaxed(p)
    best = best_in(r, r.box, least=outcome.objective)
    if best is not None and not best.possible:
        return 0.0
    if best is not None and holds(best.chosen):
        return max(0.0, worth(p, best.chosen) - outcome.objective)
    solution = solve(p, holds)
    return max(0.0, solution.objective - outcome.objective) if solution else 0.0


def _marginal(it: Instance, outcome: Outcome) -> dict[Constraint, float]:
    p = program(it)
    if not len(p):
        return {}
    highs: highspy.Highs = model(p, whole=False)
    highs.run()
    duals = np.abs(np.asarray(highs.getSolution().row_dual)[: len(p.source)])
    found: dict[Constraint, float] = {}
    for source, dual in zip(p.source, duals.tolist(), strict=True):
        found[source] = max(found.get(source, 0.0), dual * _unit(source, outcome))
    return found


def _unit(source: Constraint, outcome: Outcome) -> float:
    if isinstance(source, Budget) or (isinstance(source, Rule) and source.measure == Measure.MONEY):
        return THOUSAND_EUROS
    if isinstance(source, Rule) and source.measure == Measure.SHARE:
        return outcome.total_cents / UNIT / 100
    return 1.0
