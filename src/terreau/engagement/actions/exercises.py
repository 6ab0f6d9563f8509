"""A firm types its fiscal years for its own statement: typed, corrected, removed; always one after the other."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.engagement.models import Exercise
from terreau.engagement.queries.statement import fault


@dataclass(frozen=True)
class Typed:
    """One fiscal year as its firm tells it, in cents. `tax_cents` None: not known yet."""

    closes_on: date
    turnover_cents: int
    tax_cents: int | None = None
    other_gifts_cents: int = 0


@transaction.atomic
def type_exercise(company: Organisation, typed: Typed, *, by: Any) -> Exercise:
    """Refused, in words, where the years would not follow each other."""
    closings = [one.closes_on for one in _held(company)]
    return _write(Exercise(company=company), typed, closings, "type_exercise", by)


@transaction.atomic
def correct(exercise: Exercise, typed: Typed, *, by: Any) -> Exercise:
    """The same rules, the year itself set apart."""
    held = {one.pk: one for one in _held(exercise.company)}
    mine = held.pop(exercise.pk)
    return _write(mine, typed, [one.closes_on for one in held.values()], "correct_exercise", by)


@transaction.atomic
def remove(exercise: Exercise, *, by: Any) -> None:
    """The first or the last: the ledgers of the others run through those between."""
    held = _held(exercise.company)
    mine = next(one for one in held if one.pk == exercise.pk)
    if mine not in (held[0], held[-1]):
        raise Refused(_("Seul le premier ou le dernier exercice se retire\u00a0: les reports passent par les autres."))
    journal.record(exercise.company, "remove_exercise", by=by, closes_on=mine.closes_on.isoformat())
    mine.delete()


def _held(company: Organisation) -> list[Exercise]:
    """The years of the firm, oldest first; nobody else types there until the transaction ends."""
    Organisation.objects.select_for_update().get(pk=company.pk)
    return list(company.exercises.order_by("closes_on"))


def _write(exercise: Exercise, typed: Typed, others: list[date], verb: str, by: Any) -> Exercise:
    if wrong := fault([*others, typed.closes_on], len(others), timezone.localdate()):
        raise Refused(wrong)
    exercise.closes_on, exercise.typed_by = typed.closes_on, by
    exercise.turnover_cents, exercise.tax_cents = typed.turnover_cents, typed.tax_cents
    exercise.other_gifts_cents = typed.other_gifts_cents
    exercise.save()
    journal.record(exercise.company, verb, by=by, closes_on=typed.closes_on.isoformat())
    return exercise
