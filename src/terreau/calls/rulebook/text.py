"""Words and dates as people count and write them."""

import re
from datetime import date, datetime

GROUPED = re.compile(r"(?<=\d)[\u00a0\u202f ](?=\d{3}\b)")


def count_words(text: str) -> int:
    """Words as people count them: `l’eau` is one, `12 500` is one, a lone `:` or `–` is none."""
    return sum(any(c.isalnum() for c in word) for word in GROUPED.sub("", text).split())


def read_date(text: str) -> str | None:
    """ISO text from `2025-03-01`, `01/03/2025` or `1.3.2025`; None where it is no date."""
    text = text.strip()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    found = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text)
    if not found:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def is_date(value: object) -> bool:
    """Whether a value is the ISO text of a date (and not of a moment)."""
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        return datetime.strptime(value, "%Y-%m-%d").date().isoformat() == value  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return False
