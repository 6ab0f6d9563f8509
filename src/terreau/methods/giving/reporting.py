"""The yearly return of a body that issues receipts: its period and its last day (CGI, art. 222 bis and 223)."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from terreau.methods.giving import parameters
from terreau.methods.giving.parameters import at

DAY = timedelta(days=1)


def period(closes_on: date) -> tuple[date, date]:
    """The twelve months that end with this closing."""
    first = _on(closes_on.year - 1, closes_on.month, closes_on.day)
    if closes_on.month == 2 and closes_on.day == monthrange(closes_on.year, 2)[1]:
        first = date(closes_on.year - 1, 2, monthrange(closes_on.year - 1, 2)[1])
    return first + DAY, closes_on


def due_on(closes_on: date) -> date:
    """The last day to file. NotInForce for a year closed before the obligation."""
    rule = at(parameters.REPORTING, closes_on).value
    if (closes_on.month, closes_on.day) == (12, 31):
        return next(islice(working_days(date(closes_on.year + 1, 5, 1)), rule.working_day - 1, None))
    months = closes_on.year * 12 + closes_on.month - 1 + rule.months
    return _on(months // 12, months % 12 + 1, closes_on.day)


def working_days(after: date) -> Iterator[date]:
    """Monday to Friday after this day, public holidays of May left out."""
    day = after
    while True:
        day += DAY
        holidays = {date(day.year, 5, 1), date(day.year, 5, 8), easter(day.year) + 39 * DAY}
        if day.weekday() < 5 and day not in holidays:
            yield day


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computation (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _on(year: int, month: int, day: int) -> date:
    """The day of that number, or the last of a shorter month."""
    return date(year, month, min(day, monthrange(year, month)[1]))
