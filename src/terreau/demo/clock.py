"""The clock of the demonstration: an edition of last year has to be played at its own dates.

Every action and every column reads `django.utils.timezone.now`; while `at` holds, it tells the moment wanted. One
process, one thread: nothing else runs while an edition is built.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment`."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour % 24, minute % 60), PARIS)
