"""The simulator of a gift: the method's answer for one fiscal year, and each step in words with the line of the law."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.methods.giving import parameters
from terreau.methods.giving.exercises import Exercise, Instance, Settled, settle
from terreau.methods.giving.ledger import Excess
from terreau.methods.giving.parameters import at
from terreau.methods.giving.qualify import Facts, Form, qualify
from terreau.methods.giving.statement import detail_required
from terreau.methods.giving.valuation import Skills, skills
from terreau.web.ui.templatetags.ui import number, percent


@dataclass(frozen=True)
class Step:
    """One sentence and the text that it rests on."""

    sentence: str
    source: str


@dataclass(frozen=True)
class Simulation:
    """Cents. `given` is what leaves the firm, `settled` what the law makes of the part that counts.

    `is_gift`: the return is worth less than what is given.
    """

    given: int
    settled: Settled
    skills: Skills | None = None
    is_gift: bool = True
    warnings: list[Step] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def last_year(self) -> int:
        """The last fiscal year that can use what this one leaves."""
        closed_on = self.settled.exercise.closed_on
        return closed_on.year + at(parameters.CARRY_YEARS, closed_on).value

    @property
    def cost(self) -> int:
        """What the gift costs once its own reduction is used."""
        return self.given - self.settled.own_reduction

    @property
    def older_excess(self) -> int:
        """What is left of the excess of earlier years."""
        return self.settled.excess_left - (self.settled.exercise.gifts - self.settled.own)

    @property
    def older_reduction(self) -> int:
        """The part of the year's reduction that older excess earns."""
        return self.settled.reduction - self.settled.own_reduction


def simulate(asked: dict[str, Any]) -> Simulation:
    """From the cleaned answers of `GivingForm`. Older excess is taken as of the year before, at the usual rate."""
    closed_on = date(asked["year"], 12, 31)
    time = skills(asked["monthly"], Decimal(str(asked["hours"])), closed_on) if asked["hours"] else None
    plain = (asked["money"] or 0) + (asked["goods"] or 0)
    gift = plain + (time.gift if time else 0)
    usual = at(parameters.RATES, closed_on).value.usual
    before = [Excess(closed_on.year - 1, asked["excess"], usual)] if asked["excess"] else []
    (settled,) = settle(Instance([Exercise(closed_on, asked["turnover"], gift, tax=asked["tax"])], before))
    verdict = qualify(Form.SPONSORSHIP, Facts(closed_on, gift, asked["benefit"] or 0))
    found = Simulation(plain + (time.cost if time else 0), settled, time, verdict.is_gift)
    if not verdict.is_gift:
        found.warnings.append(Step(_(verdict.template), verdict.source))
        return found
    if verdict.is_warned:
        found.warnings.append(_large_return(asked["benefit"], found, verdict.source))
    found.steps.extend([*_value(asked, found), *_cap(found), *_reduction(found), *_after(found)])
    return found


def _large_return(benefit: int, found: Simulation, source: str) -> Step:
    exercise = found.settled.exercise
    words = _(
        "Ce que vous recevez vaut %(share)s du don. Au-dessus de %(most)s, l’administration peut y voir un achat et "
        "refuser la réduction."
    )
    most = percent(at(parameters.RETURN_SHARE, exercise.closed_on).value)
    return Step(words % {"share": percent(benefit / exercise.gifts, 2), "most": most}, _(source))


def _value(asked: dict[str, Any], found: Simulation) -> Iterator[Step]:
    """What goods and time count for."""
    if asked["goods"]:
        words = _("Les biens comptent pour leur coût de revient\u00a0: %s.")
        yield Step(words % euros(asked["goods"]), parameters.COST_PRICE)
    if not (time := found.skills):
        return
    words = _(
        "Le temps compte pour ce qu’il coûte\u00a0: %(monthly)s × %(hours)s\u00a0h / %(month)s\u00a0h = %(cost)s."
    )
    told = {
        "monthly": euros(asked["monthly"]),
        "hours": number(asked["hours"], 0 if asked["hours"].is_integer() else 2),
        "month": number(float(parameters.FULL_TIME_HOURS), 2),
        "cost": euros(time.cost),
    }
    yield Step(words % told, parameters.SKILLS_SOURCE)
    if time.not_eligible:
        words = _(
            "Le temps d’un salarié compte au plus pour trois fois le plafond de la sécurité sociale, soit %(cap)s ici. "
            "Les %(over)s au-dessus ne comptent pas et ne se reportent pas."
        )
        yield Step(words % {"cap": euros(time.cap), "over": euros(time.not_eligible)}, time.ceiling.source)


def _cap(found: Simulation) -> Iterator[Step]:
    settled, closed_on = found.settled, found.settled.exercise.closed_on
    floor = at(parameters.CAP_FLOOR, closed_on)
    words = _("Le plafond est de %(cap)s\u00a0: le plus grand de %(floor)s et de %(share)s du chiffre d’affaires.")
    share = percent(at(parameters.CAP_SHARE, closed_on).value, 1)
    yield Step(words % {"cap": euros(settled.cap), "floor": euros(floor.value), "share": share}, floor.source)
    if over := settled.exercise.gifts - settled.own:
        words = _("Votre don compte pour %(own)s cette année. Les %(over)s au-dessus du plafond se reportent.")
        source = at(parameters.CARRY_YEARS, closed_on).source
        yield Step(words % {"own": euros(settled.own), "over": euros(over)}, source)
    if settled.carried:
        words = _("Il reste de la place sous le plafond\u00a0: %s d’excédent des années précédentes y entrent.")
        yield Step(words % euros(settled.carried), at(parameters.CARRY_YEARS, closed_on).source)


def _reduction(found: Simulation) -> Iterator[Step]:
    settled, rates = found.settled, at(parameters.RATES, found.settled.exercise.closed_on)
    if settled.base <= rates.value.threshold:
        words = _("La réduction est de %(usual)s de %(base)s\u00a0: %(reduction)s.")
    else:
        words = _(
            "La réduction est de %(usual)s jusqu’à %(threshold)s de dons et de %(above)s au-dessus, sur "
            "%(base)s\u00a0: %(reduction)s."
        )
    told = {
        "usual": percent(rates.value.usual),
        "above": percent(rates.value.above),
        "threshold": euros(rates.value.threshold),
        "base": euros(settled.base),
        "reduction": euros(settled.reduction),
    }
    yield Step(words % told, rates.source)


def _after(found: Simulation) -> Iterator[Step]:
    """What tax takes of it, and what is to be declared."""
    settled, exercise = found.settled, found.settled.exercise
    carry = at(parameters.CARRY_YEARS, exercise.closed_on).source
    if settled.credit_left:
        words = _(
            "L’impôt de l’exercice en prend %(imputed)s\u00a0; %(left)s attendent l’impôt des cinq exercices suivants."
        )
        yield Step(words % {"imputed": euros(settled.imputed), "left": euros(settled.credit_left)}, carry)
    else:
        words = _("La réduction n’est pas remboursée\u00a0: si l’impôt ne suffit pas, le reste attend cinq exercices.")
        yield Step(words, carry)
    yield Step(
        _("Le don ne se déduit pas du bénéfice\u00a0: il est réintégré, puis la réduction s’impute sur l’impôt."),
        parameters.ADD_BACK,
    )
    if detail_required(exercise.gifts, exercise.closed_on):
        words = _(
            "Vous donnez plus de %s dans l’année\u00a0: déclarez chaque don, sa date, l’organisme et ce que vous avez "
            "reçu."
        )
        threshold = at(parameters.DETAIL_ABOVE, exercise.closed_on)
        yield Step(words % euros(threshold.value), threshold.source)
