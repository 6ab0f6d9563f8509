"""The ranking of a window: light rows, so that five thousand files sort in memory under constant queries."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Avg, Count, Max, Min, Q

from terreau.calls.models import Window
from terreau.projects.models import Theme
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Decision, Opinion
from terreau.selection.queries.committee import candidates


@dataclass(frozen=True)
class Ranked:
    """A file before the committee. Amounts are cents; `mean` and `spread` (highest less lowest) are of 100."""

    rank: int
    application_id: int
    reference: str
    title: str
    holder: str
    region_id: int | None
    region: str
    kind: str
    themes: tuple[str, ...]
    requested_cents: int
    mean: float | None
    reviews: int
    expected_reviews: int
    spread: float | None
    verdicts: tuple[str, ...]
    decision: Decision | None

    @property
    def outcome(self) -> str:
        return self.decision.outcome if self.decision else ""

    @property
    def proposed_cents(self) -> int | None:
        """What the committee proposes to grant; None where it does not select the file."""
        return self.decision.amount_cents if self.decision and self.decision.outcome == "selected" else None


COLUMNS = (
    "pk",
    "reference",
    "title",
    "holder__name",
    "region_id",
    "region__name",
    "kind",
    "requested_cents",
)


def ranking(window: Window) -> list[Ranked]:
    """Every file before the committee, best mean first, unread files last, ties by reference. Four queries."""
    done = Q(reviews__state=ReviewState.DONE)
    rows = list(
        candidates(window)
        .order_by()
        .values(*COLUMNS)
        .annotate(
            mean=Avg("reviews__total", filter=done),
            done=Count("reviews", filter=done),
            expected=Count("reviews", filter=~Q(reviews__state=ReviewState.RECUSED)),
            highest=Max("reviews__total", filter=done),
            lowest=Min("reviews__total", filter=done),
        )
        .values_list(*COLUMNS, "mean", "done", "expected", "highest", "lowest")
    )
    rows.sort(key=lambda row: (row[8] is None, -(row[8] or 0), row[1]))
    decisions = {d.application_id: d for d in Decision.objects.filter(committee__window=window)}
    themes, verdicts = _themes(window), _verdicts(window)
    return [
        Ranked(
            rank=number,
            application_id=row[0],
            reference=row[1],
            title=row[2],
            holder=row[3],
            region_id=row[4],
            region=row[5] or "",
            kind=row[6],
            themes=tuple(themes.get(row[0], ())),
            requested_cents=row[7] or 0,
            mean=row[8],
            reviews=row[9],
            expected_reviews=row[10],
            spread=row[11] - row[12] if row[9] else None,
            verdicts=tuple(verdicts.get(row[0], ())),
            decision=decisions.get(row[0]),
        )
        for number, row in enumerate(rows, 1)
    ]


def _themes(window: Window) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Theme.objects.filter(application__window=window).order_by("application", "key")
    for application, key in rows.values_list("application", "key"):
        found[application].append(key)
    return found


def _verdicts(window: Window) -> dict[int, list[str]]:
    """The rendered opinions of the delegates, by file."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Opinion.objects.filter(application__window=window, rendered_at__isnull=False).exclude(verdict="")
    for application, verdict in rows.order_by("rendered_at").values_list("application", "verdict"):
        found[application].append(verdict)
    return found
