"""The norms of a budget as plain values: the standard rubrics, and what must hold between the lines.

Rubrics are those of form Cerfa 12156*06 (charges 60-69, products 70-79). Contributions in kind (86 and 87) are kept by
what they are (goods, loan, services, volunteering), because their numbers differ from one form to the next:
`number` prints the one of règlement ANC 2018-06.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core.money import euros

EXPENSES: dict[str, Any] = {
    "60": gettext_lazy("Achats"),
    "61": gettext_lazy("Services extérieurs"),
    "62": gettext_lazy("Autres services extérieurs"),
    "63": gettext_lazy("Impôts et taxes"),
    "64": gettext_lazy("Charges de personnel"),
    "65": gettext_lazy("Autres charges de gestion courante"),
    "66": gettext_lazy("Charges financières"),
    "67": gettext_lazy("Charges exceptionnelles"),
    "68": gettext_lazy("Dotations et engagements à réaliser"),
    "69": gettext_lazy("Impôt sur les bénéfices"),
}
INCOME: dict[str, Any] = {
    "70": gettext_lazy("Ventes de produits et de services"),
    "73": gettext_lazy("Dotations et produits de tarification"),
    "74": gettext_lazy("Subventions d’exploitation"),
    "75": gettext_lazy("Cotisations, dons et mécénat"),
    "76": gettext_lazy("Produits financiers"),
    "77": gettext_lazy("Produits exceptionnels"),
    "78": gettext_lazy("Reprises et report de fonds dédiés"),
    "79": gettext_lazy("Transferts de charges"),
}
KIND_EXPENSES: dict[str, Any] = {
    "86g": gettext_lazy("Secours en nature"),
    "86l": gettext_lazy("Mise à disposition de biens et de services"),
    "86s": gettext_lazy("Prestations reçues"),
    "86v": gettext_lazy("Personnel bénévole"),
    "86": gettext_lazy("Emplois en nature, sans précision"),
}
KIND_INCOME: dict[str, Any] = {
    "87g": gettext_lazy("Dons en nature"),
    "87s": gettext_lazy("Prestations en nature"),
    "87v": gettext_lazy("Bénévolat"),
    "87": gettext_lazy("Ressources en nature, sans précision"),
}
RUBRICS = EXPENSES | INCOME | KIND_EXPENSES | KIND_INCOME
NUMBERS = {"86g": "860", "86l": "861", "86s": "862", "86v": "864", "87g": "870", "87s": "871", "87v": "875"}
COFUNDED = frozenset({"74", "75"})  # income that a third party grants: it has a status
REFUSED = "refused"


def number(rubric: str) -> str:
    """The number printed beside a rubric."""
    return NUMBERS.get(rubric, rubric)


@dataclass(frozen=True)
class Line:
    """One line of a budget. Amounts are cents."""

    rubric: str
    label: str
    amount_cents: int
    status: str = ""
    requested: bool = False


@dataclass(frozen=True)
class Totals:
    """Sums in cents. Refused co-funding counts nowhere; in-kind contributions stay apart."""

    expenses: int = 0
    income: int = 0
    kind_expenses: int = 0
    kind_income: int = 0
    requested: int = 0
    sought: int = 0
    obtained: int = 0
    refused: int = 0

    @property
    def rate(self) -> Fraction | None:
        """Requested ÷ expenses (86 and 87 left out); None while there is no expense."""
        return Fraction(self.requested, self.expenses) if self.expenses else None


@dataclass(frozen=True)
class Check:
    """What the machine verified. `ok` is None where it cannot tell yet."""

    key: str
    ok: bool | None
    label: str
    detail: str = ""
    source: str = ""


def totals(lines: Iterable[Line]) -> Totals:
    """The sums of a budget; the order of lines does not matter."""
    lines = list(lines)
    kept = [line for line in lines if line.status != REFUSED]

    def total(rubrics: dict[str, Any]) -> int:
        return sum(line.amount_cents for line in kept if line.rubric in rubrics)

    def cofunded(status: str) -> int:
        return sum(x.amount_cents for x in lines if x.rubric in INCOME and x.status == status and not x.requested)

    return Totals(
        expenses=total(EXPENSES),
        income=total(INCOME),
        kind_expenses=total(KIND_EXPENSES),
        kind_income=total(KIND_INCOME),
        requested=sum(line.amount_cents for line in kept if line.requested),
        sought=cofunded("sought"),
        obtained=cofunded("obtained"),
        refused=cofunded(REFUSED),
    )


def percent(rate: Fraction | float) -> str:
    """`62,5 %`, to one decimal."""
    return f"{round(float(rate) * 100, 1):g}".replace(".", ",") + "\u00a0%"


def budget_checks(lines: Sequence[Line], amounts: Any) -> list[Check]:
    """Every check of a budget against the bounds of the call (`calls.rulebook.Amounts`)."""
    sums = totals(lines)
    return [
        _balanced(sums),
        _kind_balanced(sums),
        _requested(lines, sums),
        *_bounds(sums, amounts),
        *_rate(sums, amounts),
        _cofunding(sums),
    ]


def _gap(left: int, right: int) -> str:
    return _("%(left)s d’un côté, %(right)s de l’autre : écart de %(gap)s") % {
        "left": euros(left),
        "right": euros(right),
        "gap": euros(abs(left - right)),
    }


def _balanced(sums: Totals) -> Check:
    label = _("Total des charges = total des produits")
    if not (sums.expenses or sums.income):
        return Check("balanced", None, label, _("Le budget est vide."))
    if sums.expenses == sums.income:
        return Check("balanced", ok=True, label=label, detail=euros(sums.expenses))
    return Check("balanced", ok=False, label=label, detail=_gap(sums.expenses, sums.income))


def _kind_balanced(sums: Totals) -> Check:
    label = _("Contributions en nature : emplois (86) = ressources (87)")
    if sums.kind_expenses == sums.kind_income:
        return Check("kind_balanced", ok=True, label=label, detail=euros(sums.kind_income))
    return Check("kind_balanced", ok=False, label=label, detail=_gap(sums.kind_expenses, sums.kind_income))


def _requested(lines: Sequence[Line], sums: Totals) -> Check:
    label = _("Montant demandé inscrit sur une ligne 74")
    asked = [line for line in lines if line.requested]
    if not asked:
        detail = _("Indiquez quelle ligne 74 porte la subvention que vous nous demandez.")
        return Check("requested", None if not lines else False, label, detail)
    if len(asked) > 1 or asked[0].rubric != "74":
        return Check(
            "requested", ok=False, label=label, detail=_("Une seule ligne, en rubrique 74, porte cette demande.")
        )
    if not sums.requested:
        return Check("requested", ok=False, label=label, detail=_("Le montant demandé est nul."))
    return Check("requested", ok=True, label=label, detail=euros(sums.requested))


def _bounds(sums: Totals, amounts: Any) -> Iterable[Check]:
    known = bool(sums.requested)
    if amounts.minimum_cents is not None:
        label = _("Montant demandé d’au moins %(bound)s") % {"bound": euros(amounts.minimum_cents)}
        enough = sums.requested >= amounts.minimum_cents
        yield Check("minimum", enough if known else None, label, euros(sums.requested), amounts.note)
    if amounts.maximum_cents is not None:
        label = _("Montant demandé d’au plus %(bound)s") % {"bound": euros(amounts.maximum_cents)}
        fits = sums.requested <= amounts.maximum_cents
        yield Check("maximum", fits if known else None, label, euros(sums.requested), amounts.note)


def _rate(sums: Totals, amounts: Any) -> Iterable[Check]:
    if amounts.rate_ceiling is None:
        return
    label = _("Part demandée d’au plus %(bound)s du budget hors contributions en nature") % {
        "bound": percent(amounts.rate_ceiling)
    }
    if sums.rate is None or not sums.requested:
        yield Check("rate", None, label, source=amounts.note)
        return
    ceiling = Fraction(str(amounts.rate_ceiling))
    yield Check("rate", sums.rate <= ceiling, label, percent(sums.rate), amounts.note)


def _cofunding(sums: Totals) -> Check:
    detail = _("acquis %(obtained)s, sollicités %(sought)s, refusés %(refused)s (hors total)") % {
        "obtained": euros(sums.obtained),
        "sought": euros(sums.sought),
        "refused": euros(sums.refused),
    }
    return Check("cofunding", ok=True, label=_("Cofinancements"), detail=detail)
