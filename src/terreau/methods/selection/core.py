"""Large portfolios: prices for all options, then an exact search over the few whose fate the prices leave open.

Pisinger's core (1995, 1997) for many rows and classes: at the prices y each option has a regret, what it loses
against the best of its class. Any portfolio is worth at most bound − its regrets; so where a portfolio worth L is
known, options with a regret above bound − L are out of the question, which makes the last search exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from terreau.methods.selection.columns import Columns, arrange
from terreau.methods.selection.exact import Solution, worth
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.prices import Dual, solve_dual
from terreau.methods.selection.program import Program
from terreau.methods.selection.restricted import Aim, Found, nearly_holds, solve_part

FIRST = 500  # open alternatives of the first search
WIDER = 2  # each search over the one before
HAIR = 1e-9  # of the bound: as good as equal


def solve_core(program: Program, *, gap: float = 1e-3, holds: Callable[[Ints], bool] | None = None) -> Solution | None:
    """A portfolio within `gap` (share of the bound) of a proven bound; None where it is proven that there is none.

    `holds` says whether a portfolio (option numbers) keeps every rule to the cent; by default the rows are summed.
    """
    columns = arrange(program) if len(program) else None
    if columns is None:
        return _of_nothing(program)
    dual = solve_dual(columns, precision=gap / 20)
    if dual.bound < _least(program):
        return None
    regrets = _regrets(columns, dual)
    kept = holds or partial(nearly_holds, program)
    wanted = dual.bound - gap * abs(dual.bound)
    best: Solution | None = None
    size = FIRST
    while True:
        reach = regrets.of(size)
        proof = dual.bound - best.objective + HAIR * abs(dual.bound) if best else np.inf
        whole = reach >= proof or reach == np.inf
        aim = Aim(wanted, max(gap * abs(dual.bound) / 4, HAIR), not whole, kept)
        found = solve_part(program, *_open(columns, dual, regrets, min(reach, proof)), aim)
        best = _better(program, best, found.chosen, dual.bound)
        if whole:
            return _proven(best, found)
        if best and best.objective >= wanted:
            return best
        size *= WIDER


def _of_nothing(program: Program) -> Solution | None:
    """The empty portfolio where no option is left; none where two forced projects share a class."""
    nothing = np.empty(0, dtype=np.int64)
    if len(program) or (program.low > 0).any() or (program.high < 0).any():
        return None
    return Solution(nothing, worth(program, nothing), worth(program, nothing))


def _least(program: Program) -> float:
    """No portfolio is worth less; so a bound below it proves that there is none."""
    soft = sum(d.price * (abs(d.target) + float(np.abs(d.row).sum())) for d in program.deviations)
    least = float(np.minimum(program.value, 0).sum()) - soft
    return least - 1e-6 * (1 + abs(least))


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


def _open(columns: Columns, dual: Dual, regrets: Regrets, reach: float) -> tuple[Ints, Ints]:
    """The options of classes with an alternative of a regret of at most `reach`, and those held in elsewhere."""
    klass = np.repeat(np.arange(len(columns.must)), np.diff(columns.start))
    column = regrets.column <= reach
    open_class = regrets.nothing <= reach
    open_class[klass[column]] = True
    taken = dual.best >= 0
    column[dual.best[taken & open_class]] = True
    return np.sort(columns.option[column]), columns.option[dual.best[taken & ~open_class]]


def _better(program: Program, best: Solution | None, chosen: Ints | None, bound: float) -> Solution | None:
    if chosen is None:
        return best
    points = worth(program, chosen)
    return best if best and best.objective >= points else Solution(chosen, points, max(bound, points))


def _proven(best: Solution | None, found: Found) -> Solution | None:
    """After a search that left nothing out which could be better: its own bound counts."""
    if best is None:
        if not found.empty:
            raise ArithmeticError("neither a portfolio nor a proof that there is none")
        return None
    return Solution(best.chosen, best.objective, max(best.objective, min(best.bound, found.bound)))
