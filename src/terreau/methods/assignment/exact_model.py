"""The assignment as a 0/1 program for HiGHS: needs, pair limits, least loads, thresholds; bounded by nodes, not time.

Columns: one a pair (file, juror), then one for the worst file's affinity if it is what is sought, then one for each
pair of jurors and file where a limit on pairs was broken (they enter as they are needed).
"""

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy.sparse import coo_matrix, csc_matrix, vstack

from terreau.methods.assignment.instance import Flags, Floats, Ints, Need

NODES = 5_000
CUTS = 60  # rounds of pair limits that enter as they are broken
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Model:
    """Arcs file[i], juror[i] of affinity[i]; a file's places, a juror's least and load; the rules that bind them.

    floors (f,): the least summed affinity of each file, −inf for none. kept (m,): readings that were made already;
    at least `keep` of them stay. had (f,): what each file has besides.
    fixed (m,): arcs that must be held.
    """

    file: Ints
    juror: Ints
    affinity: Floats
    places: Ints
    least: Ints
    load: Ints
    needs: tuple[Need, ...] = ()
    pair_limit: int | None = None
    floors: Floats | None = None
    kept: Flags | None = None
    keep: int = 0
    had: Floats | None = None
    fixed: Flags | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """held (m,) or None where no assignment was found; `bound` holds for all; `closed`: the search was exhausted."""

    held: Flags | None
    bound: float
    closed: bool


type Rows = tuple[Any, Floats, Floats]  # matrix, lower, upper


@dataclass(eq=False)
class _Program:
    """The rows of a model in the making; z columns of pairs are appended to it."""

    columns: int
    rows: list[csc_matrix] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)

    def add(self, matrix: Any, low: Floats | Ints | float, high: Floats | Ints | float) -> None:
        count = matrix.shape[0]
        self.rows.append(matrix)
        self.low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), count))
        self.high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), count))


def most_total(m: Model, *, whole: bool = True, nodes: int = NODES) -> Answer:
    """The largest total affinity under every rule; `whole=False`: its linear relaxation (a bound only)."""
    return _cut(m, m.affinity, worst=False, whole=whole, nodes=nodes)


def best_worst(m: Model, *, whole: bool = True, nodes: int = NODES) -> Answer:
    """The largest affinity that the worst-served file can have under every rule."""
    return _cut(m, np.zeros(len(m.file)), worst=True, whole=whole, nodes=nodes)


def most_kept(m: Model, *, nodes: int = NODES) -> Answer:
    """The largest number of kept readings that can stay."""
    assert m.kept is not None  # noqa: S101 - the caller's promise
    return _cut(m, m.kept.astype(np.float64), worst=False, whole=True, nodes=nodes)


def _cut(m: Model, gain: Floats, *, worst: bool, whole: bool, nodes: int) -> Answer:
    """Solves, adds the pair limits that are broken, solves again."""
    pairs: list[tuple[int, int]] = []
    answer = Answer(None, np.inf, closed=False)
    for _ in range(CUTS if m.pair_limit is not None else 1):
        answer = _solve(m, gain, pairs, worst=worst, whole=whole, nodes=nodes)
        if answer.held is None or not whole or m.pair_limit is None:
            return answer
        broken = crowded(m.file[answer.held], m.juror[answer.held], m.pair_limit)
        if not broken:
            return answer
        pairs += broken
    return Answer(None, answer.bound, closed=False)


def crowded(file: Ints, juror: Ints, limit: int) -> list[tuple[int, int]]:
    """Pairs of jurors who read more than `limit` files together."""
    jurors = int(juror.max(initial=-1)) + 1
    files = int(file.max(initial=-1)) + 1
    held = coo_matrix((np.ones(len(file), dtype=np.int64), (file, juror)), shape=(files, jurors))
    together = (held.T @ held).tocoo()
    wrong = (together.row < together.col) & (together.data > limit)
    return sorted(zip(together.row[wrong].tolist(), together.col[wrong].tolist(), strict=True))


def _solve(m: Model, gain: Floats, pairs: list[tuple[int, int]], *, worst: bool, whole: bool, nodes: int) -> Answer:
    arcs = len(m.file)
    program = _Program(arcs + worst)
    _base_rows(m, program)
    _threshold_rows(m, program, worst=worst)
    extra = _pair_rows(m, program, pairs)
    cost = np.concatenate([gain, np.ones(int(worst)), np.zeros(extra)])
    low = np.concatenate([np.zeros(arcs), np.full(int(worst), -np.inf), np.zeros(extra)])
    high = np.concatenate([np.ones(arcs), np.full(int(worst), np.inf), np.ones(extra)])
    if m.fixed is not None:
        low[:arcs][m.fixed] = 1.0
    matrices = [_widened(matrix, arcs + worst + extra) for matrix in program.rows]
    rows = (csc_matrix(vstack(matrices)), np.concatenate(program.low), np.concatenate(program.high))
    return _run(cost, (low, high), rows, arcs if whole else 0, nodes)


def _widened(matrix: Any, columns: int) -> Any:
    matrix = coo_matrix(matrix)
    return coo_matrix((matrix.data, (matrix.row, matrix.col)), shape=(matrix.shape[0], columns))


def _base_rows(m: Model, program: _Program) -> None:
    arcs, one = np.arange(len(m.file)), np.ones(len(m.file))
    program.add(coo_matrix((one, (m.file, arcs)), shape=(len(m.places), program.columns)), m.places, m.places)
    program.add(coo_matrix((one, (m.juror, arcs)), shape=(len(m.load), program.columns)), m.least, m.load)
    for need in m.needs:
        inside = np.flatnonzero(np.isin(m.juror, need.jurors) & np.isin(m.file, need.files))
        files, row = np.unique(np.array(need.files, dtype=np.int64)), np.zeros(len(m.places), dtype=np.int64)
        row[files] = np.arange(len(files))
        matrix = coo_matrix((np.ones(len(inside)), (row[m.file[inside]], inside)), shape=(len(files), program.columns))
        program.add(matrix, float(need.least), np.inf)
    if m.kept is not None and m.keep:
        kept = np.flatnonzero(m.kept)
        row = np.zeros(len(kept), dtype=np.int64)
        program.add(coo_matrix((np.ones(len(kept)), (row, kept)), shape=(1, program.columns)), float(m.keep), np.inf)


def _threshold_rows(m: Model, program: _Program, *, worst: bool) -> None:
    wanted = m.places > 0 if worst else np.zeros(len(m.places), dtype=np.bool_)
    if m.floors is not None:
        wanted |= np.isfinite(m.floors)
    files = np.flatnonzero(wanted)
    if not len(files):
        return
    row = np.full(len(m.places), -1, dtype=np.int64)
    row[files] = np.arange(len(files))
    arcs = np.flatnonzero(wanted[m.file])
    data, at, column = [m.affinity[arcs]], [row[m.file[arcs]]], [arcs]
    had = np.zeros(len(files)) if m.had is None else m.had[files]
    low = m.floors[files] - had if m.floors is not None else np.full(len(files), -np.inf)
    if worst:
        served = row[np.flatnonzero(m.places > 0)]
        data, at = [*data, -np.ones(len(served))], [*at, served]
        column = [*column, np.full(len(served), len(m.file), dtype=np.int64)]
        low = -had
    arrays = (np.concatenate(data), (np.concatenate(at), np.concatenate(column)))
    program.add(coo_matrix(arrays, shape=(len(files), program.columns)), low, np.inf)


def _pair_rows(m: Model, program: _Program, pairs: list[tuple[int, int]]) -> int:
    """Rows z ≥ x + x′ − 1 for each file that both may read, Σ z ≤ limit; how many z there are."""
    number = np.full((len(m.places), len(m.load)), -1, dtype=np.int64) if pairs else np.empty((0, 0), dtype=np.int64)
    if pairs:
        number[m.file, m.juror] = np.arange(len(m.file))
    extra = 0
    for one, other in pairs:
        both = np.flatnonzero((number[:, one] >= 0) & (number[:, other] >= 0))
        count, first = len(both), program.columns + extra
        extra += count
        columns = np.concatenate([number[both, one], number[both, other], first + np.arange(count)])
        data = np.concatenate([np.ones(2 * count), -np.ones(count)])
        matrix = coo_matrix((data, (np.tile(np.arange(count), 3), columns)), shape=(count, first + count))
        program.add(matrix, -np.inf, 1.0)
        line = (np.ones(count), (np.zeros(count, dtype=np.int64), first + np.arange(count)))
        program.add(coo_matrix(line, shape=(1, first + count)), -np.inf, float(m.pair_limit or 0))
    return extra


def _run(cost: Floats, bounds: tuple[Floats, Floats], rows: Rows, arcs: int, nodes: int) -> Answer:
    """HiGHS, maximising; the first `arcs` columns are 0/1 (none: a linear program)."""
    matrix, low, high = rows
    if not len(cost):
        holds = bool(((low <= 0) & (high >= 0)).all())
        return Answer(np.zeros(0, dtype=np.bool_) if holds else None, 0.0, closed=True)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, *bounds
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    lp.sense_ = highspy.ObjSense.kMaximize
    if arcs:
        kinds = [highspy.HighsVarType.kInteger] * arcs + [highspy.HighsVarType.kContinuous] * (len(cost) - arcs)
        lp.integrality_ = kinds
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in _options(nodes).items():
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    solver.run()
    return _answer(solver, arcs)


def _options(nodes: int) -> dict[str, Any]:
    return {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": TOLERANCE,
        "mip_feasibility_tolerance": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
        "mip_max_nodes": nodes,
    }


def _answer(solver: Any, arcs: int) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Answer(None, -np.inf, closed=True)
    closed = status == highspy.HighsModelStatus.kOptimal
    if not arcs:
        return Answer(None, float(info.objective_function_value) if closed else np.inf, closed=closed)
    bound = float(info.mip_dual_bound)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, bound, closed=False)
    held = np.array(solver.getSolution().col_value[:arcs]) > 0.5
    return Answer(held, bound, closed=closed)
