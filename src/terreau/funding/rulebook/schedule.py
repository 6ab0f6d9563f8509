"""How a grant is paid out: a dated schedule, its shares in cents, its days, and what an amendment does to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from terreau.funding.rulebook.calendar import add_months

CONDITIONS = ("signature", "milestone", "final")
FICTIVE = "paramètre fictif"
type Part = tuple[str, int]  # condition, share in per cent


@dataclass(frozen=True)
class Terms:
    """The funder's schedule from one day on."""

    since: date
    parts: tuple[Part, ...]
    source: str


DEFAULT = Terms(date(2023, 1, 1), (("signature", 50), ("milestone", 30), ("final", 20)), FICTIVE)


@dataclass(frozen=True)
class Due:
    """One instalment to come. `settled`: released or paid already, so that nothing changes it."""

    condition: str
    cents: int
    on: date
    settled: bool = False


def check(parts: Sequence[Part]) -> list[str]:
    """The rules that a schedule breaks, as keys: `sum`, `share`, `condition`, `order`. Empty when it holds."""
    ranks = [CONDITIONS.index(condition) for condition, _share in parts if condition in CONDITIONS]
    tests = {
        "sum": sum(share for _condition, share in parts) == 100,
        "share": bool(parts) and all(0 < share <= 100 for _condition, share in parts),
        "condition": len(ranks) == len(parts),
        "order": ranks == sorted(ranks) and ranks.count(2) <= 1 and ranks.count(0) <= 1,
    }
    return [name for name, holds in tests.items() if not holds]


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Shares of an amount in proportion to weights, to the cent: rounded down, the last one takes the rest."""
    total = sum(weights)
    shares = [cents * weight // total for weight in weights[:-1]]
    return [*shares, cents - sum(shares)]


@dataclass(frozen=True)
class Period:
    """When a project runs, and when its final report is due."""

    starts_on: date
    ends_on: date
    report_months: int = 6

    @property
    def report_on(self) -> date:
        return add_months(self.ends_on, self.report_months)

    @property
    def months(self) -> int:
        """Both days included; a month begun counts."""
        after = self.ends_on + timedelta(days=1)
        whole = (after.year - self.starts_on.year) * 12 + after.month - self.starts_on.month
        return max(whole + (after.day > self.starts_on.day), 1)


def days(period: Period, conditions: Sequence[str]) -> list[date]:
    """The day of each part: the start; evenly between start and end for milestones; the final report's day."""
    steps = conditions.count("milestone") + 1
    span, met, found = (period.ends_on - period.starts_on).days, 0, []
    for condition in conditions:
        met += condition == "milestone"
        between = period.starts_on + timedelta(days=span * met // steps)
        found.append({"signature": period.starts_on, "final": period.report_on}.get(condition, between))
    return found


def drawn(cents: int, period: Period, parts: Sequence[Part]) -> tuple[Due, ...]:
    """The schedule of a grant. A part too small to be a cent is left out."""
    dates = days(period, [condition for condition, _share in parts])
    shares = split(cents, [share for _condition, share in parts])
    return tuple(
        Due(condition, share, on)
        for (condition, _share), share, on in zip(parts, shares, dates, strict=True)
        if share > 0
    )


class TooLow(ValueError):  # noqa: N818 - named after what happened
    """An amount below what was already released or paid."""


def redrawn(dues: Sequence[Due], cents: int, period: Period) -> tuple[Due, ...]:
    """The schedule after an amendment: settled instalments stay as they are, the rest follows the new amount and dates.

    What remains is shared among the instalments still to come in proportion to what they were (nothing for some where
    nothing remains); one more, due with the final report, takes a rise that comes after the last. TooLow where the new
    amount is below what is settled. The sum is always the new amount; the order is that of `dues`.
    """
    settled = sum(due.cents for due in dues if due.settled)
    rest = cents - settled
    if rest < 0:
        raise TooLow(settled)
    coming = [due for due in dues if not due.settled]
    if not coming:
        return (*dues, Due("final", rest, period.report_on)) if rest else tuple(dues)
    shares = iter(split(rest, [due.cents for due in coming]))
    dates = days(period, [due.condition for due in dues])
    return tuple(
        due if due.settled else Due(due.condition, next(shares), on) for due, on in zip(dues, dates, strict=True)
    )
