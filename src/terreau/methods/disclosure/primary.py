"""Which cells tell too much by themselves: too few contributors, or one that is nearly the whole.

Firms: at least three a cell, none at 85 % or more (the French guides write "more than 85 %" and "85 % or more":
the prudent reading is kept). Persons: a least number alone, `Rule(least=5, share=None)`.
Source: guide du secret statistique, Insee, June 2024; Insee, manuel de protection des tableaux.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True)
class Rule:
    """A cell with someone in it is hidden under `least` contributors, or when one brings `share` of it or more."""

    least: int = 3
    share: Fraction | None = Fraction(85, 100)


class Reason(StrEnum):
    FEW = "few"
    DOMINATED = "dominated"


@dataclass(frozen=True)
class Tally:
    """A cell: its value (whole units, not negative), how many contribute, what the largest brings.

    `shares`, where known, is what each contributor brings: one that is in two cells then counts once in their sum.
    """

    value: int
    contributors: int
    largest: int
    shares: Mapping[Hashable, int] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.value < 0 or self.contributors < 0 or not 0 <= self.largest <= self.value:
            raise ValueError(f"No such cell: {self}.")


def count(number: int) -> Tally:
    """A cell that counts: everyone brings one."""
    return Tally(number, number, min(number, 1))


def gathered(shares: Mapping[Hashable, int]) -> Tally:
    return Tally(sum(shares.values()), len(shares), max(shares.values(), default=0), shares)


def union(tallies: Iterable[Tally]) -> Tally:
    """Several cells seen as one. Where a cell has no `shares`, contributors of different cells count as different."""
    parts = list(tallies)
    if all(part.shares or not part.contributors for part in parts):
        shares: dict[Hashable, int] = {}
        for part in parts:
            for unit, amount in part.shares.items():
                shares[unit] = shares.get(unit, 0) + amount
        return gathered(shares)
    return Tally(
        sum(part.value for part in parts),
        sum(part.contributors for part in parts),
        max((part.largest for part in parts), default=0),
    )


def reason(tally: Tally, rule: Rule) -> Reason | None:
    """Why a cell cannot be published; None when it can. An empty cell is a zero, and is published."""
    if tally.contributors == 0:
        return None
    if tally.contributors < rule.least:
        return Reason.FEW
    if rule.share is not None and tally.largest >= rule.share * tally.value:
        return Reason.DOMINATED
    return None
