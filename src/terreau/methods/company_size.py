"""The category of a firm (decree 2008-1354, article 3), judged for the enterprise, not for a legal unit of a group."""

from enum import StrEnum


class Size(StrEnum):
    """A microenterprise is also an SME in the decree; here each firm has its narrowest category."""

    MICRO = "micro"
    SME = "sme"
    MIDCAP = "midcap"
    LARGE = "large"


BOUNDS = (  # persons strictly under; turnover or balance sheet at most, cents
    (Size.MICRO, 10, 2_000_000_00, 2_000_000_00),
    (Size.SME, 250, 50_000_000_00, 43_000_000_00),
    (Size.MIDCAP, 5_000, 1_500_000_000_00, 2_000_000_000_00),
)


def size_of(persons: float, turnover: int | None = None, balance: int | None = None) -> Size:
    """Persons in annual work units of the last closed year; turnover and balance sheet in cents.

    Staff must be under its bound, and turnover *or* balance sheet within theirs. Where neither amount is known, staff
    alone decides.
    """
    for size, staff, most_turnover, most_balance in BOUNDS:
        unknown = turnover is None and balance is None
        within = (turnover is not None and turnover <= most_turnover) or (
            balance is not None and balance <= most_balance
        )
        if persons < staff and (unknown or within):
            return size
    return Size.LARGE
