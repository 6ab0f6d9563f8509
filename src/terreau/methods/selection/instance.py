"""The question put to the selection: projects, a budget, rules. Plain values and arrays; amounts are integer cents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


class Measure(StrEnum):
    """What a rule counts: projects, cents granted, or a share (0-1) of all that is granted."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"


@dataclass(frozen=True)
class Rule:
    """A floor or a cap on the projects that carry one value of one attribute; no attribute means every project.

    `limit` is in projects, in cents, or a share between 0 and 1, as `measure` says.
    """

    attribute: str
    value: str
    measure: Measure
    limit: float
    is_floor: bool


@dataclass(frozen=True)
class Balance:
    """A soft wish: money by value of `attribute` near `shares` (value → share of the budget, 0-1).

    Each per cent of the budget away from its share, above or below, costs `weight` points of the objective.
    """

    attribute: str
    shares: Mapping[str, float]
    weight: float


@dataclass(frozen=True, eq=False)
class Attribute:
    """What each project carries of one attribute: none, one or several values.

    Project i carries `values[k]` for k in `indices[indptr[i]:indptr[i + 1]]`; values are sorted, without doubles.
    """

    values: tuple[str, ...]
    indptr: Ints
    indices: Ints

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> "Attribute":
        """From the values of each project, in the projects' order."""
        cells = [tuple(dict.fromkeys(row)) for row in rows]
        values = tuple(sorted({value for row in cells for value in row}))
        number = {value: k for k, value in enumerate(values)}
        indptr = np.concatenate([[0], np.cumsum([len(row) for row in cells])]).astype(np.int64)
        return cls(values, indptr, np.array([number[v] for row in cells for v in row], dtype=np.int64))

    def carriers(self, value: str) -> Ints:
        """The numbers of the projects that carry this value, ascending; none where nobody does."""
        if value not in self.values:
            return np.empty(0, dtype=np.int64)
        found = np.flatnonzero(self.indices == self.values.index(value))
        return np.searchsorted(self.indptr, found, side="right").astype(np.int64) - 1

    def of_project(self, i: int) -> tuple[str, ...]:
        return tuple(self.values[k] for k in self.indices[self.indptr[i] : self.indptr[i + 1]])


@dataclass(frozen=True, eq=False)
class Instance:
    """Everything that a selection needs. Arrays have one entry a project, in the order of `ids`.

    ids: unique names; merit: points, finite; requested: cents, > 0; budget: cents.
    minimum: the least amount that still lets the project run, cents, ≤ requested; None: all or nothing.
    A project that may be reduced is offered `steps` amounts from its minimum to its request, evenly; granting a
    share f of the request is worth merit × f**elasticity (0: as good as whole, 1: in proportion).
    one_per: attributes of which each value may be granted once. together: all of these or none. either: one at most.
    Ties between portfolios of equal objective: the one that grants less money, then the one whose files come first
    in the order of their ids.
    """

    ids: tuple[str, ...]
    merit: Floats
    requested: Ints
    budget: int
    minimum: Ints | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    one_per: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    forced: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    balance: tuple[Balance, ...] = ()
    steps: int = 3
    elasticity: float = 0.5

    def __len__(self) -> int:
        return len(self.ids)


class BadInstance(ValueError):  # noqa: N818 - named after what it is
    """The question cannot be put; `problems` holds one (subject, code, value) for each thing wrong.

    The codes are those of `problems_of`; the doors (site, command) put them into words.
    """

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__("; ".join(f"{subject}: {code} {value}".strip() for subject, code, value in problems))
        self.problems = list(problems)


def check(instance: Instance) -> None:
    """BadInstance where something is wrong, with everything that is."""
    if problems := [*_of_projects(instance), *_of_rules(instance)]:
        raise BadInstance(problems)


def _of_projects(it: Instance) -> Iterable[tuple[str, str, str]]:
    if it.budget <= 0:
        yield "budget", "not-positive", str(it.budget)
    if not it.ids:
        yield "projects", "none", ""
    seen: set[str] = set()
    for name in it.ids:
        if name in seen:
            yield name, "duplicate-id", ""
        seen.add(name)
    for code, wrong, values in (
        ("merit-not-finite", ~np.isfinite(it.merit), it.merit),
        ("requested-not-positive", it.requested <= 0, it.requested),
    ):
        yield from ((it.ids[i], code, str(values[i])) for i in np.flatnonzero(wrong))
    if it.minimum is not None:
        wrong = (it.minimum <= 0) | (it.minimum > it.requested)
        yield from ((it.ids[i], "minimum-out-of-bounds", str(it.minimum[i])) for i in np.flatnonzero(wrong))


def _of_rules(it: Instance) -> Iterable[tuple[str, str, str]]:
    known, names = set(it.ids), set(it.attributes) | {""}
    for attribute in [*(r.attribute for r in it.rules), *it.one_per, *(b.attribute for b in it.balance)]:
        if attribute not in names:
            yield attribute, "unknown-attribute", ""
    for rule in it.rules:
        top = 1.0 if rule.measure == Measure.SHARE else np.inf
        if not (0 <= rule.limit <= top and np.isfinite(rule.limit)):
            yield f"{rule.attribute}={rule.value}", "limit-out-of-bounds", str(rule.limit)
    for group in [*it.together, *it.either, tuple(it.forced), tuple(it.excluded)]:
        yield from ((name, "unknown-id", "") for name in group if name not in known)
