"""The best portfolio that has one given project, for many projects of one program, exactly and fast.

1. For each project the relaxation is solved again from the last basis: a bound, and for each option what it loses by
   leaving its place (its reduced cost).
2. A guess: the best portfolio loses less than so many points against the bound. Options that would lose more are
   held; the few that remain go to branch and bound. A portfolio found there is the best one; where there is none,
   the guess is doubled. (Reduced-cost fixing: Nemhauser & Wolsey 1988.)
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_matrix

from terreau.methods.selection.branch_kernels import DONE, search
from terreau.methods.selection.exact import cost, model, system
from terreau.methods.selection.instance import Bools, Floats, Ints
from terreau.methods.selection.program import Program

GUESS = 4.0
MOST = 128.0
NODES = 20_000


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxation kept in HiGHS, and its rows (classes and deviations included) as a matrix by columns.

    `home` (m,): the row of each option's class, −1 where the option is alone in it.
    """

    program: Program
    highs: highspy.Highs
    matrix: csc_matrix
    low: Floats
    high: Floats
    cost: Floats
    home: Ints


def relaxed(p: Program) -> Relaxed:
    matrix, low, high = system(p)
    crowded = np.bincount(p.klass)[p.klass] > 1
    rank = np.unique(p.klass[crowded], return_inverse=True)[1]
    home = np.full(len(p), -1)
    home[crowded] = p.rows.shape[0] + rank
    return Relaxed(p, model(p, whole=False), matrix.tocsc(), low, high, cost(p), home)


@dataclass(frozen=True, eq=False)
class Best:
    """The best options, ascending; none (`possible` False) where no portfolio keeps the rows or reaches `least`."""

    possible: bool
    chosen: Ints
    nodes: int = 0


NONE = Best(possible=False, chosen=np.empty(0, dtype=np.int64))


def best_with(r: Relaxed, options: Ints, least: float = -np.inf) -> Best | None:
    """The best portfolio with one of these options (those of one project; no options: the best of all).

    A portfolio under `least` points need not be found. None where branch and bound cannot prove its answer.
    """
    p = r.program
    low, high = np.zeros(len(r.cost)), np.ones(len(r.cost))
    high[len(p) :] = 1e3
    row_low = r.low.copy()
    home = -1
    if len(options):
        home = int(r.home[options[0]])
        high[np.setdiff1d(np.flatnonzero(p.klass == p.klass[options[0]]), options)] = 0.0
        if home < 0:
            low[options] = 1.0
        else:
            row_low[home] = 1.0
    bound, dual, x = _bound(r, low, high, home)
    if dual is None or bound < least:
        return NONE
    return _guessed(r, (low, high, row_low), bound, dual, x, least)


def _guessed(
    r: Relaxed, box: tuple[Floats, Floats, Floats], bound: float, dual: Floats, x: Floats, least: float
) -> Best | None:
    guess, nodes, m = GUESS, 0, len(r.program)
    while guess <= MOST:
        free = (np.abs(dual) <= guess) & (box[0] < box[1])
        free[m:] = True
        held = np.where(free, 0.0, np.rint(x))
        found = _searched(r, free, held, box, max(bound - guess, least))
        if found is None:
            return None
        nodes += found.nodes
        if found.possible or bound - guess < least:
            return Best(found.possible, found.chosen, nodes)
        guess *= 2
    return None


def _bound(r: Relaxed, low: Floats, high: Floats, home: int) -> tuple[float, Floats | None, Floats]:
    count = len(low)
    every = np.arange(count, dtype=np.int32)
    r.highs.changeColsBounds(count, every, low, high)
    if home >= 0:
        r.highs.changeRowBounds(int(home), 1.0, 1.0)
    r.highs.run()
    optimal = r.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    solution = r.highs.getSolution()
    if home >= 0:
        r.highs.changeRowBounds(int(home), -np.inf, 1.0)
    dual = np.asarray(solution.col_dual) if optimal else None
    return r.highs.getInfo().objective_function_value, dual, np.asarray(solution.col_value)


def _searched(r: Relaxed, free: Bools, held: Floats, box: tuple[Floats, Floats, Floats], cutoff: float) -> Best | None:
    """Branch and bound on the free columns, the others held; only what is better than `cutoff`."""
    low, high, row_low = box
    places = np.flatnonzero(free)
    a = r.matrix[:, places].toarray()
    there = r.matrix @ held
    under, over = row_low - there, r.high - there
    most = np.where(a > 0, a * high[places], a * low[places]).sum(axis=1)
    least = np.where(a > 0, a * low[places], a * high[places]).sum(axis=1)
    matters = (least < under - 1e-9) | (most > over + 1e-9)
    lows = np.concatenate([low[places], under[matters]])
    highs = np.concatenate([high[places], over[matters]])
    whole = int((places < len(r.program)).sum())
    base = float(r.cost @ held)
    a = np.ascontiguousarray(a[matters])
    outcome, x, best, nodes = search(a, r.cost[places], lows, highs, whole, cutoff - base, NODES)
    if outcome != DONE:
        return None
    if best <= cutoff - base:
        return Best(possible=False, chosen=NONE.chosen, nodes=nodes)
    full = held.copy()
    full[places] = x
    return Best(possible=True, chosen=np.flatnonzero(full[: len(r.program)] > 0.5).astype(np.int64), nodes=nodes)
