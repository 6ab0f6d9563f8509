"""What a rulebook is made of: frozen values, no behaviour beyond finding one another.

Amounts are cents, rates are shares of one, moments are aware datetimes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

type Condition = dict[str, Any]
QuestionKind = Literal[
    "short_text", "long_text", "number", "money", "date", "choice", "choices", "counts", "territory", "file"
]


@dataclass(frozen=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question. `limit` is words for a long text, characters for a short one.

    `minimum` and `maximum` bound a number, cents for money, how many choices for `choices`.
    `counts` asks for a whole number beside each choice. `show_if` hides the question until it holds;
    `valid_if` refuses the answer, with `message`, until it holds.
    """

    key: str
    kind: QuestionKind
    label: str
    help: str = ""
    required: bool = False
    limit: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    show_if: Condition | None = None
    valid_if: Condition | None = None
    message: str = ""

    def choice(self, key: str) -> str:
        """The label of one choice; the key itself where it is unknown."""
        return next((c.label for c in self.choices if c.key == key), key)


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    help: str = ""
    questions: tuple[Question, ...] = ()
    show_if: Condition | None = None


@dataclass(frozen=True)
class WindowRule:
    key: str
    label: str
    opens_at: datetime
    deadline: datetime
    envelope_cents: int
    committee_on: date | None = None


@dataclass(frozen=True)
class Criterion:
    """A line of the scoring grid: integer scores from 0 to `maximum`, weighted by `weight`."""

    key: str
    label: str
    weight: float = 1.0
    guidance: str = ""
    maximum: int = 5


@dataclass(frozen=True)
class DocumentRule:
    key: str
    label: str
    help: str = ""
    required: bool = True
    show_if: Condition | None = None


@dataclass(frozen=True)
class Amounts:
    """Bounds of a grant in cents; `rate_ceiling` is the share of the eligible base; `note` is their source."""

    minimum_cents: int | None = None
    maximum_cents: int | None = None
    rate_ceiling: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Eligibility:
    """Who may apply. `seats` among `metropole`, `drom`, `com`, `abroad`; the age is counted at `age_at`."""

    legal_forms: tuple[str, ...] = ()
    minimum_age_months: int | None = None
    age_at: date | None = None
    accounts_closed: bool = False
    seats: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Rulebook:
    kinds: tuple[Choice, ...] = ()
    domains: tuple[Choice, ...] = ()
    themes: tuple[Choice, ...] = ()
    publics: tuple[Choice, ...] = ()
    amounts: Amounts = field(default_factory=Amounts)
    eligibility: Eligibility = field(default_factory=Eligibility)
    windows: tuple[WindowRule, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    sections: tuple[Section, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    summary_words: int = 150
    themes_maximum: int | None = None

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by key, in order."""
        return {q.key: q for s in self.sections for q in s.questions}

    def label(self, group: str, key: str) -> str:
        """The label of a key in `kinds`, `domains`, `themes` or `publics`; the key itself where it is unknown."""
        return next((c.label for c in getattr(self, group) if c.key == key), key)
