"""A donor's fiscal years: its gifts with a receipt in force, settled by article 238 bis, as its tax forms ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation
from terreau.engagement.models import Exercise, Gift
from terreau.engagement.queries.receipts import gifts_from
from terreau.methods.giving import parameters, reporting, statement
from terreau.methods.giving.exercises import BadExercises, Instance, Settled, settle
from terreau.methods.giving.exercises import Exercise as Facts
from terreau.methods.giving.parameters import at
from terreau.methods.giving.statement import Statement

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Year:
    """One fiscal year of a firm, settled after those before it.

    `gifts`: those with a receipt in force, oldest first; `without`: given without one, not counted.
    """

    exercise: Exercise
    starts_on: date
    gifts: tuple[Gift, ...]
    without: tuple[Gift, ...]
    settled: Settled
    statement: Statement

    @property
    def without_cents(self) -> int:
        return sum(gift.amount_cents for gift in self.without)

    @property
    def net_cost(self) -> int:
        """What the gifts of the year cost once its reduction is used; older excess lowers it."""
        return self.settled.exercise.gifts - self.settled.reduction

    @property
    def older_reduction(self) -> int:
        return self.settled.reduction - self.settled.own_reduction

    @property
    def is_detail_required(self) -> bool:
        return bool(self.statement.detail)

    @property
    def detail_above(self) -> parameters.Dated[int]:
        return at(parameters.DETAIL_ABOVE, self.exercise.closes_on)

    @property
    def is_open(self) -> bool:
        return self.exercise.closes_on > timezone.localdate()

    @property
    def reduction_cents(self) -> int:
        """As the 2069-RCI-SD takes it: whole euros."""
        return self.statement.reduction * 100

    @property
    def add_back_cents(self) -> int:
        return self.statement.add_back * 100

    @property
    def worksheet(self) -> list[tuple[str, int]]:
        """The lines of the 2069-M-FC-SD in its order: whole euros, as cents."""
        sheet = self.statement.worksheet
        lines = [
            (_("Dons de l’exercice"), sheet.gifts),
            (_("Plafond de l’exercice"), sheet.cap),
            (_("Dons de l’exercice retenus"), sheet.own),
            *((_("Excédent antérieur employé, exercice %s") % year, euros) for year, euros in sheet.excess_used),
            (_("Base de la réduction"), sheet.base),
            (_("Réduction d’impôt de l’exercice"), sheet.reduction),
            (_("Réduction imputée sur l’impôt"), sheet.imputed),
        ]
        return [(label, euros * 100) for label, euros in lines]

    @property
    def life(self) -> int:
        """How many following fiscal years may use what this one leaves."""
        return at(parameters.CARRY_YEARS, self.exercise.closes_on).value

    @property
    def ledgers(self) -> list[tuple[int, int, int, int]]:
        """(year of origin, last year of use, excess over the cap, unused reduction), oldest first; cents."""
        lines = [*self.settled.excesses, *self.settled.credits]
        return [
            (
                year,
                year + self.life,
                sum(line.cents for line in self.settled.excesses if line.year == year),
                sum(line.cents for line in self.settled.credits if line.year == year),
            )
            for year in sorted({line.year for line in lines})
        ]


def years(company: Organisation) -> list[Year]:
    """Every fiscal year that the firm typed, settled one after the other, the latest first."""
    exercises = sorted(company.exercises.all(), key=lambda one: one.closes_on)
    if not exercises:
        return []
    starts = _starts([one.closes_on for one in exercises])
    given = gifts_from(company).filter(given_on__range=(starts[0], exercises[-1].closes_on))
    gifts: list[Any] = sorted(given, key=lambda gift: (gift.given_on, gift.pk))
    of = [
        [g for g in gifts if start <= g.given_on <= one.closes_on] for start, one in zip(starts, exercises, strict=True)
    ]
    counted = [tuple(gift for gift in one if gift.in_force) for one in of]
    settled = settle(Instance([_facts(*pair) for pair in zip(exercises, counted, strict=True)]))
    found = [
        Year(
            exercise=exercise,
            starts_on=start,
            gifts=kept,
            without=tuple(gift for gift in all_of_it if not gift.in_force),
            settled=one,
            statement=statement.state(one, _listed(exercise, kept)),
        )
        for exercise, start, all_of_it, kept, one in zip(exercises, starts, of, counted, settled, strict=True)
    ]
    return found[::-1]


def _starts(closings: Sequence[date]) -> list[date]:
    """The first day of each fiscal year: the first one lasts twelve months, each next one follows a closing."""
    return [reporting.period(closings[0])[0], *(before + DAY for before in closings[:-1])]


def _facts(exercise: Exercise, gifts: Sequence[Gift]) -> Facts:
    total = sum(gift.amount_cents for gift in gifts) + exercise.other_gifts_cents
    return Facts(exercise.closes_on, exercise.turnover_cents, total, tax=exercise.tax_cents)


def _listed(exercise: Exercise, gifts: Sequence[Gift]) -> list[statement.Gift]:
    """One line a gift; those made elsewhere are one sum, that the firm details itself."""
    lines = [
        statement.Gift(g.amount_cents, g.given_on, g.recipient.name, g.recipient.siren, g.return_cents) for g in gifts
    ]
    if exercise.other_gifts_cents:
        lines.append(statement.Gift(exercise.other_gifts_cents, exercise.closes_on, _("Dons faits ailleurs")))
    return lines


def fault(closings: Sequence[date], place: int, today: date) -> str:
    """Why the closing at `place` does not stand among these, in words; empty where it does."""
    mine, rest = closings[place], [*closings[:place], *closings[place + 1 :]]
    if any(one.year == mine.year for one in rest):
        return _("Un exercice clos en %s est déjà saisi\u00a0: corrigez-le.") % mine.year
    ordered = sorted(closings)
    try:
        settle(Instance([Facts(closing, 0, 0) for closing in ordered]))
    except BadExercises as bad:
        return _words(bad.code, ordered)
    if _starts(ordered)[ordered.index(mine)] > today:
        return _("Cet exercice n’a pas encore commencé.")
    return ""


def _words(code: str, closings: Sequence[date]) -> str:
    if code == "before-the-law":
        return _("Les règles d’avant 2003 ne sont pas connues ici.")
    missing = next(before.year + 1 for before, after in pairwise(closings) if after.year != before.year + 1)
    return _("Les exercices se suivent d’une année à la suivante\u00a0: il manque celui clos en %s.") % missing
