"""The rules of a call as plain frozen values: what a version holds, what every other step reads.

Pure: no database, no clock. `parse` reads the JSON of a version, `dump` writes it back; both ends are exact.
Amounts are cents, rates are shares of one, moments are aware datetimes in ISO form.
"""

from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

type Condition = dict[str, Any]
QuestionKind = Literal["short_text", "long_text", "number", "money", "date", "choice", "choices", "territory", "file"]


@dataclass(frozen=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question. `limit` is words for a long text, characters for a short one; bounds are cents for money.

    `show_if` hides the question until it holds; `valid_if` refuses the answer, with `message`, until it holds.
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

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by key, in order."""
        return {q.key: q for s in self.sections for q in s.questions}

    def label(self, group: str, key: str) -> str:
        """The label of a key in `kinds`, `domains`, `themes` or `publics`; the key itself where it is unknown."""
        return next((c.label for c in getattr(self, group) if c.key == key), key)


def parse(content: dict[str, Any]) -> Rulebook:
    """The rules held in the JSON of a version. ValueError names the place of what cannot be read."""
    return _read(Rulebook, content, "")


def dump(rules: Rulebook) -> dict[str, Any]:
    """JSON-ready content: `parse(dump(rules)) == rules`."""
    return _plain(asdict(rules))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def _read(wanted: Any, value: Any, place: str) -> Any:
    origin = get_origin(wanted)
    if origin is UnionType:
        wanted = next(a for a in get_args(wanted) if a is not type(None))
        return None if value in (None, "") else _read(wanted, value, place)
    if origin is tuple:
        item = get_args(wanted)[0]
        return tuple(_read(item, v, f"{place}[{i}]") for i, v in enumerate(value or []))
    if is_dataclass(wanted):
        return _read_dataclass(wanted, value, place)
    try:
        if wanted in (datetime, date):
            return value if isinstance(value, wanted) else wanted.fromisoformat(value)
        return wanted(value) if wanted in (int, float, str, bool) else value
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{place}: {value!r}") from problem


def _read_dataclass(wanted: Any, value: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{place}: {value!r}")  # noqa: TRY004 - bad content, not a bad call
    hints = get_type_hints(wanted)
    known = {f.name for f in fields(wanted)}
    if unknown := set(value) - known:
        raise ValueError(f"{place}: {', '.join(sorted(unknown))}")
    try:
        return wanted(**{k: _read(hints[k], v, f"{place}.{k}".lstrip(".")) for k, v in value.items()})
    except TypeError as problem:
        raise ValueError(f"{place}: {problem}") from problem
