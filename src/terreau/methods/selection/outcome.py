"""What a selection answers: the portfolio with its proof, or the rules that cannot hold together."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from terreau.methods.selection.instance import Rule


class Label(StrEnum):
    """What the redraws say of a project."""

    SAFE_IN = "safe-in"
    FRAGILE = "fragile"
    SAFE_OUT = "safe-out"


class Signal(StrEnum):
    """What may be said of a group beside the rest. Neither `lower` nor `higher` says why."""

    TOO_FEW = "too-few"
    NOTHING_SHOWN = "nothing-shown"
    LOWER = "lower"
    HIGHER = "higher"


class Status(StrEnum):
    """Optimal: proved. Feasible: every rule holds, the gap to the bound is told. Infeasible: no portfolio at all."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class Budget:
    """The envelope."""


@dataclass(frozen=True)
class OnePer:
    """One grant at most for this value of this attribute (one organisation, for instance)."""

    attribute: str
    value: str


@dataclass(frozen=True)
class Together:
    """All of these projects or none."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class Either:
    """One of these projects at most."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class Forced:
    """A project that must be in."""

    id: str


@dataclass(frozen=True)
class Excluded:
    """A project that must stay out."""

    id: str


type Constraint = Budget | Rule | OnePer | Together | Either | Forced | Excluded


@dataclass(frozen=True)
class Outcome:
    """`granted`: id → cents, in the order of the instance; `objective` and its proven upper `bound` in points.

    Infeasible: nothing is granted and `conflict` is a smallest set: without any one of them, the others can hold.
    """

    status: Status
    granted: Mapping[str, int]
    objective: float
    bound: float
    conflict: tuple[Constraint, ...] = ()

    @property
    def total_cents(self) -> int:
        return sum(self.granted.values())

    @property
    def gap(self) -> float:
        """(bound − objective) / |bound|."""
        return (self.bound - self.objective) / abs(self.bound) if self.bound else 0.0
