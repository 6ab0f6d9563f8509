"""Fiscal years settled one after the other: cap, carry-forward, reduction, imputation, expiry (CGI art. 238 bis).

`cap = max(floor, 5 ‰ of turnover)`; the year's own gifts enter first, up to the cap; older excess fills what room is
left, oldest first; the reduction is the rate times that base; the tax takes the year's reduction, then older credits
by age; what is unused at the end of the fifth following year is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from terreau.methods.giving import parameters
from terreau.methods.giving.ledger import Credit, Excess, expire, take, total
from terreau.methods.giving.parameters import Rates, at


class ExcessRate(StrEnum):
    """The rate of carried excess; the two readings differ only where gifts or a base pass the threshold of 2 M€.

    ORIGIN: the rate that the gift earned in its own year. YEAR: the rate of its place in the base of the year of use.
    """

    ORIGIN = "origin"
    YEAR = "year"


@dataclass(frozen=True)
class Exercise:
    """One fiscal year. Cents: turnover without VAT of that year, gifts valued as `valuation` says, tax before the
    reduction. `gifts` includes `aid_gifts`, those to bodies that aid people in difficulty. `tax` None: large enough
    for the year's reduction, and nothing more is known of it.
    """

    closed_on: date
    turnover: int
    gifts: int
    aid_gifts: int = 0
    tax: int | None = None

    @property
    def year(self) -> int:
        return self.closed_on.year


@dataclass(frozen=True)
class Instance:
    """Consecutive fiscal years, and what earlier ones left."""

    exercises: Sequence[Exercise]
    excesses: Sequence[Excess] = ()
    credits: Sequence[Credit] = ()
    excess_rate: ExcessRate = ExcessRate.ORIGIN


@dataclass(frozen=True)
class Settled:
    """One fiscal year settled, in cents.

    own + carried = base ≤ cap. `excess_used` is what was carried, oldest first. `reduction` is what the base earns,
    `own_reduction` the part that the year's own gifts earn; `imputed` is what the tax took, older credits included.
    `excesses` and `credits` are the two ledgers after the year; what expired is in them no longer.
    """

    exercise: Exercise
    cap: int
    own: int
    excess_used: tuple[Excess, ...]
    reduction: int
    own_reduction: int
    imputed: int
    excesses: tuple[Excess, ...]
    credits: tuple[Credit, ...]
    excess_expired: int
    credit_expired: int

    @property
    def carried(self) -> int:
        return total(self.excess_used)

    @property
    def base(self) -> int:
        return self.own + self.carried

    @property
    def excess_left(self) -> int:
        return total(self.excesses)

    @property
    def credit_left(self) -> int:
        return total(self.credits)


class BadExercises(ValueError):  # noqa: N818 - named after what it is
    """The years cannot be settled: `code` says why, `place` is the position of the year."""

    def __init__(self, code: str, place: int) -> None:
        super().__init__(f"{code}: exercise {place}")
        self.code, self.place = code, place


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def cap_of(turnover: int, closed_on: date) -> int:
    """The most that one fiscal year may count, cents. NotInForce for a closing before 31 December 2003."""
    share = half_up(at(parameters.CAP_SHARE, closed_on).value * turnover)
    return max(at(parameters.CAP_FLOOR, closed_on).value, share)


def settle(instance: Instance) -> list[Settled]:
    """Each year in turn. BadExercises where the years do not follow each other or an amount cannot be."""
    for place, code in _faults(instance):
        raise BadExercises(code, place)
    settled: list[Settled] = []
    excesses, credit_lines = tuple(instance.excesses), tuple(instance.credits)
    for exercise in instance.exercises:
        found = _settle(exercise, excesses, credit_lines, instance.excess_rate)
        excesses, credit_lines = found.excesses, found.credits
        settled.append(found)
    return settled


def _faults(instance: Instance) -> Iterator[tuple[int, str]]:
    exercises = instance.exercises
    for place, one in enumerate(exercises):
        wrong = {
            "before-the-law": one.closed_on < parameters.FIRST,
            "negative": min(one.turnover, one.gifts, one.aid_gifts, one.tax or 0) < 0,
            "aid-above-gifts": one.aid_gifts > one.gifts,
        }
        yield from ((place, code) for code, is_so in wrong.items() if is_so)
    for place, (before, after) in enumerate(pairwise(exercises), 1):
        if after.year != before.year + 1:
            yield place, "not-consecutive"
    for line in [*instance.excesses, *instance.credits]:
        life = at(parameters.CARRY_YEARS, exercises[0].closed_on).value
        if not exercises[0].year - life <= line.year < exercises[0].year or line.cents < 0:
            yield 0, "opening-out-of-reach"


def _settle(
    exercise: Exercise, excesses: Sequence[Excess], credit_lines: Sequence[Credit], policy: ExcessRate
) -> Settled:
    rates = at(parameters.RATES, exercise.closed_on).value
    life = at(parameters.CARRY_YEARS, exercise.closed_on).value
    cap = cap_of(exercise.turnover, exercise.closed_on)
    own, over = take(_earning(exercise, rates), cap)
    carried, unused = take(excesses, cap - total(own))
    reduction = _reduction([*own, *carried], rates, policy)
    imputed, credits_left = _impute(exercise, reduction, credit_lines)
    lost, kept = expire([*unused, *over], exercise.year, life)
    lost_credits, kept_credits = expire(credits_left, exercise.year, life)
    return Settled(
        exercise=exercise,
        cap=cap,
        own=total(own),
        excess_used=carried,
        reduction=reduction,
        own_reduction=_reduction(own, rates, policy),
        imputed=imputed,
        excesses=kept,
        credits=kept_credits,
        excess_expired=total(lost),
        credit_expired=total(lost_credits),
    )


def _earning(exercise: Exercise, rates: Rates) -> list[Excess]:
    """The year's gifts by the rate that they earn, the highest first: the cap is filled with what earns most."""
    ordinary = exercise.gifts - exercise.aid_gifts
    below = min(ordinary, rates.threshold)
    return [
        Excess(exercise.year, exercise.aid_gifts, rates.usual, is_aid=True),
        Excess(exercise.year, below, rates.usual),
        Excess(exercise.year, ordinary - below, rates.above),
    ]


def _reduction(base: Sequence[Excess], rates: Rates, policy: ExcessRate) -> int:
    if policy == ExcessRate.ORIGIN:
        return half_up(sum((line.rate * line.cents for line in base), Fraction(0)))
    ordinary = total(line for line in base if not line.is_aid)
    below = min(ordinary, rates.threshold)
    return half_up(rates.usual * (total(base) - ordinary + below) + rates.above * (ordinary - below))


def _impute(exercise: Exercise, reduction: int, older: Sequence[Credit]) -> tuple[int, tuple[Credit, ...]]:
    """Cents set against the tax, and the credits left: the year's reduction first, then the oldest credit."""
    if exercise.tax is None:
        return reduction, tuple(older)
    now = min(reduction, exercise.tax)
    used, left = take(older, exercise.tax - now)
    return now + total(used), (*left, Credit(exercise.year, reduction - now))
