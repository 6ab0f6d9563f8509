"""What a demonstration edition is made of: frozen values, no database."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from terreau.demo.places import Place


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True)
class Structure:
    """A fictitious organisation at a real commune. `facts` are the fields of `accounts.Organisation`."""

    name: str
    place: Place
    owner: Person
    colleague: Person
    facts: dict[str, Any]


@dataclass(frozen=True)
class Juror:
    """How a juror reads: `severity` lowers every score, `spread` widens them, `noise` is what a bad day adds."""

    person: Person
    severity: float
    spread: float
    noise: float


@dataclass(frozen=True)
class Profile:
    """What a juror says of themselves; `regions` and `commune` are codes of the COG."""

    themes: tuple[str, ...]
    publics: tuple[str, ...]
    regions: tuple[str, ...]
    commune: str
    expertise: str


@dataclass(frozen=True)
class Reading:
    """A review to be given: scores and justifications by criterion, or the reason of a recusal."""

    juror: int
    scores: dict[str, tuple[int, str]] = field(default_factory=dict)
    comment: str = ""
    recusal: str = ""


@dataclass(frozen=True)
class Advice:
    """The opinion of the delegate of the main région."""

    verdict: str
    scores: dict[str, int]
    text: str


@dataclass(frozen=True)
class Plan:
    """What is drawn before any text: where, what, how much, how good."""

    number: int
    window: str
    fate: str  # draft, ineligible, reviewed (2025); or the state where a file of the next edition has come
    place: Place
    concept: str
    kind: str
    quality: float
    requested_cents: int
    people: int  # raw number of participants, before the edition is brought to its total


@dataclass(frozen=True)
class Project:
    """A whole file: the answers a holder types, the budget, the partners; then what becomes of it."""

    plan: Plan
    structure: Structure
    filed_on: date
    answers: dict[str, Any]
    budget: list[dict[str, Any]]
    partners: list[dict[str, Any]]

    @property
    def title(self) -> str:
        return self.answers["title"]

    @property
    def expected(self) -> int:
        return sum(self.answers["publics"].values())


@dataclass(frozen=True)
class Verdict:
    """What the committee decides on one file."""

    outcome: str
    reason: str
    granted_cents: int | None = None


@dataclass(frozen=True)
class Edition:
    """Everything the builder plays through the actions, keyed by the number of the project."""

    projects: dict[int, Project]
    jurors: tuple[Juror, ...]
    readings: dict[int, tuple[Reading, ...]]
    advice: dict[int, Advice]
    verdicts: dict[int, Verdict]
