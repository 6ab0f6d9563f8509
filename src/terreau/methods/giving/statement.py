"""A donor's year as its tax forms ask for it: 2069-RCI, the 2069-M-FC worksheet, the list above 10 000 €.

The forms take whole euros, halves upwards; the cents stay beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from terreau.methods.giving import parameters
from terreau.methods.giving.exercises import Settled, half_up
from terreau.methods.giving.ledger import Credit, Excess, total
from terreau.methods.giving.parameters import at


@dataclass(frozen=True)
class Gift:
    """One gift of the year: cents, its date, who received it, and the value of what came back."""

    amount: int
    on: date
    beneficiary: str
    beneficiary_siren: str = ""
    benefit: int = 0


@dataclass(frozen=True)
class Worksheet:
    """The 2069-M-FC in whole euros, line by line as it reads. It is kept, not filed.

    `excess_used`, `excess_left`, `credits_left` go by year of origin, oldest first.
    """

    gifts: int
    cap: int
    own: int
    excess_used: tuple[tuple[int, int], ...]
    base: int
    reduction: int
    imputed: int
    excess_left: tuple[tuple[int, int], ...]
    credits_left: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Statement:
    """`reduction` goes to the 2069-RCI, `add_back` to the tax result; `detail` is the list to declare, or empty."""

    reduction: int
    add_back: int
    worksheet: Worksheet
    detail: tuple[Gift, ...]


def detail_required(gifts: int, closed_on: date) -> bool:
    """Must the year's gifts be declared one by one? Strictly above the threshold, on the gifts of the year alone."""
    if closed_on < parameters.DETAIL_ABOVE[0].since:
        return False
    return gifts > at(parameters.DETAIL_ABOVE, closed_on).value


def whole_euros(cents: int) -> int:
    return half_up(Fraction(cents, 100))


def state(settled: Settled, gifts: Sequence[Gift]) -> Statement:
    """The statement of one settled year.

    ValueError where the gifts do not add up to those of the year: a statement that contradicts its receipts is worse
    than none.
    """
    exercise = settled.exercise
    if sum(gift.amount for gift in gifts) != exercise.gifts:
        raise ValueError("The gifts do not add up to those of the year.")
    listed = sorted(gifts, key=lambda gift: (gift.on, gift.beneficiary, gift.amount))
    worksheet = Worksheet(
        gifts=whole_euros(exercise.gifts),
        cap=whole_euros(settled.cap),
        own=whole_euros(settled.own),
        excess_used=_by_year(settled.excess_used),
        base=whole_euros(settled.base),
        reduction=whole_euros(settled.reduction),
        imputed=whole_euros(settled.imputed),
        excess_left=_by_year(settled.excesses),
        credits_left=_by_year(settled.credits),
    )
    detail = tuple(listed) if detail_required(exercise.gifts, exercise.closed_on) else ()
    return Statement(whole_euros(settled.reduction), whole_euros(exercise.gifts), worksheet, detail)


def _by_year(lines: Sequence[Excess] | Sequence[Credit]) -> tuple[tuple[int, int], ...]:
    """Year and whole euros."""
    years = sorted({line.year for line in lines})
    return tuple((year, whole_euros(total(line for line in lines if line.year == year))) for year in years)
