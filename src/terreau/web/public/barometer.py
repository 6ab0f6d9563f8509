"""A published edition as tables to show: rows, columns, hidden cells, and our figures beside the national ones."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from terreau.engagement.models import CompanyProfile, Gift
from terreau.engagement.rulebook import national

SIZES = {**dict(CompanyProfile.Size.choices), "unknown": _("taille non précisée")}
KINDS = dict(Gift.Kind.choices)
DECLARATIONS = {
    "statement": _("reçu fiscal, exercice saisi"),
    "receipt": _("reçu fiscal, exercice non saisi"),
    "none": _("sans reçu fiscal"),
}
SMALL = ("micro", "sme")


@dataclass(frozen=True)
class Cell:
    """`hidden`: a figure that is not published; otherwise `donors` (None: not counted in this table) and `cents`."""

    hidden: bool = False
    donors: int | None = None
    cents: int | None = None
    label: str = ""
    width: str = "0"

    @property
    def is_zero(self) -> bool:
        return not self.hidden and not self.cents


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[Cell]


class Edition:
    """The cells of one published year, found by their categories."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.cells = {frozenset(one["of"].items()): one for one in content["cells"]}

    def cell(self, label: str = "", **of: str) -> Cell:
        found = self.cells[frozenset(of.items())]
        return Cell(found["hidden"], found["donors"], found["cents"], label)

    def by(self, dimension: str, labels: dict[str, Any]) -> list[Row]:
        """One row a category with its bar, then the total; categories where nobody is expected are left out at zero."""
        found = {key: self.cell(**{dimension: key}) for key in labels}
        top = max((cell.cents or 0 for cell in found.values()), default=0)
        return [
            Row(str(labels[key]), [Cell(one.hidden, one.donors, one.cents, "", bar(one.cents, top))])
            for key, one in found.items()
            if key != "unknown" or not one.is_zero
        ]

    def cross(self, dimension: str, labels: dict[str, Any]) -> list[Row]:
        """Sizes in rows, the categories of `dimension` in columns, both with their total."""
        rows = []
        for size in [*SIZES, ""]:
            of = {"size": size} if size else {}
            total = self.cell(gettext("Total"), **of)
            if size == "unknown" and total.is_zero:
                continue
            cells = [self.cell(str(label), **of, **{dimension: key}) for key, label in labels.items()]
            rows.append(Row(str(SIZES[size]) if size else gettext("Total"), [*cells, total]))
        return rows

    def regions(self, names: dict[str, str]) -> tuple[list[Row], list[str]]:
        """Largest published first, then hidden; and the names of those where nobody gave."""
        rows = self.by("region", {**names, "unknown": gettext("Région non précisée")})
        given = [row for row in rows if not row.cells[0].is_zero]
        nothing = [row.label for row in rows if row.cells[0].is_zero]
        return sorted(given, key=lambda row: (row.cells[0].hidden, -(row.cells[0].cents or 0))), nothing


def bar(cents: int | None, top: int) -> str:
    return f"{100 * (cents or 0) / top:.1f}" if top else "0"


def beside(edition: Edition) -> list[dict[str, Any]]:
    """Each national line with our figure: a number, "s" where a published figure lacks, or None for no one yet."""
    ours = own_figures(edition)
    return [
        {
            "label": gettext(line.label),
            "shown": line.shown,
            "own": ours[line.key],
            "quoted": [(survey, line.quoted.get(survey.key, national.Quoted(None))) for survey in national.SURVEYS],
        }
        for line in national.LINES
    ]


def precisions() -> list[tuple[str, national.Survey, str]]:
    """What was worked out from what a survey says, rather than said by it."""
    return [
        (gettext(line.label), survey, line.quoted[survey.key].note)
        for line in national.LINES
        for survey in national.SURVEYS
        if survey.key in line.quoted and line.quoted[survey.key].note
    ]


def own_figures(edition: Edition) -> dict[str, float | str | None]:
    """Computed from published cells alone: what is worked out here, anybody could."""
    total = edition.cell()
    sizes = {size: edition.cell(size=size) for size in SIZES}
    groups = {"small": SMALL, "midcap": ("midcap",), "large": ("large",)}
    found: dict[str, float | str | None] = {}
    for name, keys in groups.items():
        parts = [sizes[key] for key in keys]
        found[f"donors_{name}"] = share([p.donors for p in parts], total.donors)
        found[f"amount_{name}"] = share([p.cents for p in parts], total.cents)
    found["undeclared"] = share([edition.cell(declaration="none").donors], total.donors)
    known = not total.hidden and total.donors
    found["mean"] = total.cents / total.donors / 100 if known and total.cents is not None and total.donors else "s"
    found["amount"] = "s" if total.cents is None else total.cents / 100
    found["donors"] = "s" if total.donors is None else total.donors
    return found


def share(parts: list[int | None], total: int | None) -> float | str | None:
    known = [part for part in parts if part is not None]
    if total is None or len(known) < len(parts):
        return "s"
    return sum(known) / total if total else None
