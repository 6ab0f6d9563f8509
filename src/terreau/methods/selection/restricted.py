"""The exact 0/1 optimum over part of a program's options, the others being held in or out: HiGHS, in proven rows."""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.program import Program

EXACT = 1e-9  # units of 100 000 €: a hundredth of a cent
SLACK = 1e-8


@dataclass(frozen=True, eq=False)
class Found:
    """`chosen`: option numbers, None where no portfolio was found; `bound`: no portfolio of this part is worth more.

    `empty`: proven that this part holds no portfolio.
    """

    chosen: Ints | None
    bound: float
    empty: bool


def solve_part(program: Program, free: Ints, held: Ints, *, target: float, gap: float) -> Found:
    """The best portfolio with the options `held` in it, any of `free`, no other.

    Stops as soon as one is worth `target` points, or is within `gap` points of the bound.
    """
    taken = np.zeros(len(program))
    taken[held] = 1.0
    solver = _solver(gap, float(program.value[held].sum()) - target)
    solver.passModel(_model(program, free, taken))
    solver.run()
    status = solver.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Found(None, -np.inf, empty=True)
    info = solver.getInfo()
    worth = float(program.value[held].sum())
    if info.primal_solution_status != 2:
        return Found(None, worth - info.mip_dual_bound, empty=False)
    x = np.array(solver.getSolution().col_value[: len(free)])
    chosen = np.sort(np.concatenate([held, free[x > 0.5]]))
    if not holds(program, chosen):
        return Found(None, worth - info.mip_dual_bound, empty=False)
    return Found(chosen, worth - info.mip_dual_bound, empty=False)


def holds(program: Program, chosen: Ints) -> bool:
    """Every row within its limits, to a tenth of a cent, and one option at most in each class."""
    x = np.zeros(len(program))
    x[chosen] = 1.0
    sums = program.rows @ x
    within = (sums >= program.low - SLACK).all() and (sums <= program.high + SLACK).all()
    return bool(within and len(np.unique(program.klass[chosen])) == len(chosen))


def _solver(gap: float, target: float) -> highspy.Highs:
    """Silent, on one thread; `target` as HiGHS sees it: least is best."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", gap),
        ("objective_target", target),
        ("primal_feasibility_tolerance", EXACT),
        ("mip_feasibility_tolerance", EXACT),
    ):
        solver.setOptionValue(name, value)
    return solver


def _model(program: Program, free: Ints, taken: Floats) -> highspy.HighsLp:
    """Minimise −value · x + price · deviation over x (free options) and one deviation a soft target."""
    rows, spent = program.rows[:, free], program.rows @ taken
    low, high = program.low - spent, program.high - spent
    classes = _class_rows(program.klass[free])
    hold = np.ones(classes.shape[0])
    s = len(program.deviations)
    matrix = vstack([rows, classes], format="csr")
    low, high = np.append(low, np.full(len(hold), -np.inf)), np.append(high, hold)
    if s:
        soft = csr_matrix(np.array([d.row[free] for d in program.deviations]))
        short = np.array([d.target - d.row @ taken for d in program.deviations])
        none, one = csr_matrix((matrix.shape[0], s)), csr_matrix(np.eye(s))
        matrix = vstack([hstack([matrix, none]), hstack([soft, one]), hstack([soft, -one])], format="csr")
        low = np.concatenate([low, short, np.full(s, -np.inf)])
        high = np.concatenate([high, np.full(s, np.inf), short])
    prices = [d.price for d in program.deviations]
    return _highs_model(matrix, low, high, np.append(-program.value[free], prices), len(free))


def _class_rows(klass: Ints) -> csr_matrix:
    """One row for each class with more than one of these options."""
    numbers, place, count = np.unique(klass, return_inverse=True, return_counts=True)
    matrix = csr_matrix((np.ones(len(klass)), (place, np.arange(len(klass)))), shape=(len(numbers), len(klass)))
    return matrix[count > 1]


def _highs_model(matrix: csr_matrix, low: Floats, high: Floats, cost: Floats, whole: int) -> highspy.HighsLp:
    """The first `whole` columns are 0 or 1, the others at least 0."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = cost
    model.col_lower_ = np.zeros(len(cost))
    model.col_upper_ = np.append(np.ones(whole), np.full(len(cost) - whole, np.inf))
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    kinds = [highspy.HighsVarType.kInteger] * whole + [highspy.HighsVarType.kContinuous] * (len(cost) - whole)
    model.integrality_ = kinds
    return model
