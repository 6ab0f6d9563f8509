"""Who reads which file. Lexicographic: the worst-served file, then total affinity, then even loads."""

from dataclasses import replace

import numpy as np

from terreau.methods.assignment import hall
from terreau.methods.assignment.best_total import Core, Question, best_total
from terreau.methods.assignment.even_loads import even
from terreau.methods.assignment.instance import Instance, Ints, Need, check
from terreau.methods.assignment.levels import Level, serve_worst
from terreau.methods.assignment.outcome import Outcome, Status, nothing
from terreau.methods.assignment.ruled import breaks_rules, ruled

PROVED = 1e-9  # relative: equal but for the rounding of float64 sums


def assign(instance: Instance, *, gap: float = 1e-4) -> Outcome:
    """The best assignment, or why there is none. BadInstance where the question cannot be put.

    Levels: (1) the least summed affinity of a file, (2) total affinity, (3) even loads, by exchanges that change
    neither of the two. The search stops once the total is within `gap` (relative) of its proven bound; 0 asks for
    the optimum, by branch and bound where the prices alone do not prove it. Equal answers are told apart by the
    order of names, so that the order of rows changes nothing.
    """
    check(instance)
    ordered, back = by_name(instance)
    return in_order(_solved(ordered, gap), *back)


def _solved(it: Instance, gap: float) -> Outcome:
    q = Question(it.affinity, it.forbidden, it.places, it.load)
    core = best_core(q)
    if core is None:
        found = hall.conflict(q.barred, q.places, q.load, (it.files, it.jurors))
        return nothing(len(it.files), len(it.jurors), found)
    level = serve_worst(core, q, gap)
    level = even(level, q)
    if breaks_rules(it, level.assigned):
        return ruled(it, core)
    return told(level, core, q)


def best_core(q: Question, bonus: Ints | None = None) -> Core | None:
    """The assignment of largest total; None where none is complete."""
    core = best_total(q, bonus=bonus)
    if core is not None:
        return core
    feasible = hall.complete(q.barred, q.places, q.load)
    return None if feasible is None else best_total(q, feasible, bonus)


def told(level: Level, core: Core, q: Question) -> Outcome:
    """A level as an outcome, beside what the largest total would have been."""
    served = q.places > 0
    free = core.sums[served].min(initial=2**62) / core.unit if served.any() else 0.0
    loads = np.bincount(level.assigned[level.assigned >= 0], minlength=len(q.load)).astype(np.int64)
    slack = PROVED * max(abs(level.bound_total), 1.0)
    proved = level.worst >= level.bound_worst - PROVED and level.total >= level.bound_total - slack
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    bounds = (max(level.bound_worst, level.worst), level.total, max(level.bound_total, level.total))
    return Outcome(status, level.assigned, level.worst, *bounds, core.total, free, loads)


type Back = tuple[Ints, Ints]


def by_name(it: Instance) -> tuple[Instance, Back]:
    """The instance with files and jurors in the order of their names, and where each one stood."""
    files, jurors = (np.array(sorted(range(len(n)), key=n.__getitem__), dtype=np.int64) for n in (it.files, it.jurors))
    if (np.diff(files) > 0).all() and (np.diff(jurors) > 0).all():
        return it, (files, jurors)
    new_file, new_juror = np.argsort(files), np.argsort(jurors)
    needs = tuple(
        Need(n.name, tuple(new_file[list(n.files)].tolist()), tuple(new_juror[list(n.jurors)].tolist()), n.least)
        for n in it.needs
    )
    grid = np.ix_(files, jurors)
    ordered = replace(
        it,
        files=tuple(it.files[f] for f in files),
        jurors=tuple(it.jurors[j] for j in jurors),
        affinity=np.ascontiguousarray(it.affinity[grid]),
        forbidden=np.ascontiguousarray(it.forbidden[grid]),
        reviews=it.places[files],
        load=it.load[jurors],
        least=it.floors[jurors],
        needs=needs,
    )
    return ordered, (files, jurors)


def in_order(outcome: Outcome, files: Ints, jurors: Ints) -> Outcome:
    """The outcome of an instance in order of names, told in the order in which it was given."""
    rows = np.where(outcome.assigned >= 0, jurors[outcome.assigned], len(jurors))
    assigned = np.empty_like(outcome.assigned)
    assigned[files] = np.sort(rows, axis=1)
    assigned[assigned == len(jurors)] = -1
    loads = np.empty_like(outcome.loads)
    loads[jurors] = outcome.loads
    return replace(outcome, assigned=assigned, loads=loads)
