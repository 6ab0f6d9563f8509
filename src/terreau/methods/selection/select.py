"""The best portfolio, with its proof; or, where there is none, the rules that cannot hold together."""

from collections.abc import Callable
from functools import partial

import numpy as np

from terreau.methods.selection.conflict import smallest
from terreau.methods.selection.core import solve_core
from terreau.methods.selection.exact import Solution, feasible, solve, worth
from terreau.methods.selection.forced import Relaxed, best_in, tight
from terreau.methods.selection.holds import granted, keeps
from terreau.methods.selection.instance import Instance, Ints, check
from terreau.methods.selection.outcome import Constraint, Outcome, Status
from terreau.methods.selection.program import Program, program
from terreau.methods.selection.ties import first_of_equals, near, preferred

LARGE = 3_000  # options; above, a proof to `LARGE_GAP` is enough
LARGE_GAP = 1e-3
ANY_GAP = 1e-2  # where any portfolio will do


def select(it: Instance, *, gap: float = 0.0, without: frozenset[Constraint] = frozenset()) -> Outcome:
    """The portfolio of greatest objective, `without` some of the constraints.

    With `gap` 0 and up to 3 000 options it is the optimum, proved, and ties are broken by the rule that `Instance`
    states; else a portfolio within `gap` (a share of the objective; 0.1 % at least above 3 000 options) of the bound.
    Every constraint is kept to the cent. BadInstance where the question cannot be put.
    Infeasible: `conflict` holds a smallest set of constraints that cannot hold together.
    """
    check(it)
    p = program(it, without)
    gap = max(gap, LARGE_GAP) if len(p) > LARGE else gap
    solution = _solved(p, partial(keeps, it, p, without), gap)
    if solution is None:
        return Outcome(Status.INFEASIBLE, {}, 0.0, 0.0, smallest(it, lambda left: possible(it, left), without))
    optimal = solution.bound - solution.objective <= near(p)
    bound = solution.objective if optimal else solution.bound
    status = Status.OPTIMAL if optimal else Status.FEASIBLE
    return Outcome(status, granted(it, p, solution.chosen), solution.objective, bound)


def _solved(p: Program, holds: Callable[[Ints], bool], gap: float) -> Solution | None:
    if len(p) > LARGE:
        return solve_core(p, gap=gap, holds=holds)
    if not len(p):
        nothing = np.empty(0, dtype=np.int64)
        return Solution(nothing, worth(p, nothing), worth(p, nothing)) if _fits(p) else None
    r = tight(p)
    best = best_in(r, r.box, near=near(p))
    if best is not None and not best.possible:
        return None
    if best is not None and all(map(holds, best.equals)):
        chosen = preferred(p, best.equals)
        return Solution(chosen, worth(p, chosen), worth(p, chosen))
    return _by_highs(p, r, holds, gap)


def _by_highs(p: Program, r: Relaxed, holds: Callable[[Ints], bool], gap: float) -> Solution | None:
    """Where there are too many equal portfolios, or branch and bound cannot prove its answer."""
    best = best_in(r, r.box)
    if best is not None and best.possible and holds(best.chosen):
        solution: Solution | None = Solution(best.chosen, worth(p, best.chosen), worth(p, best.chosen))
    else:
        solution = solve(p, holds, gap=gap)
    if solution is None or gap > 0 or solution.bound - solution.objective > near(p):
        return solution
    return first_of_equals(p, solution, holds)


def possible(it: Instance, without: frozenset[Constraint]) -> bool:
    """Can some portfolio keep all the constraints but these?"""
    p = program(it, without)
    holds = partial(keeps, it, p, without)
    if len(p) > LARGE:
        return solve_core(p, gap=ANY_GAP, holds=holds) is not None
    return feasible(p, holds) if len(p) else _fits(p)


def _fits(p: Program) -> bool:
    """Where no project may be taken: do the rows allow it?"""
    return bool(np.all((p.low <= 0) & (p.high >= 0)))
