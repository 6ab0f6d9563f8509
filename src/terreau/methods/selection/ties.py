"""Among portfolios of equal objective: the one that grants less money, then the one whose files come first.

Files come first in the order of their ids: the first file that one portfolio has and the other has not decides;
where both have the same files, the first that is granted a different amount decides, for the larger one.
Objectives are equal when they differ by less than 1e-8 of the largest value at stake (a millionth of a point on
merits of 100 points).
"""

from collections.abc import Callable, Iterator, Sequence
from math import gcd

import highspy
import numpy as np

from terreau.methods.selection.exact import Solution, add_row, aim, exactly, forbid, model, worth
from terreau.methods.selection.instance import Ints
from terreau.methods.selection.program import Program

CHUNK = 2**16  # as many portfolios of digits as one objective tells apart


def near(p: Program) -> float:
    """The difference of objective, in points, under which two portfolios count as equal."""
    return 1e-8 * max(1.0, float(np.abs(p.value).max(initial=0.0)))


def preferred(p: Program, equals: Sequence[Ints]) -> Ints:
    """The one of these portfolios, all of them equal, that the stated rule prefers."""
    return min(equals, key=lambda chosen: _rank(p, chosen)) if len(equals) > 1 else equals[0]


def _rank(p: Program, chosen: Ints) -> tuple[int, list[bool], list[int]]:
    """Options are in the order of the ids: money, then who is in, then for how much."""
    projects = p.project[np.flatnonzero(np.diff(p.project, prepend=-1))]
    cents = dict(zip(p.project[chosen].tolist(), p.cents[chosen].tolist(), strict=True))
    amounts = [cents.get(i, 0) for i in projects.tolist()]
    return sum(amounts), [not amount for amount in amounts], [-amount for amount in amounts]


def first_of_equals(p: Program, best: Solution, holds: Callable[[Ints], bool]) -> Solution:
    """The portfolio that the stated rule prefers among all those as good as `best`, which is optimal."""
    least = best.objective - near(p)
    highs = _among_the_best(p, least)
    rows = highs.getNumRow()
    forbid(highs, best.chosen, len(p))
    if exactly(highs, len(p), holds) is None:
        return best
    highs.deleteRows(highs.getNumRow() - rows, np.arange(rows, highs.getNumRow(), dtype=np.int32))
    chosen = _cheapest(highs, p, holds)
    for digits in (_taken(p), _amounts(p)):
        chosen = _first(highs, p, digits, chosen, holds)
    objective = worth(p, chosen)
    return Solution(chosen, objective, max(best.bound, objective))


def _among_the_best(p: Program, least: float) -> highspy.Highs:
    """The program narrowed to what reaches `least` points: options whose reduced cost forbids it are fixed."""
    relaxed = model(p, whole=False)
    relaxed.run()
    slack = relaxed.getInfo().objective_function_value - least + near(p)
    dual = np.asarray(relaxed.getSolution().col_dual)[: len(p)]
    highs = model(p)
    columns = np.arange(len(p), dtype=np.int32)
    highs.changeColsBounds(len(p), columns, (dual > slack).astype(np.float64), (dual >= -slack).astype(np.float64))
    objective = np.concatenate([p.value, *(np.full(2, -d.price) for d in p.deviations)])
    add_row(highs, objective, least, np.inf)
    aim(highs, np.zeros(len(p)))
    return highs


def _cheapest(highs: highspy.Highs, p: Program, holds: Callable[[Ints], bool]) -> Ints:
    """The least money among the best; it stays a row of the model, in whole units so that no cent is lost."""
    unit = gcd(*(int(c) for c in p.cents))
    money = (p.cents // unit).astype(np.float64)
    aim(highs, -money)
    found = exactly(highs, len(p), holds)
    if found is None:
        raise RuntimeError("the optimum is lost within the tolerance of the solver")
    add_row(highs, money, -np.inf, money[found[0]].sum() + 0.5)
    return found[0]


type Digit = tuple[Ints, Ints]  # options, and the figure that each of them writes


def _taken(p: Program) -> Iterator[Digit]:
    """For each project in the order of the ids: is it in?"""
    for options in _projects(p):
        yield options, np.ones(len(options), dtype=np.int64)


def _amounts(p: Program) -> Iterator[Digit]:
    """For each project in the order of the ids: which of its amounts?"""
    for options in _projects(p):
        if len(options) > 1:
            yield options, np.arange(1, len(options) + 1)


def _projects(p: Program) -> list[Ints]:
    starts = np.flatnonzero(np.diff(p.project, prepend=-1))
    return np.split(np.arange(len(p)), starts[1:]) if len(p) else []


def _first(
    highs: highspy.Highs, p: Program, digits: Iterator[Digit], chosen: Ints, holds: Callable[[Ints], bool]
) -> Ints:
    """The largest number written by these digits, some at a time; what was decided stays in the model as rows."""
    for chunk in _chunks(_open(highs, digits)):
        weights, weight = np.zeros(len(p)), 1
        for options, figures in reversed(chunk):
            weights[options] = figures * weight
            weight *= int(figures.max()) + 1
        aim(highs, weights)
        found = exactly(highs, len(p), holds)
        if found is not None:
            chosen = found[0]
        taken = np.zeros(len(p))
        taken[chosen] = 1.0
        for options, figures in chunk:
            row = np.zeros(len(p))
            row[options] = figures
            figure = float(row @ taken)
            add_row(highs, row, figure, figure)
    return chosen


def _open(highs: highspy.Highs, digits: Iterator[Digit]) -> Iterator[Digit]:
    """Those that the reduced costs have not decided yet."""
    lp = highs.getLp()
    free = np.asarray(lp.col_upper_) > np.asarray(lp.col_lower_)
    return (digit for digit in digits if free[digit[0]].any())


def _chunks(digits: Iterator[Digit]) -> Iterator[list[Digit]]:
    chunk: list[Digit] = []
    size = 1
    for digit in digits:
        if size * (int(digit[1].max()) + 1) > CHUNK and chunk:
            yield chunk
            chunk, size = [], 1
        chunk.append(digit)
        size *= int(digit[1].max()) + 1
    if chunk:
        yield chunk
