"""What a gift is worth: money as paid, goods and working time at cost price, never at sale price (CGI art. 238 bis, 1).

Amounts in cents; hours as exact numbers (int, Decimal, Fraction).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from terreau.methods.giving import parameters
from terreau.methods.giving.exercises import half_up
from terreau.methods.giving.parameters import at

type Hours = int | Decimal | Fraction


class CeilingPolicy(StrEnum):
    """The texts cap a loaned employee at three times the social-security ceiling and do not say of which period.

    MONTHLY_PRORATA: three times the monthly ceiling for each full-time month. FLAT_PRUDENT: three times the monthly
    ceiling for an employee and a year, whatever the time.
    """

    MONTHLY_PRORATA = "monthly_prorata"
    FLAT_PRUDENT = "flat_prudent"


@dataclass(frozen=True)
class Skills:
    """Working time given by one employee. cost = gift + not_eligible; what is not eligible is not carried over.

    `ceiling` is the line of the social-security ceiling that was used: that of an earlier year where the year's own
    is not published yet.
    """

    cost: int
    cap: int
    gift: int
    not_eligible: int
    ceiling: parameters.Dated[int]


@dataclass(frozen=True)
class Return:
    """What the firm gets back, beside its gift; a large return is a warning, not a refusal."""

    share: Fraction
    is_disproportionate: bool


def goods(unit_cost: int, quantity: int = 1) -> int:
    """Cents: the cost price of each times how many. Goods in stock count for their value in stock."""
    if unit_cost < 0 or quantity < 0:
        raise ValueError("A cost price and a quantity are never negative.")
    return unit_cost * quantity


def skills(
    monthly_cost: int,
    hours: Hours,
    on: date,
    *,
    policy: CeilingPolicy = CeilingPolicy.MONTHLY_PRORATA,
    already: int = 0,
) -> Skills:
    """The gift of one employee's time: pay and employer charges of a full-time month, pro rata of the hours.

    `already`: cents counted for this employee earlier in the year, which FLAT_PRUDENT takes off its cap.
    """
    if monthly_cost < 0 or hours < 0 or already < 0:
        raise ValueError("A cost and a time are never negative.")
    months = Fraction(hours) / parameters.FULL_TIME_HOURS
    ceiling = at(parameters.MONTHLY_CEILING, on)
    cost = half_up(monthly_cost * months)
    cap = parameters.SKILLS_CEILINGS * ceiling.value
    cap = half_up(cap * months) if policy == CeilingPolicy.MONTHLY_PRORATA else max(0, cap - already)
    gift = min(cost, cap)
    return Skills(cost, cap, gift, cost - gift, ceiling)


def benefit_in_return(gift: int, benefit: int, on: date) -> Return:
    """The value of what the firm gets back, as the beneficiary told it, against the gift."""
    if gift <= 0 or benefit < 0:
        raise ValueError("A gift is positive and a return is never negative.")
    share = Fraction(benefit, gift)
    return Return(share, share > at(parameters.RETURN_SHARE, on).value)


class Donor(StrEnum):
    FIRM = "firm"
    PERSON = "person"
    PERSON_AID = "person_aid"  # to a body that aids people in difficulty


def fine(receipted: int, donor: Donor, on: date) -> int:
    """The fine of article 1740 A on receipts that the issuer knew to be irregular: the reduction they gave right to."""
    if donor == Donor.FIRM:
        return half_up(at(parameters.RATES, on).value.usual * receipted)
    rates = at(parameters.PERSON_RATES, on).value
    return half_up((rates.aid if donor == Donor.PERSON_AID else rates.usual) * receipted)


def person_reduction(gifts: int, aid_gifts: int, taxable_income: int, on: date) -> int:
    """The reduction of an individual for one year (article 200), cents.

    `aid_gifts`, not in `gifts`, earn the higher rate up to their ceiling; the rest joins the other gifts, which count
    up to a share of the taxable income.
    """
    rates = at(parameters.PERSON_RATES, on).value
    aid = min(aid_gifts, rates.aid_ceiling)
    usual = min(gifts + aid_gifts - aid, half_up(rates.income_share * taxable_income))
    return half_up(rates.aid * aid + rates.usual * usual)
