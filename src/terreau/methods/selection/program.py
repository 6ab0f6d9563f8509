"""An instance as a 0/1 program in columns: the one form that every solver of this package reads.

Money is counted in units of 100 000 € beside counts of projects, so that rows have like sizes.
"""

from collections.abc import Iterator
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
    carriers = _Carriers(it, project)
    rows = [row for row in _rows(it, carriers, cents, joined) if row.source not in without]
    deviations = tuple(_deviations(it, carriers, cents))
    low, high = (np.array([getattr(row, side) for row in rows], dtype=np.float64) for side in ("low", "high"))
    return Program(
        value, project, cents, klass, _matrix(rows, len(value)), low, high, tuple(r.source for r in rows), deviations
    )


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


@dataclass(frozen=True, eq=False)
class _Row:
    """A sum over some options, ascending, with their coefficients, and its limits."""

    options: Ints
    data: Floats
    low: float
    high: float
    source: Constraint


def _matrix(rows: list[_Row], m: int) -> csr_matrix:
    indptr = np.cumsum([0, *(len(row.options) for row in rows)])
    indices = np.concatenate([np.empty(0, dtype=np.int64), *(row.options for row in rows)])
    data = np.concatenate([np.empty(0), *(row.data for row in rows)])
    kind = np.int32 if len(data) < np.iinfo(np.int32).max else np.int64
    matrix = csr_matrix((data, indices.astype(kind), indptr.astype(kind)), shape=(len(rows), m))
    if (data == 0).any():
        matrix.eliminate_zeros()
    return matrix


class _Carriers:
    """Which options carry a value: each attribute is turned from projects to values once."""

    def __init__(self, it: Instance, project: Ints) -> None:
        self.project = project
        self._it = it
        self._by_project = np.argsort(project, kind="stable")
        self._first = np.searchsorted(project[self._by_project], np.arange(len(it) + 1))
        self._by_value: dict[str, tuple[dict[str, int], Ints, Ints]] = {}

    def of_project(self, i: int) -> Ints:
        return self._by_project[self._first[i] : self._first[i + 1]]

    def of_value(self, name: str, value: str) -> Ints:
        if name not in self._by_value:
            attribute = self._it.attributes[name]
            shape = (len(self._it), len(attribute.values))
            cells = csr_matrix((np.ones(len(attribute.indices)), attribute.indices, attribute.indptr), shape=shape)
            turned = cells[self.project].tocsc()
            number = {each: k for k, each in enumerate(attribute.values)}
            self._by_value[name] = number, turned.indptr, turned.indices.astype(np.int64)
        number, indptr, options = self._by_value[name]
        k = number.get(value, -1)
        return options[indptr[k] : indptr[k + 1]] if k >= 0 else np.empty(0, dtype=np.int64)


def _rows(it: Instance, carriers: _Carriers, cents: Ints, joined: str) -> Iterator[_Row]:
    money = cents / UNIT
    everyone = np.arange(len(cents))
    yield _Row(everyone, money, -np.inf, it.budget / UNIT, Budget())
    for rule in it.rules:
        yield _rule_row(rule, carriers.of_value(rule.attribute, rule.value) if rule.attribute else everyone, money)
    number = {name: i for i, name in enumerate(it.ids)}
    for name in it.one_per:
        if name != joined:
            yield from _one_per_rows(it, name, carriers)
    for ids in it.together:
        for other in ids[1:]:
            yield _same(carriers.of_project(number[ids[0]]), carriers.of_project(number[other]), Together(ids))
    for ids in it.either:
        options = [carriers.of_project(number[name]) for name in set(ids)]
        yield _count(np.sort(np.concatenate(options)), -np.inf, 1.0, Either(ids))
    for name in sorted(it.forced):
        yield _count(carriers.of_project(number[name]), 1.0, np.inf, Forced(name))


def _count(options: Ints, low: float, high: float, source: Constraint) -> _Row:
    return _Row(options, np.ones(len(options)), low, high, source)


def _same(one: Ints, other: Ints, source: Constraint) -> _Row:
    """As many of the ones as of the others."""
    options = np.concatenate([one, other])
    order = np.argsort(options)
    return _Row(options[order], np.repeat([1.0, -1.0], [len(one), len(other)])[order], 0.0, 0.0, source)


def _rule_row(rule: Rule, carried: Ints, money: Floats) -> _Row:
    limit = rule.limit
    if rule.measure == Measure.COUNT:
        options, data = carried, np.ones(len(carried))
    elif rule.measure == Measure.MONEY:
        options, data, limit = carried, money[carried], limit / UNIT
    else:
        options, data, limit = np.arange(len(money)), -limit * money, 0.0
        data[carried] = (1.0 - rule.limit) * money[carried]
    return _Row(options, data, *((limit, np.inf) if rule.is_floor else (-np.inf, limit)), rule)


def _one_per_rows(it: Instance, name: str, carriers: _Carriers) -> Iterator[_Row]:
    attribute = it.attributes[name]
    counts = np.bincount(attribute.indices, minlength=len(attribute.values))
    for k in np.flatnonzero(counts > 1):
        value = attribute.values[k]
        yield _count(carriers.of_value(name, value), -np.inf, 1.0, OnePer(name, value))


def _deviations(it: Instance, carriers: _Carriers, cents: Ints) -> Iterator[Deviation]:
    percent = it.budget / 100 / UNIT  # one per cent of the budget, in units
    for wish in it.balance:
        for value in sorted(wish.shares):
            row, carried = np.zeros(len(cents)), carriers.of_value(wish.attribute, value)
            row[carried] = cents[carried] / UNIT
            yield Deviation(row, wish.shares[value] * it.budget / UNIT, wish.weight / percent)
