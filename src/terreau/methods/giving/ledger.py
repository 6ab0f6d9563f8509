"""What a fiscal year leaves to the next ones. Two ledgers that never meet: excess over the cap (a base, before the
rate) and unused reduction (a tax, after the rate). « Double suivi en base et en impôt », BOI-BIC-RICI-20-30-30-20.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True)
class Carryforward:
    """Cents left by the fiscal year closed in `year`."""

    year: int
    cents: int


@dataclass(frozen=True)
class Excess(Carryforward):
    """Gifts over the cap, with the rate that they earned in their year; `is_aid`: not counted in the threshold."""

    rate: Fraction
    is_aid: bool = False


@dataclass(frozen=True)
class Credit(Carryforward):
    """Reduction that the tax of its year could not take."""


def total(lines: Iterable[Carryforward]) -> int:
    return sum(line.cents for line in lines)


def take[T: Carryforward](lines: Iterable[T], cents: int) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """What is used, up to these cents, and what stays. First in, first out; within a year in the order given."""
    used, left = [], []
    for line in sorted(lines, key=lambda one: one.year):
        part = min(line.cents, cents)
        cents -= part
        used.append(replace(line, cents=part))
        left.append(replace(line, cents=line.cents - part))
    return _some(used), _some(left)


def expire[T: Carryforward](lines: Iterable[T], year: int, life: int) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """What is lost at the end of this year, being `life` years old, and what stays."""
    lines = tuple(lines)
    return _some(one for one in lines if one.year + life <= year), _some(one for one in lines if one.year + life > year)


def _some[T: Carryforward](lines: Iterable[T]) -> tuple[T, ...]:
    return tuple(line for line in lines if line.cents)
