"""Why a project was not taken, exactly: each reason is an optimum of its own, proved like the portfolio."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import floor

import numpy as np

from terreau.methods.selection.conflict import constraints
from terreau.methods.selection.exact import add_row, aim, cost, exactly, model, worth
from terreau.methods.selection.forced import Relaxed, best_in, tight, with_one_of
from terreau.methods.selection.holds import granted, keeps
from terreau.methods.selection.instance import Instance, Ints, Measure, Rule
from terreau.methods.selection.outcome import Budget, Constraint, Excluded, Forced, Outcome
from terreau.methods.selection.program import UNIT, Program, program
from terreau.methods.selection.ties import near


@dataclass(frozen=True)
class Reason:
    """Why `id` is out. `portfolio` (id → cents) is the best one that has it; it is `short_points` below the optimum,
    puts out `pushes_out` and brings in `brings_in`. Not `possible`: no portfolio has it.

    Only where asked for by name: `cheaper_cents`, by how much less the project, its merit unchanged, would be in the
    best portfolio or in one as good (None: at no price); `in_the_way`, the constraints of which any one, left out
    alone, would let it in at no loss.
    """

    id: str
    possible: bool
    short_points: float
    pushes_out: tuple[str, ...]
    brings_in: tuple[str, ...]
    portfolio: dict[str, int]
    cheaper_cents: int | None = None
    in_the_way: tuple[Constraint, ...] = ()


def why_not(it: Instance, outcome: Outcome, ids: Sequence[str] | None = None) -> list[Reason]:
    """A reason for each project that a proved `outcome` leaves out, in the order of the instance.

    Points, and the portfolio that would have had it, for all of them; with `ids`, for these alone, and the euros and
    the constraints in the way too, which take a second or so each on 273 files.
    """
    p = program(it)
    r = tight(p)
    wanted = set(it.ids if ids is None else ids) - set(outcome.granted)
    reasons = {name: _reason(it, r, outcome, name) for name in sorted(wanted)}
    found = [reasons[name] for name in it.ids if name in wanted]
    if ids is None:
        return found
    return [_at_length(it, p, outcome, reason) for reason in found]


def _reason(it: Instance, r: Relaxed, outcome: Outcome, name: str) -> Reason:
    chosen = forced_in(it, r, name)
    if chosen is None:
        return Reason(name, possible=False, short_points=float("inf"), pushes_out=(), brings_in=(), portfolio={})
    portfolio = granted(it, r.program, chosen)
    return Reason(
        name,
        possible=True,
        short_points=max(0.0, outcome.objective - worth(r.program, chosen)),
        pushes_out=tuple(other for other in outcome.granted if other not in portfolio),
        brings_in=tuple(other for other in portfolio if other not in outcome.granted and other != name),
        portfolio=portfolio,
    )


def forced_in(
    it: Instance,
    r: Relaxed,
    name: str,
    without: frozenset[Constraint] = frozenset(),
    least: float = -np.inf,
) -> Ints | None:
    """The options of the best portfolio that has this project, if any reaches `least` points.

    By branch and bound on what the relaxation leaves open; by HiGHS where that cannot be proved or misses by a cent.
    """
    p = r.program
    options = np.flatnonzero(p.project == it.ids.index(name))
    if not len(options):
        return None
    holds = partial(keeps, it, p, without)
    best = best_in(r, with_one_of(r, options), least=least)
    if best is not None and not best.possible:
        return None
    if best is not None and holds(best.chosen):
        return best.chosen
    highs = model(p)
    row = np.zeros(len(p))
    row[options] = 1.0
    add_row(highs, row, 1.0, 1.0)
    found = exactly(highs, len(p), holds)
    return found[0] if found is not None and worth(p, found[0]) >= least else None


def _at_length(it: Instance, p: Program, outcome: Outcome, reason: Reason) -> Reason:
    least = outcome.objective - near(p)
    cheaper = None if reason.id in it.excluded else _cheaper(it, p, reason.id, least)
    way = tuple(_in_the_way(it, reason.id, least))
    return replace(reason, cheaper_cents=cheaper, in_the_way=way)


def _in_the_way(it: Instance, name: str, least: float) -> Iterator[Constraint]:
    for constraint in constraints(it):
        if not isinstance(constraint, Forced | Excluded) or constraint == Excluded(name):
            left = frozenset({constraint})
            if forced_in(it, tight(program(it, left)), name, left, least) is not None:
                yield constraint


def _cheaper(it: Instance, p: Program, name: str, least: float) -> int | None:
    """The greatest amount at which the whole merit of this project is in a portfolio of `least` points.

    The whole option costs nothing by itself; a column between 0 and the request carries its money instead.
    """
    i = it.ids.index(name)
    options = np.flatnonzero(p.project == i)
    option, money = int(options[-1]), it.requested[i] / UNIT
    highs = model(p)
    add_row(highs, cost(p), least, np.inf)
    aim(highs, np.zeros(len(p)))
    bounds = np.zeros(len(options))
    highs.changeColsBounds(len(options), options.astype(np.int32), bounds, bounds)
    highs.changeColBounds(option, 1.0, 1.0)
    rows = [k for k, source in enumerate(p.source) if _in_money(source)]
    column = p.rows[:, option].toarray().ravel()
    soft = highs.getNumRow() - 1 - len(p.deviations)
    entries = {k: column[k] for k in rows} | {soft + k: d.row[option] for k, d in enumerate(p.deviations)}
    entries = {k: value for k, value in entries.items() if value}
    for k in entries:
        highs.changeCoeff(k, option, 0.0)
    places, slopes = np.array(list(entries), dtype=np.int32), np.array(list(entries.values())) / money
    highs.addCol(1.0, 0.0, money, len(places), places, slopes)
    highs.run()
    if highs.getInfo().primal_solution_status != 2:
        return None
    paid = floor(highs.getSolution().col_value[-1] * UNIT + 1e-3)
    return int(it.requested[i]) - paid if paid > 0 else None


def _in_money(source: Constraint) -> bool:
    return isinstance(source, Budget) or (isinstance(source, Rule) and source.measure != Measure.COUNT)
