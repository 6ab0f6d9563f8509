"""The best portfolio, or the best that has one given project or breaks one given rule, exactly and fast.

1. The relaxation is solved again from the last basis: a bound, and for each option what it loses by leaving its place
   (its reduced cost).
2. A guess: the best portfolio loses less than so many points against the bound. Options that would lose more are
   held; the few that remain go to branch and bound. A portfolio found there is the best one; where there is none,
   the guess grows. (Reduced-cost fixing: Nemhauser & Wolsey 1988.)

Where many questions are put to one relaxation, planes (`cuts`) draw its bound near the portfolios first, and a guess
starts from what earlier answers lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, vstack

from terreau.methods.selection.branch_kernels import DONE, search
from terreau.methods.selection.cuts import Cut, cuts_at, knapsacks
from terreau.methods.selection.dictionary_kernels import Node
from terreau.methods.selection.exact import cost, model, system, worth
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.program import Program

FIRST = 1 / 120  # of a typical value: the first guess
GROWTH = 1.5
MARGIN = 1.3  # of what earlier answers lost
LAST = 30.0  # of a typical value
NODES = 20_000
ROUNDS = 12  # of planes
MOST = 400  # columns of a search
SURE = 1e-5  # points by which a guess is drawn in, for the rounding of the relaxation
NOTHING = -1e12  # points: less than any portfolio is worth
BETTER = -1e-7  # points: by less, another portfolio is no better


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxation kept in HiGHS, and its rows (classes and deviations included) as a matrix by columns.

    `home` (m,): the row of each option's class, −1 where the option is alone in it. `scale`: a typical value. `lost`:
    by how much the portfolios found so far are below their bounds.
    """

    program: Program
    highs: highspy.Highs
    matrix: csc_matrix
    cost: Floats
    home: Ints
    scale: float
    box: "Box"
    lost: list[float] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Box:
    """Bounds of the columns (the options, then two a deviation), and of the rows."""

    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats

    def copy(self) -> "Box":
        return Box(self.low.copy(), self.high.copy(), self.row_low.copy(), self.row_high.copy())


def relaxed(p: Program) -> Relaxed:
    matrix, row_low, row_high = system(p)
    crowded = np.bincount(p.klass)[p.klass] > 1
    rank = np.unique(p.klass[crowded], return_inverse=True)[1]
    home = np.full(len(p), -1)
    home[crowded] = p.rows.shape[0] + rank
    points = cost(p)
    low, high = np.zeros(len(points)), np.ones(len(points))
    high[len(p) :] = [*np.repeat([_farthest(d.row, d.target) for d in p.deviations], 2)]
    scale = float(np.abs(p.value).sum()) / max(1, len(p)) or 1.0
    return Relaxed(p, model(p, whole=False), matrix.tocsc(), points, home, scale, Box(low, high, row_low, row_high))


def tightened(r: Relaxed, cuts: Sequence[Cut]) -> Relaxed:
    """With these rows more; `r` itself serves no more, for both share what HiGHS keeps."""
    if not cuts:
        return r
    columns = r.matrix.shape[1]
    for cut in cuts:
        r.highs.addRow(-np.inf, cut.most, len(cut.options), cut.options.astype(np.int32), cut.weight)
    indptr = np.cumsum([0, *(len(cut.options) for cut in cuts)])
    options, weights = (np.concatenate([getattr(cut, part) for cut in cuts]) for part in ("options", "weight"))
    rows = csr_matrix((weights, options, indptr), shape=(len(cuts), columns))
    row_low = np.append(r.box.row_low, np.full(len(cuts), -np.inf))
    row_high = np.append(r.box.row_high, [cut.most for cut in cuts])
    box = replace(r.box, row_low=row_low, row_high=row_high)
    return replace(r, matrix=vstack([r.matrix, rows]).tocsc(), box=box)


def tight(p: Program) -> Relaxed:
    """The relaxation with planes, until no more are found or they have taken `ROUNDS`."""
    r = relaxed(p)
    sacks = knapsacks(p)
    for _ in range(ROUNDS if sacks else 0):
        _, dual, x = relaxation(r, r.box)
        cuts = cuts_at(sacks, x, dual) if dual is not None else []
        if not cuts:
            break
        r = tightened(r, cuts)
    return r


def _farthest(row: Floats, target: float) -> float:
    """No portfolio is farther from the target than that."""
    return abs(target) + float(np.abs(row).sum()) + 1.0


@dataclass(frozen=True, eq=False)
class Best:
    """The best options, ascending; none (`possible` False) where no portfolio keeps the rows or reaches `least`.

    `equals`: all portfolios as good as that one within `near`, itself included, where they were asked for.
    """

    possible: bool
    chosen: Ints
    nodes: int = 0
    equals: tuple[Ints, ...] = ()


NONE = Best(possible=False, chosen=np.empty(0, dtype=np.int64))


def with_one_of(r: Relaxed, options: Ints) -> Box:
    """The portfolios with one of these options of one project."""
    p, box = r.program, r.box.copy()
    home = int(r.home[options[0]])
    box.high[np.setdiff1d(np.flatnonzero(p.klass == p.klass[options[0]]), options)] = 0.0
    if home < 0:
        box.low[options] = 1.0
    else:
        box.row_low[home] = 1.0
    return box


def best_in(
    r: Relaxed, box: Box, *, least: float = -np.inf, known: float = -np.inf, near: float = BETTER
) -> Best | None:
    """The best portfolio within these bounds; None where branch and bound cannot prove its answer.

    A portfolio under `least` points need not be found. `known`: points that some portfolio within them reaches.
    `near` ≥ 0: all those within so many points of the best, too.
    """
    bound, dual, x = relaxation(r, box)
    if dual is None or bound < least:
        return NONE
    guess, nodes = max(FIRST * r.scale, MARGIN * float(np.median(r.lost or 0.0))), 0
    enough = bound - max(least, known - SURE - max(near, 0.0)) + 2 * SURE
    all_free = float(np.abs(dual[: len(r.program)]).max(initial=0.0))
    while guess <= LAST * r.scale:
        guess = min(guess, enough) if guess < all_free else np.inf
        cutoff = max(bound - guess + SURE, NOTHING)
        found = _searched(r, box, (dual, x), (cutoff, guess, near))
        if found is None:
            return None
        nodes += found.nodes
        if found.possible:
            r.lost.append(bound - worth(r.program, found.chosen))
        if found.possible or cutoff < least or cutoff == NOTHING:
            return Best(found.possible, found.chosen, nodes, found.equals)
        guess *= GROWTH
    return None


def relaxation(r: Relaxed, box: Box) -> tuple[float, Floats | None, Floats]:
    """The bound, reduced costs and values of the columns; no reduced costs where nothing keeps the rows."""
    columns = len(box.low)
    r.highs.changeColsBounds(columns, np.arange(columns, dtype=np.int32), box.low, box.high)
    moved = np.flatnonzero((box.row_low != r.box.row_low) | (box.row_high != r.box.row_high)).tolist()
    for i in moved:
        r.highs.changeRowBounds(i, box.row_low[i], box.row_high[i])
    r.highs.run()
    optimal = r.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    solution, bound = r.highs.getSolution(), r.highs.getInfo().objective_function_value
    dual, x = np.array(solution.col_dual), np.array(solution.col_value)
    for i in moved:
        r.highs.changeRowBounds(i, r.box.row_low[i], r.box.row_high[i])
    return bound, dual if optimal else None, x


def _searched(r: Relaxed, box: Box, relaxation: tuple[Floats, Floats], aim: tuple[float, float, float]) -> Best | None:
    """Branch and bound on the columns that lose at most `guess`, the others held; only what is above `cutoff`."""
    (dual, x), (cutoff, guess, near) = relaxation, aim
    m = len(r.program)
    free = (np.abs(dual) <= guess) & (box.low < box.high)
    free[m:] = True
    places = np.flatnonzero(free)
    if len(places) > MOST:
        return None
    held = np.where(free, 0.0, np.rint(x))
    base = float(r.cost @ held)
    a, whole, low, high = _part(r, box, places, held)
    if (low > high).any():
        return NONE
    start = cutoff - base + max(near, 0.0)
    leaves = np.empty((64, len(places)))
    stack = _stack(a, r.cost[places], low, high, len(places) + 64)
    outcome, best, count, nodes = search(a, r.cost[places], whole, stack, (start, near, NODES), leaves)
    if outcome != DONE:
        return None
    if best <= start:
        return Best(possible=False, chosen=NONE.chosen, nodes=nodes)
    found = []
    for leaf in leaves[:count]:
        held[places] = leaf
        found.append(np.flatnonzero(held[:m] > 0.5).astype(np.int64))
    return Best(possible=True, chosen=found[-1], nodes=nodes, equals=tuple(found))


def _part(r: Relaxed, box: Box, places: Ints, held: Floats) -> tuple[Floats, Ints, Floats, Floats]:
    """Rows over these columns that can matter, what counts whole numbers, and the bounds of columns then rows."""
    a = r.matrix[:, places].toarray()
    there = r.matrix @ held
    one, other = a * box.low[places], a * box.high[places]
    least, most = np.minimum(one, other).sum(axis=1), np.maximum(one, other).sum(axis=1)
    under, over = box.row_low - there, box.row_high - there
    matters = (least < under - 1e-9) | (most > over + 1e-9)
    a, low, high = a[matters], np.maximum(under, least)[matters], np.minimum(over, most)[matters]
    options = places < len(r.program)
    counts = (a == np.rint(a)).all(axis=1) & ~a[:, ~options].any(axis=1)
    low[counts], high[counts] = np.ceil(low[counts] - 1e-7), np.floor(high[counts] + 1e-7)
    whole = np.concatenate([options, counts]).astype(np.int64)
    return np.ascontiguousarray(a), whole, np.append(box.low[places], low), np.append(box.high[places], high)


def _stack(a: Floats, c: Floats, low: Floats, high: Floats, deep: int) -> Node:
    """Room for a branch of so many nodes; node 0 has all rows basic."""
    rows, columns = a.shape
    stack = Node(
        np.empty((deep, rows + 1, columns)),
        np.empty((deep, rows), dtype=np.int64),
        np.empty((deep, columns), dtype=np.int64),
        np.empty((deep, rows)),
        np.empty((deep, columns)),
        np.empty((deep, columns + rows)),
        np.empty((deep, columns + rows)),
    )
    stack.lines[0, :rows], stack.lines[0, rows] = a, c
    stack.basic[0], stack.nonbasic[0] = np.arange(columns, columns + rows), np.arange(columns)
    stack.low[0], stack.high[0] = low, high
    return stack
