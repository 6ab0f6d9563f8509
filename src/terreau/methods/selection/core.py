"""Large portfolios: prices for all options, then an exact search over the few whose fate the prices leave open.

Pisinger's core (1995, 1997) for many rows and classes: at the prices y each option has a regret, what it loses
against the best of its class. Any portfolio is worth at most bound − its regrets; so where a portfolio worth L is
known, options with a regret above bound − L are out of the question, which makes the last search exact.
"""

from dataclasses import dataclass

import numpy as np

from terreau.methods.selection.columns import Columns, arrange
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.prices import Dual, solve_dual
from terreau.methods.selection.program import Program
from terreau.methods.selection.restricted import Found, solve_part

FIRST = 500  # open alternatives of the first search
WIDER = 2  # each search over the one before
HAIR = 1e-9  # of the bound: as good as equal


@dataclass(frozen=True, eq=False)
class Solution:
    """`chosen`: option numbers of the program, ascending; `objective` and proven upper `bound` in points."""

    chosen: Ints
    objective: float
    bound: float


def solve_core(program: Program, *, gap: float = 1e-3) -> Solution | None:
    """A portfolio within `gap` (share of the bound) of a proven bound; None where it is proven that there is none."""
    columns = arrange(program)
    if columns is None:
        return None
    dual = solve_dual(columns, precision=gap / 20)
    regrets = _regrets(columns, dual)
    best: Solution | None = None
    size = FIRST
    while True:
        reach = regrets.of(size)
        proof = dual.bound - best.objective + HAIR * abs(dual.bound) if best else np.inf
        whole = reach >= proof or reach == np.inf
        found = _search(program, columns, dual, regrets, min(reach, proof), gap)
        best = _better(program, best, found.chosen, dual.bound)
        if whole:
            return _proven(best, found)
        if best and best.bound - best.objective <= gap * abs(best.bound):
            return best
        size *= WIDER


@dataclass(frozen=True, eq=False)
class Regrets:
    """What each alternative loses against the best of its class: taking column j (m,), or nothing at all (k,)."""

    column: Floats
    nothing: Floats

    def of(self, rank: int) -> float:
        """The regret of the alternative of this rank, from the least; infinite where there are fewer."""
        every = np.concatenate([self.column, self.nothing])
        return float(np.partition(every, rank)[rank]) if rank < len(every) else np.inf


def _regrets(columns: Columns, dual: Dual) -> Regrets:
    """The best of a class is no alternative: its regret is infinite, and so is nothing where one must be taken."""
    klass = np.repeat(np.arange(len(columns.must)), np.diff(columns.start))
    taken = dual.best >= 0
    top = np.where(taken, dual.reduced[dual.best], 0.0)
    column = top[klass] - dual.reduced
    column[dual.best[taken]] = np.inf
    return Regrets(column, np.where(taken & ~columns.must, top, np.inf))


def _search(program: Program, columns: Columns, dual: Dual, regrets: Regrets, reach: float, gap: float) -> Found:
    """The best portfolio whose alternatives all have a regret of at most `reach`."""
    klass = np.repeat(np.arange(len(columns.must)), np.diff(columns.start))
    column = regrets.column <= reach
    open_class = regrets.nothing <= reach
    open_class[klass[column]] = True
    taken = dual.best >= 0
    column[dual.best[taken & open_class]] = True
    free, held = columns.option[column], columns.option[dual.best[taken & ~open_class]]
    least = max(gap * abs(dual.bound) / 4, HAIR)
    return solve_part(program, np.sort(free), held, target=dual.bound - gap * abs(dual.bound), gap=least)


def _better(program: Program, best: Solution | None, chosen: Ints | None, bound: float) -> Solution | None:
    if chosen is None:
        return best
    worth = objective(program, chosen)
    return best if best and best.objective >= worth else Solution(chosen, worth, max(bound, worth))


def _proven(best: Solution | None, found: Found) -> Solution | None:
    """After a search that left nothing out which could be better: its own bound counts."""
    if best is None:
        if not found.empty:
            raise ArithmeticError("neither a portfolio nor a proof that there is none")
        return None
    return Solution(best.chosen, best.objective, max(best.objective, min(best.bound, found.bound)))


def objective(program: Program, chosen: Ints) -> float:
    """What a portfolio of options is worth: its value less what its deviations cost, in points."""
    soft = sum(d.price * abs(float(d.row[chosen].sum()) - d.target) for d in program.deviations)
    return float(program.value[chosen].sum()) - soft
