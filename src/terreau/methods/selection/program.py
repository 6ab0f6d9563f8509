"""An instance as a 0/1 program in columns: the one form that every solver of this package reads.

Money is counted in units of 100 000 € beside counts of projects, so that rows have like sizes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from terreau.methods.selection.instance import Floats, Instance, Ints, Measure, Rule
from terreau.methods.selection.outcome import Budget, Constraint, Either, Excluded, Forced, OnePer, Together

UNIT = 10_000_000  # cents: 100 000 €


@dataclass(frozen=True, eq=False)
class Deviation:
    """One soft target: `row` (m,) · x away from `target`, in units of 100 000 €, costs `price` points a unit."""

    row: Floats
    target: float
    price: float


@dataclass(frozen=True, eq=False)
class Program:
    """Maximise value · x − deviations, low ≤ rows · x ≤ high, one option at most in each class, x in {0, 1}.

    An option is one amount for one project. Shapes: m options, r rows. `project` and `cents` say what option is
    which; `klass` (m,) numbers the classes of options of which one at most is taken (the project itself, or the one
    attribute of `one_per` that joins projects); `source` names the constraint of each row, for words and prices.
    Excluded projects have no option. Options are ordered by id, then by amount: the order of the instance's rows
    leaves no trace.
    """

    value: Floats
    project: Ints
    cents: Ints
    klass: Ints
    rows: csr_matrix
    low: Floats
    high: Floats
    source: tuple[Constraint, ...]
    deviations: tuple[Deviation, ...] = ()

    def __len__(self) -> int:
        return len(self.value)


def program(it: Instance, without: frozenset[Constraint] = frozenset()) -> Program:
    """The columns of a checked instance; the constraints in `without` are left out (prices, smallest conflicts)."""
    project, cents = _options(it, without)
    share = cents / it.requested[project]
    value = it.merit[project] * np.power(share, it.elasticity)
    klass, joined = _classes(it, project, without)
    rows = [row for row in _rows(it, project, cents, joined) if row[3] not in without]
    matrix = csr_matrix(np.array([row[0] for row in rows]).reshape(len(rows), len(value)))
    low, high = (np.array([row[k] for row in rows], dtype=np.float64) for k in (1, 2))
    deviations = tuple(_deviations(it, project, cents))
    return Program(value, project, cents, klass, matrix, low, high, tuple(row[3] for row in rows), deviations)


def _options(it: Instance, without: frozenset[Constraint]) -> tuple[Ints, Ints]:
    """Project and amount of each option: by id, then by amount, without doubles."""
    kept_out = it.excluded - {c.id for c in without if isinstance(c, Excluded)}
    by_id = sorted(range(len(it)), key=it.ids.__getitem__)
    order = np.array([i for i in by_id if it.ids[i] not in kept_out], dtype=np.int64)
    if it.minimum is None or it.steps < 2:
        return order, it.requested[order]
    step = np.linspace(0, 1, it.steps)
    low, high = it.minimum[order, None], it.requested[order, None]
    amounts = np.rint(low + (high - low) * step).astype(np.int64)
    fresh = np.ones(amounts.shape, dtype=bool)
    fresh[:, 1:] = amounts[:, 1:] != amounts[:, :-1]
    return np.repeat(order, it.steps)[fresh.ravel()], amounts.ravel()[fresh.ravel()]


def _classes(it: Instance, project: Ints, without: frozenset[Constraint]) -> tuple[Ints, str]:
    """The class of each option, and the attribute of `one_per` that the classes hold by themselves ("" for none).

    The first attribute of which no project carries two values joins the projects of a class; others become rows.
    """
    for name in it.one_per:
        attribute = it.attributes[name]
        counts = np.diff(attribute.indptr)
        if counts.max(initial=0) > 1 or any(isinstance(c, OnePer) and c.attribute == name for c in without):
            continue
        own = np.full(len(it), -1, dtype=np.int64)
        own[counts == 1] = attribute.indices
        joined = np.where(own >= 0, own + len(it), np.arange(len(it)))
        return _numbered(joined[project]), name
    return _numbered(project), ""


def _numbered(keys: Ints) -> Ints:
    """The same groups, numbered by first appearance."""
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[group].astype(np.int64)


type Row = tuple[Floats, float, float, Constraint]


def _rows(it: Instance, project: Ints, cents: Ints, joined: str) -> Iterator[Row]:
    money = cents / UNIT
    yield money, -np.inf, it.budget / UNIT, Budget()
    for rule in it.rules:
        yield _rule_row(it, rule, project, money)
    number = {name: i for i, name in enumerate(it.ids)}
    for name in it.one_per:
        if name != joined:
            yield from _one_per_rows(it, name, project)
    for ids in it.together:
        first = _of(project, [number[ids[0]]], len(it))
        for other in ids[1:]:
            yield first - _of(project, [number[other]], len(it)), 0.0, 0.0, Together(ids)
    for ids in it.either:
        yield _of(project, [number[name] for name in ids], len(it)), -np.inf, 1.0, Either(ids)
    for name in sorted(it.forced):
        yield _of(project, [number[name]], len(it)), 1.0, np.inf, Forced(name)


def _of(project: Ints, numbers: Iterable[int], n: int) -> Floats:
    """1 for each option of these projects."""
    chosen = np.zeros(n)
    chosen[np.fromiter(numbers, dtype=np.int64)] = 1.0
    return chosen[project]


def _rule_row(it: Instance, rule: Rule, project: Ints, money: Floats) -> Row:
    if rule.attribute:
        carried = _of(project, it.attributes[rule.attribute].carriers(rule.value), len(it))
    else:
        carried = np.ones(len(project))
    limit = rule.limit
    if rule.measure == Measure.COUNT:
        row = carried
    elif rule.measure == Measure.MONEY:
        row, limit = carried * money, limit / UNIT
    else:
        row, limit = (carried - limit) * money, 0.0
    return (row, limit, np.inf, rule) if rule.is_floor else (row, -np.inf, limit, rule)


def _one_per_rows(it: Instance, name: str, project: Ints) -> Iterator[Row]:
    attribute = it.attributes[name]
    for value in attribute.values:
        carriers = attribute.carriers(value)
        if len(carriers) > 1:
            yield _of(project, carriers, len(it)), -np.inf, 1.0, OnePer(name, value)


def _deviations(it: Instance, project: Ints, cents: Ints) -> Iterator[Deviation]:
    percent = it.budget / 100 / UNIT  # one per cent of the budget, in units
    for wish in it.balance:
        for value in sorted(wish.shares):
            carried = _of(project, it.attributes[wish.attribute].carriers(value), len(it))
            target = wish.shares[value] * it.budget / UNIT
            yield Deviation(carried * cents / UNIT, target, wish.weight / percent)
