"""Which places of a région have projects, and which have none."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from terreau.accounts.models import Organisation
from terreau.projects.lifecycle import FILED, State
from terreau.projects.models import Application
from terreau.territories.models import Level, Territory

COLUMN = {Level.DEPARTEMENT: "departement_id", Level.ZONE: "zone_id"}
CONTAINERS = ("epci_id", "departement_id", "region_id", "zone_id", "basins")


@dataclass(frozen=True)
class Place:
    """A département or a zone d'emploi, with the projects that mean to act there. Amounts are cents.

    A project of three départements counts whole in each.
    """

    territory: Territory
    files: int
    selected: int
    requested_cents: int


def coverage(applications: QuerySet[Application], regions: Collection[int], level: Level) -> list[Place]:
    """Every place of this level in these régions, empty ones included. Four queries whatever their number."""
    reached = touched(applications, level)
    known = {
        pk: (state, cents or 0)
        for pk, state, cents in _filed(applications).values_list("pk", "state", "requested_cents")
    }
    places = []
    for territory in _places(regions, level):
        files = [known[pk] for pk in reached.get(territory.pk, ()) if pk in known]
        selected = sum(state == State.SELECTED for state, _cents in files)
        places.append(Place(territory, len(files), selected, sum(cents for _state, cents in files)))
    return places


def _filed(applications: QuerySet[Application]) -> QuerySet[Application]:
    return applications.order_by().filter(state__in=FILED)


def _places(regions: Collection[int], level: Level) -> QuerySet[Territory]:
    here = Territory.objects.filter(level=level)
    if level == Level.DEPARTEMENT:
        return here.filter(region__in=regions).order_by("code")
    communes = Territory.objects.filter(level=Level.COMMUNE, region__in=regions)
    return here.filter(pk__in=communes.values(COLUMN[level])).order_by("name")


def touched(applications: QuerySet[Application], level: Level) -> dict[int, set[int]]:
    """For each place of the level, the applications whose territories reach into it."""
    found: dict[int, set[int]] = defaultdict(set)
    wide: dict[int, set[int]] = defaultdict(set)  # territories that only their communes can place
    rows = Application.territories.through.objects.filter(application__in=_filed(applications).values("pk"))
    columns = ("application_id", "territory_id", "territory__level", f"territory__{COLUMN[level]}")
    for application, territory, its_level, parent in rows.values_list(*columns):
        if its_level == level:
            found[territory].add(application)
        elif parent and its_level == Level.COMMUNE:
            found[parent].add(application)
        else:
            wide[territory].add(application)
    for *containers, place in _placed(wide, level):
        for container in containers:
            if place and container in wide:
                found[place] |= wide[container]
    return found


def _placed(wide: Collection[int], level: Level) -> Collection[tuple[int, ...]]:
    """Every combination of containers that a commune of these territories is in, with its place last."""
    if not wide:
        return ()
    inside = Q()
    for column in CONTAINERS:
        inside |= Q(**{f"{column.removesuffix('_id')}__in": wide})
    communes = Territory.objects.filter(inside, level=Level.COMMUNE)
    return communes.order_by().values_list(*CONTAINERS, COLUMN[level]).distinct()


def unplaced(applications: QuerySet[Application]) -> int:
    """Filed applications that name no territory at all."""
    return _filed(applications).filter(territories=None).count()


def directory(regions: Collection[int]) -> QuerySet[Organisation]:
    """The organisations whose seat is in these régions, with the number of files that they bring."""
    return (
        Organisation.objects.filter(commune__region__in=regions)
        .exclude(kind=Organisation.Kind.FUNDER)
        .select_related("commune")
        .annotate(files=Count("applications", filter=Q(applications__state__in=FILED)))
        .order_by("name", "pk")
    )
