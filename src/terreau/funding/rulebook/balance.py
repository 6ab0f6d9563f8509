"""What remains to pay, or has to be given back, once the actual costs are known. Pure; integer cents.

1. The actual eligible base is the accepted part of the actual charges (86 and 87 left out). Where the agreement's base
   was smaller than the planned charges, the same share of the actual charges counts.
2. The grant due is that base at the agreed rate (granted ÷ agreed base), never more than the grant.
3. When all resources together exceed the actual charges, co-funders and this funder each cover less, in proportion
   to what they give: sales and other own resources come first off the costs.
4. Due less paid is the balance: to pay when positive, to give back when negative.

Worked by hand (euros):

- Granted 40 000 on a base of 100 000 (40 %), 28 000 paid. Actual 88 000 (12 % less), others 48 000:
  due 40 % × 88 000 = 35 200; resources 83 200 ≤ 88 000; balance 7 200 to pay; 4 800 of the grant lapse.
- The same, actual 60 000, others 36 000: due 24 000; resources 60 000 = costs; balance 24 000 − 28 000: 4 000 back.
- The same, actual 100 000, co-funders 70 000, no sales: due 40 000; resources 110 000 exceed costs by 10 000;
  covered pro rata: 100 000 × 40 ÷ 110 = 36 363,64; balance 8 363,64 to pay.
- The same with 10 000 of sales and 60 000 from co-funders: what is left to cover is 90 000 for 40 000 + 60 000:
  due 40 000 × 90 ÷ 100 = 36 000; balance 8 000 to pay.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Case:
    """What the agreement says, what the accepted report says, what was paid. Cents."""

    granted: int
    agreed_base: int
    planned_expenses: int
    expenses: int
    accepted_expenses: int
    co_funding: int
    own_income: int
    paid: int


@dataclass(frozen=True)
class Balance:
    """`base` is the actual eligible base, `due` the grant that it earns, `shared` what others' money took off it."""

    base: int
    due: int
    shared: int
    paid: int

    @property
    def to_pay(self) -> int:
        return max(self.due - self.paid, 0)

    @property
    def to_give_back(self) -> int:
        return max(self.paid - self.due, 0)


def rounded(amount: Fraction) -> int:
    """To the cent, halves up."""
    return int((amount * 2 + 1) // 2)


def eligible(case: Case) -> int:
    """The actual eligible base: ineligible charges known from the start keep their share of the actual charges."""
    if case.planned_expenses > case.agreed_base:
        return rounded(Fraction(case.accepted_expenses * case.agreed_base, case.planned_expenses))
    return case.accepted_expenses


def settle(case: Case) -> Balance:
    """The balance of one agreement.

    >>> settle(Case(4_000_000, 10_000_000, 10_000_000, 8_800_000, 8_800_000, 4_800_000, 0, 2_800_000)).to_pay
    720000
    >>> settle(Case(4_000_000, 10_000_000, 10_000_000, 6_000_000, 6_000_000, 3_600_000, 0, 2_800_000)).to_give_back
    400000
    >>> settle(Case(4_000_000, 10_000_000, 10_000_000, 10_000_000, 10_000_000, 7_000_000, 0, 2_800_000)).to_pay
    836364
    >>> settle(Case(4_000_000, 10_000_000, 10_000_000, 10_000_000, 10_000_000, 6_000_000, 1_000_000, 2_800_000)).to_pay
    800000
    """
    base = eligible(case)
    earned = min(case.granted, rounded(Fraction(base * case.granted, case.agreed_base)))
    left = max(case.expenses - case.own_income, 0)
    due = earned
    if earned + case.co_funding > left:
        due = rounded(Fraction(earned * left, earned + case.co_funding))
    return Balance(base, due, earned - due, case.paid)
