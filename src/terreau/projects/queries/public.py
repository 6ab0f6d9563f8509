"""What anybody may read: announced selections and the figures of an edition. Never a document nor a contact."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from terreau.calls.lifecycle import State as CallState
from terreau.calls.models import Call, Version
from terreau.calls.rulebook import Rulebook
from terreau.projects.lifecycle import FILED, State
from terreau.projects.models import Application, Target, Theme
from terreau.projects.queries.listing import fold
from terreau.territories.models import Level, Territory

ANNOUNCED = Q(state=State.SELECTED, announced_at__isnull=False)


def selected() -> QuerySet[Application]:
    """The projects selected and announced, of calls that were opened."""
    return (
        Application.objects.filter(ANNOUNCED)
        .exclude(call__state=CallState.DRAFT)
        .select_related("call", "holder", "holder__commune", "region")
        .defer("call__summary")
        .order_by("-call__edition", "title", "pk")
    )


def matching(projects: QuerySet[Application], wanted: dict[str, Any]) -> QuerySet[Application]:
    """Narrow by `region` (code), `theme`, `public`, `kind`, `edition` and `text`; empty values narrow nothing."""
    if code := wanted.get("region"):
        shared = Application.regions.through.objects.filter(application_id=OuterRef("pk"), territory__code=code)
        projects = projects.filter(Q(region__code=code) | Exists(shared))
    if theme := wanted.get("theme"):
        projects = projects.filter(Exists(Theme.objects.filter(application=OuterRef("pk"), key=theme)))
    if public := wanted.get("public"):
        projects = projects.filter(Exists(Target.objects.filter(application=OuterRef("pk"), public=public)))
    if kind := wanted.get("kind"):
        projects = projects.filter(kind=kind)
    if edition := wanted.get("edition"):
        projects = projects.filter(call__edition=edition)
    return _saying(projects, str(wanted.get("text") or ""))


def _saying(projects: QuerySet[Application], text: str) -> QuerySet[Application]:
    """Every word of `text` in the title, the summary or the holder's name, accents aside; compared in memory."""
    words = fold(text).split()
    if not words:
        return projects
    texts = projects.order_by().values_list("pk", "title", "summary", "holder__name")
    kept = [pk for pk, *held in texts.iterator() if all(word in fold(" ".join(held)) for word in words)]
    return projects.filter(pk__in=kept)


def with_details(projects: QuerySet[Application]) -> QuerySet[Application]:
    """The same projects with their themes, publics, régions and territories, in four more queries."""
    by_name = Territory.objects.order_by("name")
    return projects.prefetch_related(
        "themes",
        Prefetch("targets", Target.objects.order_by("-expected", "pk")),
        Prefetch("regions", by_name),
        Prefetch("territories", by_name),
    )


def regions_of_projects() -> QuerySet[Territory]:
    """The régions that have an announced project, by name."""
    projects = Application.objects.filter(ANNOUNCED)
    return Territory.objects.filter(
        Q(pk__in=projects.values("region")) | Q(pk__in=projects.values("regions")), level=Level.REGION
    ).order_by("name")


def count_by_region(projects: QuerySet[Application]) -> list[tuple[str, str, int]]:
    """(code, name, number of projects) for each région of these projects, largest first."""
    rows = (
        projects.order_by()
        .filter(region__isnull=False)
        .values_list("region__code", "region__name")
        .annotate(n=Count("pk"))
    )
    return sorted(rows, key=lambda row: (-row[2], row[1]))


@dataclass(frozen=True)
class Place:
    """Where a project is drawn."""

    reference: str
    title: str
    latitude: float
    longitude: float


def places(projects: QuerySet[Application], limit: int = 500) -> list[Place]:
    """One point for each project, in two queries: its first territory that has a centre, else the holder's seat."""
    shown = (
        projects.only("pk", "reference", "title", "holder__commune__latitude", "holder__commune__longitude")
        .select_related(None)
        .select_related("holder__commune")
        .prefetch_related(Prefetch("territories", Territory.objects.exclude(latitude=None).order_by("-population")))
    )
    found = []
    for project in shown[:limit]:
        where = next(iter(project.territories.all()), project.holder.commune)
        if where is not None and where.latitude is not None and where.longitude is not None:
            found.append(Place(project.reference, project.title, where.latitude, where.longitude))
    return found


def rules_in_force(call_ids: Iterable[int]) -> dict[int, Rulebook]:
    """The newest published rules of each call, in one query: they hold the words of kinds, themes and publics."""
    found: dict[int, Rulebook] = {}
    published = Version.objects.filter(call__in=set(call_ids), published_at__lte=timezone.now())
    for version in published.order_by("call", "-number"):
        if version.call_id not in found:
            found[version.call_id] = version.rulebook
    return found


@dataclass
class Row:
    """One line of a table of an edition."""

    key: str
    label: str
    filed: int = 0
    selected: int = 0
    requested_cents: int = 0
    granted_cents: int = 0
    expected: int = 0

    def add(self, other: dict[str, Any]) -> None:
        """Count one group of files in."""
        for name in ("filed", "selected", "requested_cents", "granted_cents", "expected"):
            setattr(self, name, getattr(self, name) + (other.get(name) or 0))


@dataclass
class Figures:
    """The figures of an edition: `expected` are the participants of the selected projects."""

    total: Row
    regions: list[Row] = field(default_factory=list)
    kinds: list[Row] = field(default_factory=list)
    themes: list[Row] = field(default_factory=list)
    publics: list[Row] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        """Selected among filed."""
        return self.total.selected / self.total.filed if self.total.filed else None


COUNTS = {"filed": Count("pk", distinct=True), "selected": Count("pk", filter=ANNOUNCED, distinct=True)}
MONEY = {"requested_cents": Sum("requested_cents"), "granted_cents": Sum("granted_cents", filter=ANNOUNCED)}


def edition_figures(call: Call) -> Figures:
    """The figures of a call over the windows whose deadline has passed, in four queries whatever the numbers.

    A file counts once in each theme and each public it names: those columns may exceed the total.
    """
    closed = Q(window__isnull=True) | Q(window__deadline__lt=timezone.now())
    files = Application.objects.filter(closed, call=call, state__in=FILED).order_by()
    rules = call.rules
    place = files.values("region__code", "region__name", "kind").annotate(**COUNTS, **MONEY)
    groups: list[dict[str, Any]] = [
        {**g, "region__code": g["region__code"] or "", "region__name": g["region__name"] or ""} for g in place
    ]
    figures = Figures(Row("", ""))
    for group in groups:
        figures.total.add(group)
    names: dict[str, str] = {g["region__code"]: g["region__name"] for g in groups}
    figures.regions = _rows(groups, "region__code", lambda code: names[code])
    figures.kinds = _rows(groups, "kind", lambda key: rules.label("kinds", key))
    themes = files.filter(themes__isnull=False).values("themes__key").annotate(**COUNTS, **MONEY)
    figures.themes = _rows(themes, "themes__key", lambda key: rules.label("themes", key))
    people = Sum("targets__expected", filter=ANNOUNCED)
    publics = files.filter(targets__isnull=False).values("targets__public").annotate(**COUNTS, expected=people)
    figures.publics = _rows(publics, "targets__public", lambda key: rules.label("publics", key))
    figures.total.expected = sum(row.expected for row in figures.publics)
    return figures


def _rows(groups: Iterable[Any], key: str, label: Callable[[str], str]) -> list[Row]:
    """One row for each key, by number of files."""
    found: dict[str, Row] = {}
    for group in groups:
        value = group[key]
        found.setdefault(value, Row(value, label(value))).add(group)
    return sorted(found.values(), key=lambda row: (-row.filed, row.label))


def latest_edition() -> Call | None:
    """The newest call that has an announced selection."""
    announced = Application.objects.filter(ANNOUNCED, call=OuterRef("pk"))
    return (
        Call.objects.exclude(state=CallState.DRAFT)
        .filter(Exists(announced))
        .select_related("funder")
        .order_by("-edition", "-pk")
        .first()
    )
