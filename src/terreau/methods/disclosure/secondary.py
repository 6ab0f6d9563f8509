"""The cheapest cells to hide beside the primary ones, so that no hidden cell can be worked out. Exact.

A set of hidden cells is asked of an integer program; the reader's attack (`attack`) is played against it; where it
succeeds, linear duality gives an inequality that every safe set satisfies, which is added, and so on until no attack
succeeds. Fischetti and Salazar, Solving the cell suppression problem on tabular data with linear constraints,
Management Science 47 (2001).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from terreau.methods.disclosure.attack import Attack, Floats
from terreau.methods.disclosure.primary import Reason, Rule, reason, union
from terreau.methods.disclosure.tables import Cell, System

MARGIN = 1e-6
SUCCESS = 0


class State(StrEnum):
    PUBLISHED = "published"
    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True)
class Protection:
    """How wide the interval of a primary cell must stay, in each measure: `share` of its value, `least` at least.

    Sliding: it may lie on either side of the true value.
    """

    share: Fraction = Fraction(1, 10)
    least: int = 1

    def width(self, value: float) -> float:
        return max(float(self.share) * value, self.least)


@dataclass(frozen=True)
class Outcome:
    """`states` and `reasons` of each cell; `intervals[measure][cell]`: what a reader can know of a hidden one."""

    states: dict[Cell, State]
    reasons: dict[Cell, Reason]
    intervals: dict[str, dict[Cell, tuple[float, float]]]

    @property
    def hidden(self) -> set[Cell]:
        return {one for one, state in self.states.items() if state != State.PUBLISHED}


def suppress(
    system: System,
    rule: Rule | None = None,
    protection: Protection | None = None,
    *,
    cost: dict[Cell, float] | None = None,
) -> Outcome:
    """Hide what `rule` asks, then the cells of least total `cost` (their value and one each) that protect it.

    What a line hides, known by subtraction from its total, must itself satisfy the rule. A firm alone in its cell is
    one of the readers. Zeros are never hidden. The order of the cells does not matter: they are sorted by name.
    """
    rule, protection = rule or Rule(), protection or Protection()
    search = _Search(system, rule, protection, cost)
    hidden = search.run()
    states = {
        one: State.PRIMARY if i in search.primary else State.SECONDARY if i in hidden else State.PUBLISHED
        for i, one in enumerate(system.cells)
    }
    reasons = {system.cells[i]: why for i, why in search.primary.items()}
    intervals = {
        measure.name: {system.cells[i]: attack.interval(i, hidden) for i in sorted(hidden)}
        for measure, attack in zip(system.measures, search.attacks, strict=True)
    }
    return Outcome(states, reasons, intervals)


@dataclass
class _Search:
    system: System
    rule: Rule
    protection: Protection
    cost: dict[Cell, float] | None
    primary: dict[int, Reason] = field(init=False)
    attacks: list[Attack] = field(init=False)
    cuts: list[tuple[Floats, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        tallies = self.system.tallies
        self.primary = {i: why for i, tally in enumerate(tallies) if (why := reason(tally, self.rule))}
        self.attacks = [Attack(measure) for measure in self.system.measures]
        self.lines = {line for measure in self.system.measures for line in measure.sums}

    def run(self) -> frozenset[int]:
        hidden = frozenset(self.primary)
        while new := [*self._told_by_lines(hidden), *self._told_by_attacks(hidden)]:
            self.cuts += new
            hidden = self._cheapest()
        return hidden

    def _cheapest(self) -> frozenset[int]:
        tallies = self.system.tallies
        prices = self.cost or {one: tally.value + 1 for one, tally in zip(self.system.cells, tallies, strict=True)}
        price = np.array([prices[one] for one in self.system.cells], dtype=np.float64)
        low = np.array([i in self.primary for i in range(len(tallies))], dtype=np.float64)
        high = np.array([tally.contributors > 0 for tally in tallies], dtype=np.float64)
        rows, least = np.array([row for row, _ in self.cuts]), np.array([bound for _, bound in self.cuts])
        found = milp(
            price / price.max(),
            constraints=LinearConstraint(rows, least, np.inf),
            integrality=np.ones(len(tallies)),
            bounds=Bounds(low, high),
            options={"mip_rel_gap": 0.0},
        )
        if found.status != SUCCESS:
            raise RuntimeError(f"The integer program ended with status {found.status}: {found.message}")
        return frozenset(np.flatnonzero(found.x > 0.5).tolist())

    def _told_by_lines(self, hidden: frozenset[int]) -> Iterator[tuple[Floats, float]]:
        """A published total tells the sum of what its line hides: one more cell, where that sum tells too much."""
        for total, parts in self.lines:
            ours = [part for part in parts if part in hidden]
            if total in hidden or not ours:
                continue
            if reason(union(self.system.tallies[part] for part in ours), self.rule):
                row = np.zeros(len(self.system.cells))
                row[[total, *parts]] = 1.0
                row[ours] = -1.0
                yield row, 1.0 - len(ours)

    def _told_by_attacks(self, hidden: frozenset[int]) -> Iterator[tuple[Floats, float]]:
        for attack in self.attacks:
            for known in self._known(hidden):
                for number in self.primary:
                    if not self._is_same(number, known) and (cut := self._cut(attack, number, hidden, known)):
                        yield cut

    def _known(self, hidden: frozenset[int]) -> Iterator[int | None]:
        """Who reads: anyone, then each firm that is alone in a hidden cell."""
        yield None
        yield from (i for i in sorted(hidden) if self.system.tallies[i].contributors == 1)

    def _is_same(self, number: int, known: int | None) -> bool:
        """A firm alone learns nothing from a cell where it is alone too."""
        if known is None:
            return False
        mine, other = self.system.tallies[known], self.system.tallies[number]
        return other.contributors == 1 and other.value == mine.value and other.shares.keys() == mine.shares.keys()

    def _cut(
        self, attack: Attack, number: int, hidden: frozenset[int], known: int | None
    ) -> tuple[Floats, float] | None:
        """The inequality that this attack's success breaks: Σ coefficient·hidden ≥ width. None if it fails."""
        free, width = hidden - {known}, self.protection.width(attack.values[number])
        most = 4.0 * (attack.values.max() + width)
        low = attack.bound(number, free, greatest=False, most=most)
        high = attack.bound(number, free, greatest=True, most=most)
        if high.end - low.end >= width * (1 - MARGIN):
            return None
        downs, ups = attack.values - attack.least, np.maximum(most - attack.values, 0.0)
        gain = (low.down + high.down) * downs - (low.up + high.up) * ups
        if known is not None:
            gain[known] = 0.0
        return np.clip(gain / width, 0.0, 1.0), 1.0 - MARGIN
