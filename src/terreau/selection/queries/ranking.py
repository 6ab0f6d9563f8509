"""The ranking of a window: light rows, so that five thousand files sort in memory under constant queries."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Avg, Count, Max, Min, Q

from terreau.calls.models import Window
from terreau.projects.models import Theme
from terreau.selection.lifecycle import Outcome, ReviewState
from terreau.selection.models import Decision, Opinion, Review
from terreau.selection.queries.committee import candidates


class Decided(NamedTuple):
    """What is proposed, or sealed, for one file."""

    outcome: str
    amount_cents: int | None
    reason: str


class Marks(NamedTuple):
    """The rendered readings of one file, of 100; `spread` is the highest less the lowest."""

    mean: float | None
    reviews: int
    expected_reviews: int
    spread: float | None


class Ranked(NamedTuple):
    """A file before the committee. Amounts are cents. A tuple: five thousand of them are made for one page."""

    rank: int
    application_id: int
    reference: str
    title: str
    holder: str
    region_id: int | None
    region: str
    kind: str
    requested_cents: int
    themes: tuple[str, ...]
    marks: Marks
    decision: Decided | None

    @property
    def mean(self) -> float | None:
        return self.marks.mean

    @property
    def reviews(self) -> int:
        return self.marks.reviews

    @property
    def expected_reviews(self) -> int:
        return self.marks.expected_reviews

    @property
    def spread(self) -> float | None:
        return self.marks.spread

    @property
    def outcome(self) -> str:
        return self.decision.outcome if self.decision else ""

    @property
    def proposed_cents(self) -> int | None:
        """What the committee proposes to grant; None where it does not select the file."""
        return self.decision.amount_cents if self.decision and self.decision.outcome == Outcome.SELECTED else None


COLUMNS = ("pk", "reference", "title", "holder__name", "region_id", "region__name", "kind", "requested_cents")
UNREAD = Marks(None, 0, 0, None)


def ranking(window: Window) -> list[Ranked]:
    """Every file before the committee, best mean first, unread files last, ties by reference. Five queries."""
    marks, themes, decisions = _marks(window), _themes(window), _decisions(window)
    files = list(candidates(window).order_by().values_list(*COLUMNS))
    files.sort(key=lambda file: _place(marks.get(file[0], UNREAD), file[1]))
    return [
        Ranked(
            number,
            pk,
            reference,
            title,
            holder,
            region_id,
            region or "",
            kind,
            requested or 0,
            tuple(sorted(themes.get(pk, ()))),
            marks.get(pk, UNREAD),
            decisions.get(pk),
        )
        for number, (pk, reference, title, holder, region_id, region, kind, requested) in enumerate(files, 1)
    ]


def _place(marks: Marks, reference: str) -> tuple[bool, float, str]:
    return marks.mean is None, -(marks.mean or 0.0), reference


def _marks(window: Window) -> dict[int, Marks]:
    """The readings of each file, recusals left out."""
    done = Q(state=ReviewState.DONE)
    reviews = Review.objects.filter(application__window=window).exclude(state=ReviewState.RECUSED)
    rows = (
        reviews.order_by()
        .values("application_id")
        .annotate(
            mean=Avg("total", filter=done),
            done=Count("pk", filter=done),
            asked=Count("pk"),
            highest=Max("total", filter=done),
            lowest=Min("total", filter=done),
        )
        .values_list("application_id", "mean", "done", "asked", "highest", "lowest")
    )
    return {
        application: Marks(mean, reviews, asked, highest - lowest if reviews else None)
        for application, mean, reviews, asked, highest, lowest in rows
    }


def _themes(window: Window) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Theme.objects.filter(application__window=window)
    for application, key in rows.values_list("application_id", "key"):
        found[application].append(key)
    return found


def verdicts(applications: Iterable[int]) -> dict[int, list[str]]:
    """The rendered opinions of the delegates on these files, oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Opinion.objects.filter(application__in=applications, rendered_at__isnull=False).exclude(verdict="")
    for application, verdict in rows.order_by("rendered_at").values_list("application_id", "verdict"):
        found[application].append(verdict)
    return found


def _decisions(window: Window) -> dict[int, Decided]:
    """The last word on each file: what follows a reserve stands in its place."""
    rows = Decision.objects.filter(committee__window=window).order_by("pk")
    return {
        application: Decided(outcome, amount, reason)
        for application, outcome, amount, reason in rows.values_list(
            "application_id", "outcome", "amount_cents", "reason"
        )
    }
