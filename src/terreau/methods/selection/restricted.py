"""The 0/1 optimum over part of a program's options, the others being held in or out: a program of its own, by HiGHS."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import highspy
import numpy as np

from terreau.methods.selection.exact import forbid, model
from terreau.methods.selection.instance import Ints
from terreau.methods.selection.program import Deviation, Program

EXACT = 1e-9  # units of 100 000 €: a hundredth of a cent
SLACK = 1e-8
NODES = 500  # of the tree of a quick search
QUICK = (  # small parts: what prepares a large search costs more than the search
    ("presolve", "off"),
    ("mip_detect_symmetry", False),
    ("mip_heuristic_run_feasibility_jump", False),
    ("mip_max_nodes", NODES),
)


@dataclass(frozen=True, eq=False)
class Found:
    """`chosen`: option numbers, None where no portfolio was found; `bound`: no portfolio of this part is worth more.

    `empty`: proven that this part holds no portfolio.
    """

    chosen: Ints | None
    bound: float
    empty: bool


@dataclass(frozen=True, eq=False)
class Aim:
    """A search ends at `target` points, or within `gap` points of its bound; a `quick` one may find nothing.

    `holds` says whether a portfolio (option numbers) keeps every rule to the cent; HiGHS allows itself a hair.
    """

    target: float
    gap: float
    quick: bool
    holds: Callable[[Ints], bool]


def solve_part(program: Program, free: Ints, held: Ints, aim: Aim) -> Found:
    """The best portfolio with the options `held` in it, any of `free` (ascending), no other."""
    part = _part(program, free, held)
    base = float(program.value[held].sum())
    solver = model(part)
    settings = (("mip_abs_gap", aim.gap), ("objective_target", aim.target - base), ("mip_feasibility_tolerance", EXACT))
    for name, value in (*settings, ("primal_feasibility_tolerance", EXACT), *(QUICK if aim.quick else ())):
        solver.setOptionValue(name, value)
    while True:
        solver.run()
        if solver.getModelStatus() in {
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        }:
            return Found(None, -np.inf, empty=True)
        info = solver.getInfo()
        if info.primal_solution_status != 2:
            return Found(None, base + info.mip_dual_bound, empty=False)
        taken = np.flatnonzero(np.asarray(solver.getSolution().col_value)[: len(free)] > 0.5)
        chosen = np.sort(np.concatenate([held, free[taken]]))
        if aim.holds(chosen):
            return Found(chosen, base + info.mip_dual_bound, empty=False)
        forbid(solver, taken, len(free))


def _part(program: Program, free: Ints, held: Ints) -> Program:
    """What is left to choose once `held` are in: the limits less what they take."""
    taken = np.zeros(len(program))
    taken[held] = 1.0
    spent = program.rows @ taken
    return replace(
        program,
        value=program.value[free],
        project=program.project[free],
        cents=program.cents[free],
        klass=np.unique(program.klass[free], return_inverse=True)[1].astype(np.int64),
        rows=program.rows[:, free],
        low=program.low - spent,
        high=program.high - spent,
        deviations=tuple(
            Deviation(d.row[free], d.target - float(d.row[held].sum()), d.price) for d in program.deviations
        ),
    )


def nearly_holds(program: Program, chosen: Ints) -> bool:
    """Every row within its limits, to a tenth of a cent, and one option at most in each class."""
    x = np.zeros(len(program))
    x[chosen] = 1.0
    sums = program.rows @ x
    within = (sums >= program.low - SLACK).all() and (sums <= program.high + SLACK).all()
    return bool(within and len(np.unique(program.klass[chosen])) == len(chosen))
