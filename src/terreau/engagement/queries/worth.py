"""What a gift counts for, from what was typed: money as paid, goods at cost price, time at what it costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.engagement.models import Gift
from terreau.methods.giving import parameters, valuation
from terreau.methods.giving.valuation import CeilingPolicy

Kind = Gift.Kind
MOST_HOURS = 2_000  # one employee's gift: more than a full-time year is a typing error


@dataclass(frozen=True)
class Told:
    """A gift as somebody tells it; each kind reads its own part. Amounts in cents.

    `sale_cents` is kept and ignored: the law counts what a thing cost, not what it sells for.
    """

    kind: str
    given_on: date
    until: date | None = None
    payment: str = ""
    description: str = ""
    donor_form: str = ""
    amount_cents: int = 0
    unit_cents: int = 0
    quantity: int = 1
    sale_cents: int | None = None
    hours: Decimal = Decimal(0)
    monthly_cents: int = 0
    policy: str = CeilingPolicy.MONTHLY_PRORATA


@dataclass(frozen=True)
class Worth:
    """Cents that the law counts, and how they were found: plain JSON that `Gift.details` keeps."""

    cents: int
    details: dict[str, Any]


def worth(told: Told) -> Worth:
    """NotInForce where time was given before the first ceiling that is known."""
    if told.kind == Kind.GOODS:
        details = {"unit_cents": told.unit_cents, "quantity": told.quantity, "source": parameters.COST_PRICE}
        if told.sale_cents is not None:
            details["sale_cents"] = told.sale_cents
        return Worth(valuation.goods(told.unit_cents, told.quantity), details)
    if told.kind == Kind.SKILLS:
        return _time(told)
    return Worth(told.amount_cents, {"source": "CGI, art. 238 bis, 1"})


def _time(told: Told) -> Worth:
    """One employee's time, under the policy chosen; the other reading stands beside it."""
    found = {
        policy: valuation.skills(told.monthly_cents, told.hours, told.given_on, policy=policy)
        for policy in CeilingPolicy
    }
    chosen = found[CeilingPolicy(told.policy)]
    details = {
        "hours": str(told.hours),
        "monthly_cents": told.monthly_cents,
        "full_time_hours": str(float(parameters.FULL_TIME_HOURS)),
        "cost_cents": chosen.cost,
        "policy": str(told.policy),
        "caps": {str(policy): one.cap for policy, one in found.items()},
        "not_eligible_cents": chosen.not_eligible,
        "ceiling_cents": chosen.ceiling.value,
        "ceiling_source": chosen.ceiling.source,
        "source": parameters.SKILLS_SOURCE,
    }
    return Worth(chosen.gift, details)


def told_of(gift: Gift) -> Told:
    """A gift as it would be typed again."""
    kept = gift.details
    return Told(
        kind=gift.kind,
        given_on=gift.given_on,
        until=gift.until,
        payment=gift.payment,
        description=gift.description,
        donor_form=gift.donor_form,
        amount_cents=gift.amount_cents if gift.kind == Kind.MONEY else 0,
        unit_cents=kept.get("unit_cents", 0),
        quantity=kept.get("quantity", 1),
        sale_cents=kept.get("sale_cents"),
        hours=Decimal(kept.get("hours", "0")),
        monthly_cents=kept.get("monthly_cents", 0),
        policy=kept.get("policy", CeilingPolicy.MONTHLY_PRORATA),
    )


def faults(told: Told, today: date) -> dict[str, str]:
    """What is wrong, by the name of the field, in words. Empty: it can be valued."""
    found = _of_the_days(told, today)
    if not told.donor_form.strip():
        found["donor_form"] = _("Indiquez la forme juridique\u00a0: le reçu fiscal doit la porter.")
    return found | {Kind.MONEY: _of_money, Kind.GOODS: _of_goods, Kind.SKILLS: _of_time}[Kind(told.kind)](told)


def _of_the_days(told: Told, today: date) -> dict[str, str]:
    if told.given_on > today:
        return {"given_on": _("Cette date est dans le futur\u00a0: un don se déclare une fois fait.")}
    if told.until and told.until < told.given_on:
        return {"until": _("La fin vient après le début.")}
    if told.until and told.until > today:
        return {"until": _("Cette date est dans le futur\u00a0: un don se déclare une fois fait.")}
    return {}


def _of_money(told: Told) -> dict[str, str]:
    found = {}
    if told.amount_cents <= 0:
        found["amount_cents"] = _("Indiquez un montant supérieur à zéro.")
    if not told.payment:
        found["payment"] = _("Indiquez comment l’argent a été versé\u00a0: le reçu doit le dire.")
    return found


def _of_goods(told: Told) -> dict[str, str]:
    found = {}
    if told.unit_cents <= 0:
        found["unit_cents"] = _("Indiquez ce que chaque chose vous a coûté.")
    if told.quantity < 1:
        found["quantity"] = _("Indiquez combien de choses sont données.")
    if not told.description.strip():
        found["description"] = _("Décrivez ce qui est donné\u00a0: le reçu doit le dire.")
    return found


def _of_time(told: Told) -> dict[str, str]:
    found = {}
    if told.hours <= 0:
        found["hours"] = _("Indiquez un nombre d’heures supérieur à zéro.")
    if told.hours > MOST_HOURS:
        found["hours"] = _("C’est plus qu’une année de travail\u00a0: déclarez un don par salarié.")
    if told.monthly_cents <= 0:
        found["monthly_cents"] = _("Indiquez ce que coûte un mois à temps plein, charges comprises.")
    first = parameters.MONTHLY_CEILING[0].since
    if told.given_on < first:
        found["given_on"] = _("Le plafond de la sécurité sociale n’est connu ici que depuis %s.") % first.year
    if not told.description.strip():
        found["description"] = _("Décrivez ce qui est donné\u00a0: le reçu doit le dire.")
    return found


@dataclass(frozen=True)
class Line:
    """One sentence of how a gift is valued, and its source."""

    sentence: str
    source: str = ""


POLICIES = {
    CeilingPolicy.MONTHLY_PRORATA: lambda: _("trois fois le plafond mensuel, au prorata du temps"),
    CeilingPolicy.FLAT_PRUDENT: lambda: _("trois fois le plafond mensuel, par salarié et par an, lecture prudente"),
}


def explained(kind: str, details: dict[str, Any], cents: int) -> list[Line]:
    """How the value was found, in words."""
    if kind == Kind.GOODS:
        return list(_goods_lines(details, cents))
    if kind == Kind.SKILLS:
        return list(_time_lines(details))
    return [Line(_("L’argent compte pour la somme versée."), details.get("source", ""))]


def hours_shown(hours: str) -> str:
    """`7,5` or `7.5` as the reader writes it, whatever zeros were typed after it."""
    return number_format(Decimal(f"{Decimal(hours or 0).normalize():f}"))


def _goods_lines(details: dict[str, Any], cents: int) -> list[Line]:
    told = {"quantity": details["quantity"], "unit": euros(details["unit_cents"]), "sum": euros(cents)}
    lines = [Line(_("%(quantity)s × %(unit)s de coût de revient = %(sum)s.") % told, details["source"])]
    if details.get("sale_cents"):
        words = _("Le prix de vente (%s) est noté, mais la loi ne le compte pas.")
        lines.append(Line(words % euros(details["sale_cents"])))
    return lines


def _time_lines(details: dict[str, Any]) -> list[Line]:
    told = {
        "hours": hours_shown(details["hours"]),
        "monthly": euros(details["monthly_cents"]),
        "month": hours_shown(details["full_time_hours"]),
        "cost": euros(details["cost_cents"]),
    }
    lines = [Line(_("%(hours)s\u00a0h × %(monthly)s / %(month)s\u00a0h = %(cost)s.") % told, details["source"])]
    for policy, cap in details["caps"].items():
        words = _("Plafond de %(cap)s\u00a0: %(policy)s (retenu).")
        if policy != details["policy"]:
            words = _("Autre lecture, plafond de %(cap)s\u00a0: %(policy)s.")
        line = words % {"cap": euros(cap), "policy": POLICIES[CeilingPolicy(policy)]()}
        lines.append(Line(line, details["ceiling_source"]))
    if details["not_eligible_cents"]:
        words = _("%s dépassent le plafond\u00a0: ils ne comptent pas et ne se reportent pas.")
        lines.append(Line(words % euros(details["not_eligible_cents"])))
    return lines
