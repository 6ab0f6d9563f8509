"""The figures of the law, each with the date from which it holds and its source. Amounts in cents, rates as fractions.

Rules of corporate giving are dated by the closing of the fiscal year; social-security ceilings and the rates of
individuals by the calendar year. A new law is a new line here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

gettext_noop = str  # marks a text for the translators


@dataclass(frozen=True)
class Dated[T]:
    """A value that holds from `since` until the next line of its table."""

    since: date
    value: T
    source: str


class NotInForce(ValueError):  # noqa: N818 - named after what it is
    """A date before the first line of a table: nothing is known of the law of that day."""

    def __init__(self, day: date, first: date) -> None:
        super().__init__(f"No rule is known before {first}: {day}.")
        self.day, self.first = day, first


def at[T](table: Sequence[Dated[T]], day: date) -> Dated[T]:
    """The line in force on this day. NotInForce before the first one."""
    if found := [line for line in table if line.since <= day]:
        return found[-1]
    raise NotInForce(day, table[0].since)


@dataclass(frozen=True)
class Rates:
    """`usual` on the gifts of a year up to `threshold`, `above` beyond; bodies that aid people in difficulty keep
    `usual` and are not counted in the threshold.
    """

    usual: Fraction
    above: Fraction
    threshold: int


@dataclass(frozen=True)
class PersonRates:
    """Article 200: `usual` within a share of the taxable income, `aid` on gifts to aid bodies up to `aid_ceiling`."""

    usual: Fraction
    income_share: Fraction
    aid: Fraction
    aid_ceiling: int


FIRST = date(2003, 12, 31)  # law 2003-709 holds for fiscal years opened since 1 January 2003

RATES = (
    Dated(FIRST, Rates(Fraction(60, 100), Fraction(60, 100), 0), "CGI, art. 238 bis, 1"),
    Dated(date(2020, 12, 31), Rates(Fraction(60, 100), Fraction(40, 100), 2_000_000_00), "CGI, art. 238 bis, 2"),
)
CAP_SHARE = (Dated(FIRST, Fraction(5, 1000), "CGI, art. 238 bis, 3"),)
CAP_FLOOR = (
    Dated(FIRST, 0, "CGI, art. 238 bis, 3"),
    Dated(date(2019, 12, 31), 10_000_00, "CGI, art. 238 bis, 3 ; BOI-BIC-RICI-20-30-20"),
    Dated(date(2020, 12, 31), 20_000_00, "CGI, art. 238 bis, 3 ; BOI-BIC-RICI-20-30-30-20"),
)
CARRY_YEARS = (Dated(FIRST, 5, "CGI, art. 238 bis, 3 ; BOI-BIC-RICI-20-30-30-20"),)
IMPUTATION = "CGI, ann. III, art. 49 septies XB"  # the year's reduction first, then older ones by age
ADD_BACK = "BOI-BIC-RICI-20-30-10-20"  # a gift is not deductible from the profit
COST_PRICE = "CGI, art. 238 bis, 1 ; BOI-BIC-RICI-20-30-10-20"
DETAIL_ABOVE = (Dated(date(2019, 1, 1), 10_000_00, "CGI, art. 238 bis, 6 ; décret n° 2019-531"),)
RETURN_SHARE = (
    Dated(FIRST, Fraction(1, 4), gettext_noop("Usage admis, d’un à quatre : aucun texte n’en fait un seuil")),
)

SKILLS_CEILINGS = 3  # a loaned employee counts up to three times the ceiling
SKILLS_SOURCE = "CGI, art. 238 bis, 1 ; CSS, art. L. 241-3"
FULL_TIME_HOURS = Fraction(15167, 100)  # a month of 35-hour weeks
MONTHLY_CEILING = (  # plafond mensuel de la sécurité sociale
    Dated(date(2023, 1, 1), 3_666_00, "Plafond de la sécurité sociale 2023"),
    Dated(date(2024, 1, 1), 3_864_00, "Plafond de la sécurité sociale 2024"),
    Dated(date(2025, 1, 1), 3_925_00, "Plafond de la sécurité sociale 2025"),
    Dated(date(2026, 1, 1), 4_005_00, "Plafond de la sécurité sociale 2026, JO du 23 décembre 2025"),
)

PERSON_RATES = (
    Dated(
        date(2020, 1, 1),
        PersonRates(Fraction(66, 100), Fraction(20, 100), Fraction(75, 100), 1_000_00),
        "CGI, art. 200",
    ),
    Dated(
        date(2025, 1, 1),
        PersonRates(Fraction(66, 100), Fraction(20, 100), Fraction(75, 100), 2_000_00),
        "CGI, art. 200 ; loi n° 2026-103, art. 28",
    ),
)


@dataclass(frozen=True)
class Deadline:
    """Of a yearly return: months after the closing, or, for a year closed on 31 December or without any closing, this
    working day after 1 May.
    """

    months: int
    working_day: int


REPORTING = (  # what was received since 1 January 2021
    Dated(date(2021, 12, 31), Deadline(3, 2), "CGI, art. 222 bis et 223, 1 ; loi n° 2021-1109, art. 19"),
)
FINE_SOURCE = "CGI, art. 1740 A"
