"""Last year's rules, proposed for another year: the same dates at the same local time."""

from dataclasses import replace
from datetime import date, datetime, tzinfo

from terreau.calls.rulebook.parts import Rulebook, WindowRule


def shift_years(rules: Rulebook, years: int, zone: tzinfo) -> Rulebook:
    """Every date moved by whole years; 29 February becomes the 28th, midnight in Paris stays midnight in Paris."""
    windows = tuple(_window(w, years, zone) for w in rules.windows)
    at = rules.eligibility.age_at
    eligibility = replace(rules.eligibility, age_at=_year(at, years) if at else None)
    return replace(rules, windows=windows, eligibility=eligibility)


def _window(window: WindowRule, years: int, zone: tzinfo) -> WindowRule:
    return replace(
        window,
        opens_at=_moment(window.opens_at, years, zone),
        deadline=_moment(window.deadline, years, zone),
        committee_on=_year(window.committee_on, years) if window.committee_on else None,
    )


def _moment(moment: datetime, years: int, zone: tzinfo) -> datetime:
    local = moment.astimezone(zone)
    day = _year(local.date(), years)
    return datetime.combine(day, local.time(), zone)


def _year(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
