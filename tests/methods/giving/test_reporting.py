"""The yearly return of article 222 bis: its period and its last day, on dates that the calendar settles."""

from datetime import date

import pytest

from terreau.methods.giving.parameters import NotInForce
from terreau.methods.giving.reporting import due_on, easter, period


@pytest.mark.parametrize(
    ("closed", "due"),
    [
        (date(2025, 12, 31), date(2026, 5, 5)),  # 1 May is a Friday
        (date(2024, 12, 31), date(2025, 5, 5)),  # a Thursday: Friday 2, then Monday 5
        (date(2026, 12, 31), date(2027, 5, 4)),  # a Saturday
        (date(2034, 12, 31), date(2035, 5, 4)),  # a Tuesday, and Ascension on Thursday 3
        (date(2025, 6, 30), date(2025, 9, 30)),
        (date(2025, 8, 31), date(2025, 11, 30)),
        (date(2025, 11, 30), date(2026, 2, 28)),
    ],
)
def test_the_last_day_to_file(closed, due):
    assert due_on(closed) == due


def test_nothing_is_owed_before_the_law():
    with pytest.raises(NotInForce):
        due_on(date(2021, 6, 30))


def test_a_period_has_twelve_months():
    assert period(date(2025, 12, 31)) == (date(2025, 1, 1), date(2025, 12, 31))
    assert period(date(2025, 6, 30)) == (date(2024, 7, 1), date(2025, 6, 30))
    assert period(date(2024, 2, 29)) == (date(2023, 3, 1), date(2024, 2, 29))
    assert period(date(2025, 2, 28)) == (date(2024, 3, 1), date(2025, 2, 28))


def test_easter_falls_where_it_did():
    assert [easter(y) for y in (2024, 2025, 2026)] == [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5)]
