"""Needs, limits on pairs and least loads, where the plain optimum breaks them: the exact program on a core of pairs."""

from dataclasses import replace

import numpy as np

from terreau.methods.assignment.best_total import Core, rows_of
from terreau.methods.assignment.exact_model import Answer, Model, best_worst, crowded, most_total
from terreau.methods.assignment.instance import Flags, Floats, Instance, Ints, Need
from terreau.methods.assignment.outcome import Conflict, Outcome, Status, nothing

WHOLE = 60_000  # pairs that enter the program all at once
REACH = 30  # otherwise: the best pairs of each file, and of each file within each need
DIGITS = 1e-9
FAIR_NODES = 400


def breaks_rules(it: Instance, assigned: Ints) -> bool:
    """Whether an assignment fails a need, a limit on pairs or a least load."""
    file, juror = pairs_of(assigned)
    given = np.zeros((len(it.files), len(it.jurors)), dtype=np.bool_) if it.needs else None
    if given is not None:
        given[file, juror] = True
        for need in it.needs:
            if (given[np.ix_(need.files, need.jurors)].sum(axis=1) < need.least).any():
                return True
    if (np.bincount(juror, minlength=len(it.jurors)) < it.floors).any():
        return True
    return it.pair_limit is not None and bool(crowded(file, juror, it.pair_limit))


def pairs_of(assigned: Ints) -> tuple[Ints, Ints]:
    """(files, jurors) of the readings in a table of rows."""
    file, place = np.nonzero(assigned >= 0)
    return file, assigned[file, place]


def ruled(it: Instance, core: Core) -> Outcome:
    """The best assignment under every rule; which of them clash where there is none."""
    model = model_of(it, core)
    first = most_total(model)
    if first.held is None:
        return refused(it, model, first)
    return levelled(it, model, first, core)


def model_of(it: Instance, core: Core, also: Flags | None = None) -> Model:
    """The program over all allowed pairs, or over those that may matter where they are many (and `also`)."""
    keep = ~it.forbidden
    if keep.sum() > WHOLE:
        keep &= _core_pairs(it, core) if also is None else _core_pairs(it, core) | also
    file, juror = np.nonzero(keep)
    affinity = it.affinity[file, juror].astype(np.float64)
    return Model(file, juror, affinity, it.places, it.floors, it.load, it.needs, it.pair_limit)


def _core_pairs(it: Instance, core: Core) -> Flags:
    value = np.where(it.forbidden, -np.inf, it.affinity - (core.flow.price[:-1] / core.unit).astype(np.float32))
    keep = _best_of(value)
    for need in it.needs:
        grid = np.ix_(need.files, need.jurors)
        keep[grid] |= _best_of(value[grid])
    keep[core.net.owner, core.net.juror] = True
    return keep


def _best_of(value: Floats) -> Flags:
    if value.shape[1] <= REACH:
        return np.ones(value.shape, dtype=np.bool_)
    level = np.partition(value, -REACH, axis=1)[:, -REACH]
    return np.asarray(value >= level[:, None], dtype=np.bool_)


def levelled(it: Instance, model: Model, first: Answer, core: Core) -> Outcome:
    """Worst file first, then total, from any assignment that keeps the rules."""
    assert first.held is not None  # noqa: S101 - the caller's promise
    whole = len(model.file) == int((~it.forbidden).sum())
    served = it.places > 0
    ceiling = float(core.ceilings[served].min(initial=2**62)) / core.unit if served.any() else 0.0
    held, bound_worst = _worst_first(model, first.held, ceiling, whole=whole)
    worst = _worst(model, held)
    floors = np.where(served, worst - DIGITS, -np.inf)
    answer = most_total(replace(model, floors=floors))
    if answer.held is not None and _worst(model, answer.held) >= worst - 2 * DIGITS:
        held = answer.held
    totals = [float(model.affinity[a].sum()) for a in (held, first.held)]
    bound = min(core.total, answer.bound) if whole else core.total
    tight = bound - totals[0] <= DIGITS or (whole and answer.closed)
    proved = tight and worst >= bound_worst - 2 * DIGITS
    assigned = rows_of(model.file[held], model.juror[held], it.places)
    loads = np.bincount(model.juror[held], minlength=len(it.jurors)).astype(np.int64)
    bounds = (max(bound_worst, worst), totals[0], max(bound, totals[0]))
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    return Outcome(status, assigned, worst, *bounds, totals[1], _worst(model, first.held), loads)


def _worst(model: Model, held: Flags) -> float:
    sums = np.bincount(model.file[held], weights=model.affinity[held], minlength=len(model.places))
    served = model.places > 0
    return float(sums[served].min()) if served.any() else 0.0


def _worst_first(model: Model, held: Flags, ceiling: float, *, whole: bool) -> tuple[Flags, float]:
    """An assignment whose worst file is as well served as found, and the proven bound."""
    worst = _worst(model, held)
    if worst >= ceiling - DIGITS:
        return held, worst
    relaxed = best_worst(model, whole=False).bound
    bound = min(ceiling, relaxed) if whole else ceiling
    target = min(ceiling, relaxed)
    served = model.places > 0
    hoped = most_total(replace(model, floors=np.where(served, target - DIGITS, -np.inf)), nodes=FAIR_NODES)
    if hoped.held is not None:
        return hoped.held, bound
    exact = best_worst(model)
    if whole:
        bound = min(bound, exact.bound)
    if exact.held is not None and _worst(model, exact.held) > worst:
        held = exact.held
    return held, bound


def refused(it: Instance, model: Model, answer: Answer) -> Outcome:
    """Which rules and files clash, no more than it takes; unknown where the search was cut short."""
    shape = (len(it.files), len(it.jurors))
    whole = len(model.file) == int((~it.forbidden).sum())
    if not (answer.closed and whole):
        return nothing(*shape, None, status=Status.UNKNOWN)
    return nothing(*shape, _clash(it, model))


def _holds(model: Model) -> bool:
    return most_total(model).held is not None


def _clash(it: Instance, model: Model) -> Conflict:
    limits: list[str] = []
    if model.least.any():
        lighter = replace(model, least=np.zeros_like(model.least))
        model, limits = (model, ["least"]) if _holds(lighter) else (lighter, limits)
    if model.pair_limit is not None:
        lighter = replace(model, pair_limit=None)
        model, limits = (model, [*limits, "pairs"]) if _holds(lighter) else (lighter, limits)
    needs = list(model.needs)
    for need in it.needs:
        rest = tuple(n for n in needs if n is not need)
        if not _holds(replace(model, needs=rest)):
            needs = list(rest)
    files, size = sorted({f for need in needs for f in need.files}), len(it.files)
    chunk = max(len(files) // 2, 1) if files else 0
    while chunk:
        files = _fewer(model, needs, files, chunk)
        chunk = 0 if chunk == 1 else (chunk + 1) // 2
    named = files or list(range(size))
    jurors = sorted({j for need in needs for j in need.jurors})
    wanted = sum(n.least * len(set(n.files) & set(files)) for n in needs)
    names = tuple(it.files[f] for f in named) if files else ()
    return Conflict(names, tuple(it.jurors[j] for j in jurors), wanted, 0, tuple(n.name for n in needs), tuple(limits))


def _fewer(model: Model, needs: list[Need], files: list[int], chunk: int) -> list[int]:
    at = 0
    while at < len(files):
        rest = files[:at] + files[at + chunk :]
        lighter = tuple(replace(n, files=tuple(f for f in n.files if f in set(rest))) for n in needs)
        if _holds(replace(model, needs=lighter)):
            at += chunk
        else:
            files = rest
    return files
