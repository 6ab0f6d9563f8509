"""The financial report of form Cerfa 15059*02: planned, actual, gap in euros and in %, by rubric.

Contributions in kind (86 and 87) stand apart and enter no total of charges or resources. Amounts are integer cents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from terreau.funding.rulebook.reporting import Reporting
from terreau.projects.rulebook import EXPENSES, INCOME, KIND_EXPENSES, KIND_INCOME, REFUSED

SIDES: tuple[tuple[str, Any, Mapping[str, Any]], ...] = (
    ("expenses", _("Charges"), EXPENSES),
    ("income", _("Produits"), INCOME),
    ("kind_expenses", _("Emplois des contributions en nature"), KIND_EXPENSES),
    ("kind_income", _("Ressources en nature"), KIND_INCOME),
)
DIRECT: tuple[tuple[Any, frozenset[str]], ...] = (  # the groups that the form prints, in its order
    (_("Achats et services"), frozenset({"60", "61", "62"})),
    (_("Impôts et taxes"), frozenset({"63"})),
    (_("Personnel"), frozenset({"64"})),
    (_("Autres charges de gestion courante"), frozenset({"65"})),
    (_("Charges financières"), frozenset({"66"})),
    (_("Charges exceptionnelles"), frozenset({"67"})),
    (_("Engagements à réaliser"), frozenset({"68"})),
    (_("Impôt sur les bénéfices"), frozenset({"69"})),
    (_("Ventes et prestations"), frozenset({"70"})),
    (_("Produits de tarification"), frozenset({"73"})),
    (_("Subventions"), frozenset({"74"})),
    (_("Cotisations, dons et mécénat"), frozenset({"75"})),
    (_("Produits financiers"), frozenset({"76"})),
    (_("Produits exceptionnels"), frozenset({"77"})),
    (_("Reprises et fonds dédiés"), frozenset({"78"})),
    (_("Transferts de charges"), frozenset({"79"})),
    (_("Contributions volontaires : emplois"), frozenset(KIND_EXPENSES)),
    (_("Contributions volontaires : ressources"), frozenset(KIND_INCOME)),
)


@dataclass(frozen=True)
class Line:
    """One line: what the budget planned, what happened. `actual_cents` is None while nothing readable was typed.

    `status` is that of a co-funding; `ours` marks the line of this funder, whose actual amount is what it paid.
    `refused_cents` is the part that the reviewer did not accept.
    """

    key: str
    rubric: str
    label: str
    planned_cents: int
    actual_cents: int | None = None
    explanation: str = ""
    status: str = ""
    ours: bool = False
    refused_cents: int = 0

    @property
    def accepted_cents(self) -> int:
        return max((self.actual_cents or 0) - self.refused_cents, 0)

    @property
    def gap(self) -> "Gap":
        return gap(planned(self), self.actual_cents or 0)


@dataclass(frozen=True)
class Gap:
    """Actual less planned. `share` is None where nothing was planned."""

    cents: int
    share: Fraction | None

    def needs_words(self, reporting: Reporting) -> bool:
        """Past the percentage or past the amount: an explanation is owed. What nobody planned always owes one."""
        if not self.cents:
            return False
        if self.share is None or abs(self.cents) > reporting.explain_cents:
            return True
        return abs(self.share) > Fraction(reporting.explain_percent, 100)


def gap(planned_cents: int, actual_cents: int) -> Gap:
    """12 % more than 10 000 € is 1 200 €.

    >>> gap(1_000_000, 1_120_000)
    Gap(cents=120000, share=Fraction(3, 25))
    """
    share = Fraction(actual_cents - planned_cents, planned_cents) if planned_cents else None
    return Gap(actual_cents - planned_cents, share)


def owes_words(line: Line, reporting: Reporting) -> bool:
    """Whether the gap of this line has to be explained and is not. The funder's own line is known, not explained."""
    if line.ours or line.actual_cents is None or line.explanation.strip():
        return False
    return line.gap.needs_words(reporting)


def planned(line: Line) -> int:
    """A co-funding that was refused before the agreement was planned for nothing."""
    return 0 if line.status == REFUSED else line.planned_cents


@dataclass(frozen=True)
class Sum:
    """Several lines as one row: a group of rubrics, a side, or everything."""

    label: Any
    planned_cents: int
    actual_cents: int
    accepted_cents: int
    lines: tuple[Line, ...] = ()

    @property
    def gap(self) -> Gap:
        return gap(self.planned_cents, self.actual_cents)


def total(label: Any, lines: Iterable[Line]) -> Sum:
    kept = tuple(lines)
    return Sum(
        label,
        sum(planned(line) for line in kept),
        sum(line.actual_cents or 0 for line in kept),
        sum(line.accepted_cents for line in kept),
        kept,
    )


@dataclass(frozen=True)
class Side:
    """Charges, resources, or one side of what was given in kind: its groups and their total."""

    key: str
    label: Any
    groups: tuple[Sum, ...]
    total: Sum


def sides(lines: Sequence[Line]) -> tuple[Side, ...]:
    """The report as the form lays it out; a group without a line is left out, so is what was never given in kind."""
    found = []
    for key, label, rubrics in SIDES:
        mine = [line for line in lines if line.rubric in rubrics]
        groups = [
            total(name, [line for line in mine if line.rubric in members])
            for name, members in DIRECT
            if any(line.rubric in members for line in mine)
        ]
        if mine or not key.startswith("kind"):
            found.append(Side(key, label, tuple(groups), total(label, mine)))
    return tuple(found)


@dataclass(frozen=True)
class Actuals:
    """The sums that the balance is computed from."""

    planned_expenses: int
    expenses: int
    accepted_expenses: int
    other_income: int
    co_funding: int
    kind_expenses: int
    kind_income: int


def actuals(lines: Iterable[Line]) -> Actuals:
    """Charges and resources without what was given in kind; this funder's own money is in neither sum of resources."""
    kept = list(lines)
    expenses = total("", (line for line in kept if line.rubric in EXPENSES))
    others = [line for line in kept if line.rubric in INCOME and not line.ours]
    return Actuals(
        planned_expenses=expenses.planned_cents,
        expenses=expenses.actual_cents,
        accepted_expenses=expenses.accepted_cents,
        other_income=sum(line.actual_cents or 0 for line in others),
        co_funding=sum(line.actual_cents or 0 for line in others if line.rubric in {"74", "75"}),
        kind_expenses=sum(line.actual_cents or 0 for line in kept if line.rubric in KIND_EXPENSES),
        kind_income=sum(line.actual_cents or 0 for line in kept if line.rubric in KIND_INCOME),
    )
