"""Programs put to HiGHS and solved to a proven optimum: the model in arrays, one thread, no gap.

HiGHS lets a row be missed by a tolerance (1e-7 of its unit: one cent). So every portfolio that it gives is checked
in integers by the caller (`holds.broken`) and, should it miss a rule by a cent, forbidden before asking again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import fsum

import highspy
import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.program import Program

TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class Solution:
    """Option numbers, ascending; their objective, and a proven upper bound of every objective."""

    chosen: Ints
    objective: float
    bound: float


def worth(p: Program, chosen: Ints) -> float:
    """The objective of these options in points, summed without rounding on the way."""
    astray = (fsum([*d.row[chosen], -d.target]) * d.price for d in p.deviations)
    return fsum([*p.value[chosen], *(-abs(points) for points in astray)])


def model(p: Program, *, whole: bool = True) -> highspy.Highs:
    """The program for HiGHS: m options, then two columns a deviation; rows, classes of two or more, deviations.

    `whole` False leaves the options free between 0 and 1 (the linear relaxation).
    """
    m, soft = len(p), len(p.deviations)
    matrix, low, high = system(p)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m + 2 * soft, len(low)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = cost(p)
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.concatenate([np.ones(m), np.full(2 * soft, np.inf)])
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if whole:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger] * m + [kinds.kContinuous] * (2 * soft)
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", TOLERANCE),
        ("mip_feasibility_tolerance", TOLERANCE),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    return highs


def classes(p: Program) -> csr_matrix:
    """One row for each class of two options or more."""
    crowded = np.flatnonzero(np.bincount(p.klass, minlength=1) > 1)
    number = np.full(int(p.klass.max(initial=0)) + 1, -1)
    number[crowded] = np.arange(len(crowded))
    options = np.flatnonzero(number[p.klass] >= 0)
    shape = (len(crowded), len(p))
    return csr_matrix((np.ones(len(options)), (number[p.klass[options]], options)), shape=shape)


def cost(p: Program) -> Floats:
    """Points of every column: the options, then two columns a deviation."""
    return np.concatenate([p.value, *(np.full(2, -d.price) for d in p.deviations)])


def system(p: Program) -> tuple[csr_matrix, Floats, Floats]:
    """All the rows between two bounds: the program's, its classes, its deviations."""
    cliques = classes(p)
    soft = len(p.deviations)
    blocks = [p.rows, cliques, csr_matrix(np.array([d.row for d in p.deviations]).reshape(soft, len(p)))]
    aside = np.kron(np.eye(soft), [[-1.0, 1.0]])  # row · x − above + below = target
    hard = csr_matrix((p.rows.shape[0] + cliques.shape[0], 2 * soft))
    matrix = hstack([vstack(blocks), vstack([hard, csr_matrix(aside.reshape(soft, 2 * soft))])], format="csr")
    targets = [d.target for d in p.deviations]
    low = np.concatenate([p.low, np.full(cliques.shape[0], -np.inf), targets])
    high = np.concatenate([p.high, np.ones(cliques.shape[0]), targets])
    return matrix, low, high


def run(highs: highspy.Highs, m: int) -> tuple[Ints, float] | None:
    """The options that HiGHS chooses and its bound; None where nothing is possible."""
    highs.run()
    status = highs.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS stopped: {highs.modelStatusToString(status)}")
    taken = np.asarray(highs.getSolution().col_value)[:m] > 0.5
    return np.flatnonzero(taken).astype(np.int64), float(highs.getInfo().mip_dual_bound)


def add_row(highs: highspy.Highs, coefficients: Floats, low: float, high: float) -> None:
    places = np.flatnonzero(coefficients).astype(np.int32)
    highs.addRow(low, high, len(places), places, np.asarray(coefficients, dtype=np.float64)[places])


def aim(highs: highspy.Highs, value: Floats) -> None:
    """Another objective for the options; the soft deviations no longer cost."""
    count = highs.getNumCol()
    costs = np.zeros(count)
    costs[: len(value)] = value
    highs.changeColsCost(count, np.arange(count, dtype=np.int32), costs)


def forbid(highs: highspy.Highs, chosen: Ints, m: int) -> None:
    """These very options may not come again."""
    sign = np.full(m, -1.0)
    sign[chosen] = 1.0
    add_row(highs, sign, -np.inf, len(chosen) - 1.0)


def solve(p: Program, holds: Callable[[Ints], bool], *, gap: float = 0.0) -> Solution | None:
    """The best options, or None where no portfolio keeps the rows; `holds` says whether it does so to the cent."""
    highs = model(p)
    highs.setOptionValue("mip_rel_gap", gap)
    found = exactly(highs, len(p), holds)
    if found is None:
        return None
    objective = worth(p, found[0])
    return Solution(found[0], objective, max(objective, found[1]))


def exactly(highs: highspy.Highs, m: int, holds: Callable[[Ints], bool]) -> tuple[Ints, float] | None:
    """As `run`, but what misses a rule by a cent is forbidden and HiGHS asked again."""
    while (found := run(highs, m)) is not None and not holds(found[0]):
        forbid(highs, found[0], m)
    return found


def feasible(p: Program, holds: Callable[[Ints], bool]) -> bool:
    """Does some portfolio keep all the rows?"""
    highs = model(p)
    aim(highs, np.zeros(len(p)))
    return exactly(highs, len(p), holds) is not None
