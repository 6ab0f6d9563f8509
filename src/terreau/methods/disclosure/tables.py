"""Tables of one or two dimensions with their margins, and the sums that bind their cells.

A cell is named by its categories: `cell(size="micro", kind="money")`; a margin leaves a dimension out, the grand
total is `cell()`. Tables that share a margin share its cell, so that tables published side by side are one system.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from terreau.methods.disclosure.primary import Tally, gathered

type Cell = tuple[tuple[str, str], ...]


def cell(**categories: str) -> Cell:
    return tuple(sorted(categories.items()))


@dataclass(frozen=True)
class Contribution:
    """What one unit (a firm) brings to one category of each dimension. Several of the same unit add up."""

    unit: Hashable
    amount: int
    categories: Mapping[str, str]


@dataclass(frozen=True)
class Measure:
    """What is published of each cell, and its sums: (total, parts) by cell numbers, total = Σ parts.

    values: one whole number a cell, in the order of `System.cells`.
    """

    name: str
    values: tuple[int, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class System:
    """Cells that are published together. `measures[0]` is the value of the tallies; all follow the same cells."""

    cells: tuple[Cell, ...]
    tallies: tuple[Tally, ...]
    measures: tuple[Measure, ...]

    def __post_init__(self) -> None:
        for measure in self.measures:
            for total, parts in measure.sums:
                if measure.values[total] != sum(measure.values[part] for part in parts):
                    raise ValueError(f"{measure.name}: {self.cells[total]} is not the sum of its parts.")


def system(
    contributions: Iterable[Contribution],
    dimensions: Mapping[str, Sequence[str]],
    tables: Sequence[tuple[str, ...]],
    *,
    counted: Sequence[tuple[str, ...]] = (),
) -> System:
    """Add contributions up in every cell of these tables, empty ones included.

    `dimensions`: the categories of each. `tables`: names of one or two dimensions each. `counted`: the tables that
    also publish how many contribute; each unit must then be in one category of each of their dimensions.
    """
    shares: dict[Cell, dict[Hashable, int]] = {one: {} for table in tables for one in _cells(table, dimensions)}
    for given in contributions:
        inside = {c for table in tables for c in _marginal(given.categories, table)}
        for one in inside:
            shares[one][given.unit] = shares[one].get(given.unit, 0) + given.amount
    cells = tuple(sorted(shares))
    tallies = tuple(gathered(shares[one]) for one in cells)
    measures = [Measure("value", tuple(t.value for t in tallies), sums(cells, tables, dimensions))]
    if counted:
        numbers = tuple(t.contributors for t in tallies)
        measures.append(Measure("contributors", numbers, sums(cells, counted, dimensions)))
    return System(cells, tallies, tuple(measures))


def given(tallies: Mapping[Cell, Tally], dimensions: Mapping[str, Sequence[str]], *tables: tuple[str, ...]) -> System:
    """The same from cells that are already added up, margins included."""
    cells = tuple(sorted(tallies))
    values = tuple(tallies[one].value for one in cells)
    bound = sums(cells, tables, dimensions)
    return System(cells, tuple(tallies[one] for one in cells), (Measure("value", values, bound),))


def sums(
    cells: Sequence[Cell], tables: Sequence[tuple[str, ...]], dimensions: Mapping[str, Sequence[str]]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Every margin as the sum of its parts, each once even where tables share it."""
    number = {one: i for i, one in enumerate(cells)}
    found = set()
    for table in tables:
        for dimension in table:
            rest = tuple(d for d in table if d != dimension)
            for margin in _cells(rest, dimensions):
                parts = tuple(sorted(number[cell(**dict(margin), **{dimension: c})] for c in dimensions[dimension]))
                found.add((number[margin], parts))
    return tuple(sorted(found))


def _cells(table: tuple[str, ...], dimensions: Mapping[str, Sequence[str]]) -> Iterable[Cell]:
    """The inner cells of a table and all its margins."""
    if len(table) > 2:
        raise ValueError("A table has one or two dimensions here.")
    for chosen in product(*[("", *dimensions[d]) for d in table]):
        yield cell(**{d: c for d, c in zip(table, chosen, strict=True) if c})


def _marginal(categories: Mapping[str, str], table: tuple[str, ...]) -> Iterable[Cell]:
    """Every cell of a table that a contribution is in."""
    for kept in product((True, False), repeat=len(table)):
        yield cell(**{d: categories[d] for d, k in zip(table, kept, strict=True) if k})
