"""The first two levels on flows: how well the worst file can be served, then the most affinity at that."""

from dataclasses import dataclass

import numpy as np

from terreau.methods.assignment.best_total import Core, Question, rows_of
from terreau.methods.assignment.exact_model import Model, best_worst, most_total
from terreau.methods.assignment.fairness import Lifted, lift
from terreau.methods.assignment.instance import Flags, Floats, Ints

CONTESTED = 24  # files with the lowest ceilings: their contest bounds the worst file of all
SMALL = 60_000  # pairs that a program takes whole
DENSE = 6_000_000  # pairs whose reduced costs are looked at to prove the last digits
BISECTIONS = 6
DIGITS = 1e-9
BRANCHES = 2000
TINY = 2_000  # pairs of which the worst file is proved even where a gap is allowed


@dataclass(frozen=True, eq=False)
class Level:
    """An assignment (f, k) with what it reaches and the proven bounds, in points. `core`: its flow, if it is one."""

    assigned: Ints
    worst: float
    bound_worst: float
    total: float
    bound_total: float
    core: Core | None = None
    price: Floats | None = None


def serve_worst(core: Core, q: Question, gap: float) -> Level:
    """The worst file first, then the total, from the flow of largest total."""
    served = np.flatnonzero(q.places > 0)
    if not len(served):
        return Level(core.assigned(), 0.0, 0.0, core.total, core.total, core)
    free, ceiling = int(core.sums[served].min()), int(core.ceilings[served].min())
    ceiling = int(min(ceiling, np.ceil(q.enough * core.unit)))
    if free >= ceiling:
        return Level(core.assigned(), free / core.unit, ceiling / core.unit, core.total, core.bound / core.unit, core)
    lifted = lift(core, q, ceiling)
    if lifted is None:
        ceiling, lifted = _contest(core, q, free, ceiling)
    level = _of_lifted(lifted, core, ceiling, q)
    return _finished(level, core, q, gap, lifted)


def _of_lifted(lifted: Lifted | None, core: Core, ceiling: int, q: Question) -> Level:
    done = lifted.core if lifted else core
    bound = lifted.bound if lifted else core.bound
    worst = int(done.sums[q.places > 0].min())
    price = lifted.price if lifted else None
    unit = core.unit
    return Level(done.assigned(), worst / unit, ceiling / unit, done.total, bound / unit, done, price)


def _contest(core: Core, q: Question, free: int, ceiling: int) -> tuple[int, Lifted | None]:
    """A tighter bound on the worst file from the files that have least to hope for, then the best threshold found."""
    served = np.flatnonzero(q.places > 0)
    few = served[np.argsort(core.ceilings[served], kind="stable")[:CONTESTED]]
    if few.size * len(q.load) <= SMALL:
        part = Question(q.affinity[few], q.barred[few], q.places[few], q.load, q.had[few])
        answer = best_worst(dense_model(part), nodes=500)
        ceiling = min(ceiling, int(np.floor((answer.bound + DIGITS) * core.unit)))
    best = lift(core, q, ceiling)
    low, high = free, ceiling
    for _ in range(BISECTIONS if best is None else 0):
        middle = (low + high) // 2
        found = lift(core, q, middle)
        if found is None:
            high = middle
        else:
            best, low = found, max(middle, int(found.core.sums[q.places > 0].min()))
    return ceiling, best


def dense_model(q: Question, floors: Floats | None = None, keep: Flags | None = None) -> Model:
    """Every allowed pair (or those of `keep`) as a program."""
    file, juror = np.nonzero(~q.barred if keep is None else keep)
    affinity = q.affinity[file, juror].astype(np.float64)
    least = np.zeros(len(q.load), dtype=np.int64)
    return Model(file, juror, affinity, q.places, least, q.load, floors=floors, had=q.offset)


def _finished(level: Level, core: Core, q: Question, gap: float, lifted: Lifted | None) -> Level:
    """Branch and bound for what the prices have not proved, where it is small enough."""
    short = level.bound_worst - level.worst > DIGITS
    if short and q.affinity.size <= (SMALL if gap == 0 else TINY):
        level, lifted = _better_worst(level, core, q), None
    if level.bound_total - level.total <= max(gap * abs(level.bound_total), DIGITS):
        return level
    return _better_total(level, q, lifted)


def _better_worst(level: Level, core: Core, q: Question) -> Level:
    """The best worst file, exactly, from the program over all pairs, within its nodes."""
    answer = best_worst(dense_model(q), nodes=BRANCHES)
    bound = min(level.bound_worst, answer.bound)
    found = level
    if answer.held is not None:
        found = _of_pairs(dense_model(q), answer.held, q, level)
    best = found if found.worst > level.worst + DIGITS else level
    total = core.total if best is found else level.bound_total
    return Level(best.assigned, best.worst, max(bound, best.worst), best.total, total, best.core, best.price)


def _of_pairs(model: Model, held: Flags, q: Question, level: Level) -> Level:
    sums = q.had + np.bincount(model.file[held], weights=model.affinity[held], minlength=len(q.places))
    assigned = rows_of(model.file[held], model.juror[held], q.places)
    worst, total = float(sums[q.places > 0].min()), float(sums.sum())
    return Level(assigned, worst, level.bound_worst, total, level.bound_total)


def _better_total(level: Level, q: Question, lifted: Lifted | None) -> Level:
    """The largest total at this worst file; pairs whose reduced cost exceeds the gap cannot be in it."""
    if q.affinity.size > (DENSE if lifted else SMALL):
        return level
    keep = ~q.barred if lifted is None else _hopeful(lifted, q, level)
    if keep.sum() > SMALL:
        return level
    floors = np.where(q.places > 0, level.worst - DIGITS, -np.inf)
    model = dense_model(q, floors, keep)
    answer = most_total(model)
    if answer.held is None:
        return level
    found = _of_pairs(model, answer.held, q, level)
    bound = min(level.bound_total, max(answer.bound + float(q.had.sum()), found.total))
    if found.total < level.total or found.worst < level.worst - DIGITS:
        found = level
    return Level(found.assigned, found.worst, level.bound_worst, found.total, bound, found.core, found.price)


def _hopeful(lifted: Lifted, q: Question, level: Level) -> Flags:
    """Pairs that an assignment better than this one may hold: reduced cost below the gap."""
    core = lifted.core
    room = (level.bound_total - level.total) * (1 + 1e-6) + DIGITS
    price = core.flow.price[:-1] / core.unit
    profit = core.flow.profit / core.unit
    scale = 1.0 + lifted.price
    keep: Flags = (q.affinity * scale[:, None] - price >= (profit - room)[:, None]) & ~q.barred
    held = core.flow.held
    keep[core.net.owner[held], core.net.juror[held]] = True
    return keep
