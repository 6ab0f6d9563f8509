"""What the law asks of a grant: dated parameters with their source, and the obligations that follow from the facts.

The rules on public subsidies bind the State's administrations as funders. They are applied as well where a public
co-funder is in the budget, since the same project then receives public money. A rule of State aid follows the regime
of the grant alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core.money import euros


@dataclass(frozen=True)
class Parameter:
    """A figure of the law (cents, or months where `key` ends so), from one day on and until another, both included."""

    key: str
    value: int
    since: date
    until: date | None
    source: str


LAW, DAY = "loi n° 2000-321 du 12 avril 2000", date
PARAMETERS = (
    Parameter(
        "written_agreement", 23_000_00, DAY(2001, 6, 6), None,
        f"{LAW}, art. 10 ; décret n° 2001-495 du 6 juin 2001, art. 1",
    ),
    Parameter(
        "report_months", 6, DAY(2006, 10, 11), None,
        f"{LAW}, art. 10 ; arrêté du 11 octobre 2006 (formulaire Cerfa 15059)",
    ),
    Parameter(
        "cer", 0, DAY(2022, 1, 2), None,
        f"{LAW}, art. 10-1 ; décret n° 2021-1947 du 31 décembre 2021",
    ),
    Parameter(
        "accounts", 153_000_00, DAY(2009, 5, 14), None,
        "code de commerce, art. L. 612-4 et D. 612-5 ; décret n° 2009-540 du 14 mai 2009 (publication)",
    ),
    Parameter("pay_grant", 50_000_00, DAY(2006, 5, 23), None, "loi n° 2006-586 du 23 mai 2006, art. 20"),
    Parameter("pay_budget", 150_000_00, DAY(2006, 5, 23), None, "loi n° 2006-586 du 23 mai 2006, art. 20"),
    Parameter(
        "de_minimis", 300_000_00, DAY(2024, 1, 1), DAY(2030, 12, 31), "règlement (UE) 2023/2831, art. 3",
    ),
    Parameter("sgei", 750_000_00, DAY(2024, 1, 1), DAY(2030, 12, 31), "règlement (UE) 2023/2832, art. 3"),
)  # fmt: skip
CAPPED = ("de_minimis", "sgei")  # regimes of aid with a ceiling over three rolling years
ROLLING_YEARS = 3
SIGNS_CER = frozenset({"association", "local_association", "foundation", "endowment_fund"})  # associations, foundations
LABELS: Mapping[str, Any] = MappingProxyType(
    {
        "written_agreement": gettext_lazy("Convention écrite"),
        "financial_report": gettext_lazy("Compte rendu financier"),
        "cer": gettext_lazy("Contrat d’engagement républicain"),
        "accounts": gettext_lazy("Comptes annuels certifiés et publiés"),
        "pay": gettext_lazy("Publication des trois plus hautes rémunérations de dirigeants"),
        "de_minimis": gettext_lazy("Plafond d’aides de minimis"),
        "sgei": gettext_lazy("Plafond d’aides de minimis pour un SIEG"),
    }
)


@dataclass(frozen=True)
class Aid:
    """An aid under a regime with a ceiling, dated by its legal entitlement."""

    group: str
    regime: str
    granted_on: date
    cents: int


@dataclass(frozen=True)
class Facts:
    """What the obligations are drawn from. `public_cofunders`: name and cents of each public line of the budget."""

    on: date
    granted_cents: int
    months: int
    budget_cents: int
    funder_is_public: bool
    public_cofunders: tuple[tuple[str, int], ...] = ()
    legal_form: str = ""
    regime: str = "none"
    group: str = ""
    aids: tuple[Aid, ...] = ()

    @property
    def is_public_money(self) -> bool:
        return self.funder_is_public or bool(self.public_cofunders)

    @property
    def public_cents_a_year(self) -> int:
        """The public money of this project, brought to a year; what its holder receives elsewhere is not known."""
        total = sum(cents for _name, cents in self.public_cofunders)
        return _a_year(total + (self.granted_cents if self.funder_is_public else 0), self.months)


@dataclass(frozen=True)
class Obligation:
    """One rule that applies: what it asks, why here, where it is written. `ok` is None where nothing is checked."""

    key: str
    label: str
    asks: str
    why: str
    source: str
    ok: bool | None = None


@dataclass(frozen=True)
class Headroom:
    """What a group of linked firms has received in the window that ends on a day, against the ceiling."""

    since: date
    ceiling_cents: int
    used_cents: int
    source: str

    def fits(self, cents: int) -> bool:
        return self.used_cents + cents <= self.ceiling_cents


def parameter(key: str, on: date) -> Parameter | None:
    """The figure in force on a day; None where the law had, or has, no such rule."""
    return next((p for p in PARAMETERS if p.key == key and p.since <= on and (p.until is None or on <= p.until)), None)


def _a_year(cents: int, months: int) -> int:
    return cents if months <= 12 else cents * 12 // months


def window_start(on: date) -> date:
    """Three years before a day, itself in the window; 28 February where there is no 29th."""
    year = on.year - ROLLING_YEARS
    return on.replace(year=year, day=28) if (on.month, on.day) == (2, 29) else on.replace(year=year)


def headroom(regime: str, on: date, group: str, aids: Iterable[Aid]) -> Headroom | None:
    """What one group may still receive under a regime on a day. None where no regulation is in force that day.

    The group counts as one firm (*entreprise unique*): its aids add up whatever the SIREN that received them.
    """
    rule = parameter(regime, on)
    if rule is None:
        return None
    since = window_start(on)
    used = sum(a.cents for a in aids if a.group == group and a.regime == regime and since <= a.granted_on <= on)
    return Headroom(since, rule.value, used, rule.source)


def obligations(facts: Facts) -> tuple[Obligation, ...]:
    """Every obligation that these facts call for, in the order in which people meet them."""
    found = [*_of_public_money(facts), *_of_state_aid(facts)] if facts.is_public_money else list(_of_state_aid(facts))
    return tuple(found)


def _because(facts: Facts) -> str:
    if facts.funder_is_public:
        return _("Le financeur est une autorité administrative.")
    names = ", ".join(f"« {name} »" for name, _cents in facts.public_cofunders)
    return _("Un financeur public est dans le budget : %(names)s.") % {"names": names}


def _of_public_money(facts: Facts) -> Iterable[Obligation]:
    because = _because(facts)
    written = parameter("written_agreement", facts.on)
    if written and facts.granted_cents > written.value:
        asks = _("Une convention écrite dit l’objet, le montant, la durée, le versement et l’emploi de la subvention.")
        yield _one("written_agreement", asks, f"{because} {_above(facts.granted_cents, written.value)}", written)
    if report := parameter("report_months", facts.on):
        asks = _("Un compte rendu financier est remis dans les %(months)d mois qui suivent la fin de l’exercice.")
        yield _one("financial_report", asks % {"months": report.value}, because, report)
    cer = parameter("cer", facts.on)
    if cer and facts.legal_form in SIGNS_CER:
        asks = _("La structure signe le contrat d’engagement républicain avant de recevoir la subvention.")
        yield _one("cer", asks, because, cer)
    yield from _of_large_sums(facts, because)


def _of_large_sums(facts: Facts, because: str) -> Iterable[Obligation]:
    year = facts.public_cents_a_year
    accounts = parameter("accounts", facts.on)
    if accounts and year > accounts.value:
        asks = _("Les comptes annuels sont établis, certifiés par un commissaire aux comptes et publiés.")
        yield _one("accounts", asks, f"{because} {_a_year_above(year, accounts.value)}", accounts)
    grant, budget = parameter("pay_grant", facts.on), parameter("pay_budget", facts.on)
    yearly = _a_year(facts.budget_cents, facts.months)
    if grant and budget and year > grant.value and yearly > budget.value and facts.legal_form in SIGNS_CER:
        asks = _("Les rémunérations des trois plus hauts dirigeants sont publiées dans le compte financier.")
        why = _("Le seul budget du projet dépasse %(budget)s par an.") % {"budget": euros(budget.value)}
        yield _one("pay", asks, f"{because} {_a_year_above(year, grant.value)} {why}", grant)


def _one(key: str, asks: str, why: str, rule: Parameter) -> Obligation:
    return Obligation(key, str(LABELS[key]), asks, why, rule.source)


def _above(cents: int, threshold: int) -> str:
    return _("%(amount)s accordés, au-dessus de %(threshold)s.") % {
        "amount": euros(cents),
        "threshold": euros(threshold),
    }


def _a_year_above(cents: int, threshold: int) -> str:
    return _("%(amount)s d’argent public par an dans ce budget, au-dessus de %(threshold)s.") % {
        "amount": euros(cents),
        "threshold": euros(threshold),
    }


def _of_state_aid(facts: Facts) -> Iterable[Obligation]:
    if facts.regime not in CAPPED:
        return
    label = str(LABELS[facts.regime])
    asks = _("Le groupe d’entreprises liées reste sous le plafond sur trois ans glissants et déclare ses aides.")
    room = headroom(facts.regime, facts.on, facts.group, facts.aids)
    if room is None:
        why = _("Aucun règlement de minimis connu n’est en vigueur à cette date.")
        yield Obligation(facts.regime, label, asks, why, "", ok=False)
        return
    why = _(
        "Déjà %(used)s depuis le %(since)s pour le groupe %(group)s, %(granted)s de plus, plafond de %(ceiling)s."
    ) % {
        "used": euros(room.used_cents),
        "since": room.since.strftime("%d/%m/%Y"),
        "group": facts.group or "–",
        "granted": euros(facts.granted_cents),
        "ceiling": euros(room.ceiling_cents),
    }
    ok = bool(facts.group) and room.fits(facts.granted_cents)
    yield Obligation(facts.regime, label, asks, why, room.source, ok=ok)
