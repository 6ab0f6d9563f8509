"""After a recusal, or when a juror leaves: as few readings as can be change hands, then the worst file, then total."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from terreau.methods.assignment import hall
from terreau.methods.assignment.assign import PROVED, best_core, by_name, in_order
from terreau.methods.assignment.best_total import Core, Question, rows_of
from terreau.methods.assignment.even_loads import even
from terreau.methods.assignment.exact_model import most_kept
from terreau.methods.assignment.instance import BadInstance, Flags, Instance, Ints, check
from terreau.methods.assignment.levels import SMALL, serve_worst
from terreau.methods.assignment.outcome import Outcome, Status, nothing
from terreau.methods.assignment.ruled import breaks_rules, levelled, model_of, pairs_of, refused


def reassign(instance: Instance, kept: Ints, locked: Iterable[tuple[int, int]] = (), *, gap: float = 1e-4) -> Outcome:
    """The assignment nearest to `kept` that keeps the instance's limits as they are now.

    kept (f, k): the jurors of each file until now, −1 for none, as in `Outcome.assigned`; what is forbidden now (a
    recusal) or no longer has room (a juror who left: load 0) has to change. locked: pairs (file, juror) of reviews
    already rendered; they stay. Lexicographic: fewest readings of `kept` lost, then worst file, then total. `changes`
    is how many were lost. BadInstance where a locked pair is forbidden or a file has more readings than it may.
    """
    check(instance)
    before, fixed = _flags(instance, kept), np.zeros(instance.forbidden.shape, dtype=np.bool_)
    for file, juror in locked:
        fixed[file, juror] = True
    _check(instance, before, fixed)
    ordered, (files, jurors) = by_name(instance)
    grid = np.ix_(files, jurors)
    outcome = _nearest(ordered, before[grid], fixed[grid], gap)
    return in_order(outcome, files, jurors)


def _flags(it: Instance, kept: Ints) -> Flags:
    flags = np.zeros(it.forbidden.shape, dtype=np.bool_)
    flags[pairs_of(kept)] = True
    return flags


def _check(it: Instance, before: Flags, fixed: Flags) -> None:
    problems = [(it.files[f], "locked-forbidden", it.jurors[j]) for f, j in np.argwhere(fixed & it.forbidden)]
    problems += [(it.files[f], "locked-not-kept", it.jurors[j]) for f, j in np.argwhere(fixed & ~before)]
    many = np.flatnonzero((before & ~it.forbidden).sum(axis=1) > it.places)
    problems += [(it.files[f], "more-kept-than-reviews", str(it.places[f])) for f in many]
    if problems:
        raise BadInstance(problems)


def _nearest(it: Instance, before: Flags, fixed: Flags, gap: float) -> Outcome:
    """Everything that may stay stays, if the rest can be completed; otherwise the fewest are let go."""
    wish = before & ~it.forbidden
    held, certain = wish, True
    if not _completes(it, wish):
        part = _part(it, fixed)
        core = best_core(part, np.argwhere(wish & ~fixed)) if (part.load >= 0).all() else None
        if core is None:
            return _impossible(it, part)
        held, certain = fixed | (_held(core, before.shape) & wish), False
    if certain or it.forbidden.size > SMALL:
        outcome = _around(it, held, before, gap)
        if outcome is not None:
            proved = certain or outcome.status != Status.OPTIMAL
            return outcome if proved else replace(outcome, status=Status.FEASIBLE)
    return _by_program(it, before, fixed)


def _part(it: Instance, held: Flags) -> Question:
    """What remains to be given beside readings that stay."""
    affinity = np.where(held, it.affinity, 0).sum(axis=1, dtype=np.float64)
    full = (held.sum(axis=1) == it.places) & (it.places > 0)
    enough = float(affinity[full].min(initial=np.inf))
    places, load = it.places - held.sum(axis=1), it.load - held.sum(axis=0)
    return Question(it.affinity, it.forbidden | held, places, load, affinity, enough)


def _completes(it: Instance, held: Flags) -> bool:
    part = _part(it, held)
    if (part.load < 0).any():
        return False
    lacking = np.flatnonzero(part.places)
    return hall.complete(part.barred[lacking], part.places[lacking], part.load) is not None


def _held(core: Core, shape: tuple[int, ...]) -> Flags:
    flags = np.zeros(shape, dtype=np.bool_)
    arcs = np.flatnonzero(core.flow.held)
    flags[core.net.owner[arcs], core.net.juror[arcs]] = True
    return flags


def _impossible(it: Instance, part: Question) -> Outcome:
    names = (it.files, it.jurors)
    return nothing(
        len(it.files), len(it.jurors), hall.conflict(part.barred, part.places, np.maximum(part.load, 0), names)
    )


def _around(it: Instance, held: Flags, before: Flags, gap: float) -> Outcome | None:
    """The best assignment that holds these readings; None where it breaks a rule."""
    whole = _part(it, held)
    lacking = np.flatnonzero(whole.places)
    rows = Question(
        whole.affinity[lacking],
        whole.barred[lacking],
        whole.places[lacking],
        whole.load,
        whole.had[lacking],
        whole.enough,
    )
    given = held.copy()
    worst = bound_worst = whole.enough if np.isfinite(whole.enough) else 0.0
    short = free = bound = 0.0
    if len(lacking):
        core = best_core(rows)
        assert core is not None  # noqa: S101 - it was just seen to be complete
        level = even(serve_worst(core, rows, gap), rows)
        file, juror = pairs_of(level.assigned)
        given[lacking[file], juror] = True
        worst, bound_worst = min(level.worst, whole.enough), min(level.bound_worst, whole.enough)
        short, free, bound = level.total, core.total, level.bound_total
    rest = float(np.delete(whole.had, lacking).sum())
    file, juror = np.nonzero(given)
    assigned = rows_of(file, juror, it.places)
    if breaks_rules(it, assigned):
        return None
    proved = worst >= bound_worst - PROVED and short >= bound - PROVED * max(abs(bound), 1.0)
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    totals = (short + rest, max(bound, short) + rest, free + rest)
    loads, changes = given.sum(axis=0), int((before & ~given).sum())
    return Outcome(status, assigned, worst, max(bound_worst, worst), *totals, worst, loads, changes)


def _by_program(it: Instance, before: Flags, fixed: Flags) -> Outcome:
    """Where something must give way for another: the exact program, fewest changes first."""
    part = _part(it, fixed)
    if (part.load < 0).any():
        return _impossible(it, part)
    core = best_core(Question(it.affinity, it.forbidden, it.places, it.load))
    if core is None:
        return _impossible(it, part)
    model = model_of(it, core, before)
    model = replace(model, kept=before[model.file, model.juror], fixed=fixed[model.file, model.juror])
    most = most_kept(model)
    if most.held is None or model.kept is None:
        return refused(it, model, most)
    keep = int((most.held & model.kept).sum())
    outcome = levelled(it, replace(model, keep=keep), most, core)
    proved = most.closed and outcome.status == Status.OPTIMAL
    return replace(outcome, status=Status.OPTIMAL if proved else Status.FEASIBLE, changes=int(before.sum()) - keep)
