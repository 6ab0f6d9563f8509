"""What the office looks at first: what awaits it, the funnel, and the money asked and granted by slice."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from terreau.projects.lifecycle import FILED, State
from terreau.projects.models import Application, Message, MissingRequest


@dataclass(frozen=True)
class Awaiting:
    """Files that wait for somebody of the office."""

    to_admit: int
    answered: int  # among `to_admit`: the holder has sent what was missing
    incomplete: int
    overdue: int  # among `incomplete`: the delay is over
    messages: int  # files whose last message comes from the holder


def awaiting(applications: QuerySet[Application], *, today: date) -> Awaiting:
    """One query."""
    asked = MissingRequest.objects.filter(application=OuterRef("pk"))
    last = Message.objects.filter(application=OuterRef("pk")).order_by("-id").values("from_office")[:1]
    counted = applications.order_by().aggregate(
        to_admit=Count("pk", filter=Q(state=State.SUBMITTED)),
        answered=Count("pk", filter=Q(state=State.SUBMITTED) & Q(Exists(asked.filter(answered_at__isnull=False)))),
        incomplete=Count("pk", filter=Q(state=State.INCOMPLETE)),
        overdue=Count(
            "pk",
            filter=Q(state=State.INCOMPLETE) & Q(Exists(asked.filter(answered_at=None, due_on__lt=today))),
        ),
    )
    waiting = applications.order_by().filter(messages__isnull=False).distinct().annotate(said=Subquery(last))
    return Awaiting(**counted, messages=waiting.filter(said=False).count())


def messages_awaiting(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Files whose last message comes from the holder, the longest wait first."""
    newest = Message.objects.filter(application=OuterRef("pk")).order_by("-id")
    asked = applications.annotate(
        said=Subquery(newest.values("from_office")[:1]), since=Subquery(newest.values("at")[:1])
    )
    return asked.filter(said=False).order_by("since")


def funnel(applications: QuerySet[Application]) -> dict[State, int]:
    """How many files stand in each state, in the order of the path; empty states included."""
    counted = dict(applications.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: counted.get(state, 0) for state in State if state in FILED or counted.get(state)}


@dataclass(frozen=True)
class Slice:
    """Files and money of one window, région, theme or kind. Amounts are cents."""

    key: str
    files: int
    requested_cents: int
    selected: int
    granted_cents: int


COLUMNS = {"window": "window_id", "region": "region__name", "theme": "themes__key", "kind": "kind"}


def money(applications: QuerySet[Application], by: str) -> list[Slice]:
    """Requested and granted by `window`, `region`, `theme` or `kind`, the largest request first.

    A file with two themes counts whole in both: the slices of themes add up to more than the total.
    """
    asked = Q(state__in=FILED)
    rows: Any = (
        applications.order_by()
        .filter(asked)
        .values(slice=F(COLUMNS[by]))
        .annotate(
            files=Count("pk"),
            requested=Sum("requested_cents"),
            selected=Count("pk", filter=Q(state=State.SELECTED)),
            granted=Sum("granted_cents", filter=Q(state=State.SELECTED)),
        )
    )
    found = [
        Slice(
            "" if r["slice"] is None else str(r["slice"]),
            r["files"],
            r["requested"] or 0,
            r["selected"],
            r["granted"] or 0,
        )
        for r in rows
    ]
    return sorted(found, key=lambda s: (-s.requested_cents, s.key))
