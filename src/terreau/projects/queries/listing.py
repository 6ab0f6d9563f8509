"""The office's list of files: its filters, what each would leave, the rows that a page shows."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from terreau.calls.models import Call, Version, Window
from terreau.projects.lifecycle import State
from terreau.projects.models import Application, Target, Theme
from terreau.territories.models import Level, Territory

GROUPS = {"kind": "kinds", "theme": "themes", "public": "publics"}  # filter → where the rules keep its labels
KEYS = ("call", "window", "region", "kind", "theme", "public", "state")
SORTS: dict[str, list[Any]] = {
    "reference": ["reference"],
    "title": ["title"],
    "holder": ["holder__name"],
    "region": ["region__name"],
    "requested": [F("requested_cents").asc(nulls_last=True)],
    "-requested": [F("requested_cents").desc(nulls_last=True)],
    "state": ["state"],
    "submitted": [F("submitted_at").asc(nulls_last=True)],
    "-submitted": [F("submitted_at").desc(nulls_last=True)],
}
DEFAULT_SORT = "-submitted"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. Values of one filter add up, filters narrow each other."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    sort: str = DEFAULT_SORT

    def without(self, key: str) -> "Filters":
        return Filters({k: v for k, v in self.chosen.items() if k != key}, self.text, self.sort)


def read_filters(data: Any) -> Filters:
    """Filters from a query string (a QueryDict). Unknown keys and sorts are left aside, as a stale link deserves."""
    chosen = {key: tuple(dict.fromkeys(v for v in data.getlist(key) if v)) for key in KEYS}
    sort = data.get("sort", "")
    return Filters(
        {key: values for key, values in chosen.items() if values},
        data.get("q", "").strip()[:200],
        sort if sort in SORTS or sort.removeprefix("-") in SORTS else DEFAULT_SORT,
    )


def narrowed(applications: QuerySet[Application], filters: Filters) -> QuerySet[Application]:
    """The files that pass every filter; the text is for `searched`."""
    for key, values in filters.chosen.items():
        applications = applications.filter(_condition(key, values))
    return applications


def searched(applications: QuerySet[Application], text: str) -> QuerySet[Application]:
    """Files where every word is found in the number, the title or the holder's name, accents aside.

    Compared in memory: SQLite and PostgreSQL fold letters differently, and a few thousand short texts are cheap.
    """
    words = fold(text).split()
    if not words:
        return applications
    texts = applications.order_by().values_list("pk", "reference", "external_id", "title", "holder__name")
    return applications.filter(
        pk__in=[pk for pk, *held in texts.iterator() if all(w in fold(" ".join(map(str, held))) for w in words)]
    )


def ordered(applications: QuerySet[Application], sort: str) -> QuerySet[Application]:
    if sort not in SORTS:
        return applications.order_by(*(f"-{name}" for name in SORTS[sort.removeprefix("-")]), "-pk")
    return applications.order_by(*SORTS[sort], "-pk")


def rows(applications: QuerySet[Application]) -> QuerySet[Application]:
    """What a row shows, and nothing more: long texts stay in the database."""
    return applications.select_related("holder", "region", "window").only(
        "reference",
        "title",
        "kind",
        "state",
        "requested_cents",
        "granted_cents",
        "submitted_at",
        "holder__name",
        "region__name",
        "window__label",
    )


def _condition(key: str, values: Iterable[str]) -> Q:
    if key == "theme":
        return Q(Exists(Theme.objects.filter(application=OuterRef("pk"), key__in=values)))
    if key == "public":
        return Q(Exists(Target.objects.filter(application=OuterRef("pk"), public__in=values)))
    if key == "region":
        shared = Application.regions.through.objects.filter(
            application_id=OuterRef("pk"), territory__level=Level.REGION, territory__code__in=values
        )
        return Q(region__code__in=values) | Q(Exists(shared))
    if key in {"call", "window"}:
        return Q(**{f"{key}__in": [int(v) for v in values if v.isdecimal()]})
    return Q(**{f"{key}__in": values})


def fold(text: str) -> str:
    """Lower case without accents, as a person types it in a hurry."""
    text = text.casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@dataclass(frozen=True)
class Option:
    """One value of a filter, with the number of files that choosing it would leave."""

    value: str
    label: str
    count: int
    chosen: bool


def options(applications: QuerySet[Application], filters: Filters) -> dict[str, list[Option]]:
    """Every filter's values that exist in the scope, counted with the other filters applied: two queries a filter."""
    names = labels(applications)
    found = {}
    for key in KEYS:
        chosen = filters.chosen.get(key, ())
        others = filters.without(key)
        wanted = dict.fromkeys([*chosen, *_counts(applications, key)], 0) if filters.chosen else {}
        wanted |= _counts(narrowed(applications, others), key)
        order = {value: place for place, value in enumerate(names[key])}
        found[key] = [
            Option(value, names[key].get(value, value), wanted[value], value in chosen)
            for value in sorted(filter(None, wanted), key=partial(_place, order))
        ]
    return found


def _place(order: dict[str, int], value: str) -> tuple[int, str]:
    return order.get(value, len(order)), value


FACETS = {"region": "regions__code", "theme": "themes__key", "public": "targets__public"}


def _counts(applications: QuerySet[Application], key: str) -> dict[str, int]:
    column = FACETS.get(key, key)
    counted = applications.order_by().values_list(column).annotate(n=Count("pk", distinct=key in FACETS))
    return {str(value): n for value, n in counted if value is not None}


def labels(applications: QuerySet[Application]) -> dict[str, dict[str, str]]:
    """The words for every key that the list may show, in the order in which people expect them."""
    calls = Call.objects.filter(pk__in=applications.order_by().values("call"))
    windows = Window.objects.filter(call__in=calls).select_related("call").order_by("-call__edition", "deadline")
    regions = Territory.objects.filter(level=Level.REGION).values_list("code", "name")
    names = {
        "call": {str(c.pk): c.title for c in calls.only("title", "edition")},
        "window": {str(w.pk): f"{w.call.edition}, {w.label}" for w in windows},
        "region": dict(sorted(regions, key=lambda region: fold(region[1]))),
        "state": {str(s.value): str(s.label) for s in State},
    }
    return names | rule_labels(calls)


def rule_labels(calls: QuerySet[Call]) -> dict[str, dict[str, str]]:
    """Labels of kinds, themes and publics, from every published version; the newest wording wins."""
    versions = Version.objects.filter(call__in=calls, published_at__isnull=False).order_by("call__edition", "number")
    names: dict[str, dict[str, str]] = {key: {} for key in GROUPS}
    for lists in versions.values_list(*(f"content__{group}" for group in GROUPS.values())):
        for key, choices in zip(GROUPS, lists, strict=True):
            names[key] |= {choice["key"]: choice["label"] for choice in choices or []}
    return names
