"""Which place, what is in it, and what it is in."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from terreau.territories.models import FormerCommune, Level, Outline, Source, Territory

PARENT = {  # the column of a commune that says which territory of this level it is in
    Level.EPCI: "epci",
    Level.DEPARTEMENT: "departement",
    Level.REGION: "region",
    Level.ZONE: "zone",
}


def with_parents() -> QuerySet[Territory]:
    return Territory.objects.select_related("epci", "departement", "region", "zone")


def by_code(level: str, code: str) -> Territory | None:
    return with_parents().filter(level=level, code=code).first()


def by_keys(keys: Iterable[str]) -> list[Territory]:
    """The territories named `level:code`, in the order given, each once; unknown ones are left out."""
    wanted = list(dict.fromkeys(keys))
    condition = Q(pk__in=())
    for key in wanted:
        level, _, code = key.partition(":")
        condition |= Q(level=level, code=code)
    found = {t.key: t for t in with_parents().filter(condition)}
    return [found[key] for key in wanted if key in found]


def current_commune(code: str) -> Territory | None:
    """The commune of today that has this code, or that took over the commune which had it."""
    code = code.strip().upper()
    found = with_parents().filter(level=Level.COMMUNE, code=code, current=True).first()
    if found:
        return found
    former = FormerCommune.objects.filter(code=code).first()
    return with_parents().get(pk=former.commune_id) if former else None


def communes_of(territory: Territory) -> QuerySet[Territory]:
    """The communes of a territory of any level; of a commune, itself."""
    communes = Territory.objects.filter(level=Level.COMMUNE)
    if territory.level == Level.COMMUNE:
        return communes.filter(pk=territory.pk)
    if territory.level == Level.BASIN:
        return communes.filter(basins=territory)
    return communes.filter(current=True, **{PARENT[Level(territory.level)]: territory})


def regions_of(territories: Iterable[Territory]) -> set[int]:
    """The régions that these territories touch, in one query however many there are."""
    found: set[int] = set()
    crossing: dict[str, set[int]] = {"epci": set(), "zone": set(), "basins": set()}
    column = {Level.EPCI: "epci", Level.ZONE: "zone", Level.BASIN: "basins"}
    for territory in territories:
        if territory.level == Level.REGION:
            found.add(territory.pk)
        elif territory.level in column:
            crossing[column[Level(territory.level)]].add(territory.pk)
        elif territory.region_id:
            found.add(territory.region_id)
    if any(crossing.values()):
        communes = Territory.objects.filter(level=Level.COMMUNE, current=True).filter(
            Q(epci__in=crossing["epci"]) | Q(zone__in=crossing["zone"]) | Q(basins__in=crossing["basins"])
        )
        found |= {pk for pk in communes.values_list("region_id", flat=True).distinct() if pk}
    return found


def inside(territory: Territory, level: str) -> QuerySet[Territory]:
    """The territories of a level that hold at least one commune of this one, the most populous first."""
    members = communes_of(territory)
    if level == Level.COMMUNE:
        return members.order_by("-population", "name")
    column = PARENT[Level(level)]
    return Territory.objects.filter(pk__in=members.values(f"{column}_id")).order_by("-population", "name")


def nearest(commune: Territory, limit: int = 8) -> list[Territory]:
    """The communes whose centres are nearest, within about twenty kilometres."""
    if commune.latitude is None or commune.longitude is None:
        return []
    reach = 0.2
    around = Territory.objects.filter(
        level=Level.COMMUNE,
        current=True,
        latitude__range=(commune.latitude - reach, commune.latitude + reach),
        longitude__range=(commune.longitude - 1.5 * reach, commune.longitude + 1.5 * reach),
    ).exclude(pk=commune.pk)
    latitude, longitude = commune.latitude, commune.longitude

    def distance(other: Territory) -> float:
        return ((other.latitude or 0) - latitude) ** 2 + (0.68 * ((other.longitude or 0) - longitude)) ** 2

    return sorted(around, key=distance)[:limit]


def outlines(territories: Iterable[Territory]) -> dict[int, str]:
    """The GeoJSON outline of each territory that has one."""
    found = Outline.objects.filter(territory__in=[t.pk for t in territories])
    return dict(found.values_list("territory_id", "geometry"))


def sources() -> list[Source]:
    """What is loaded, with its producer, vintage and licence."""
    return list(Source.objects.all())


MISSING = {  # source: what it brings, and the command that loads it
    "cog": ("communes, intercommunalités, départements, régions", "terreau data build"),
    "zones": ("zones d’emploi", "terreau data load DOSSIER"),
    "indicators": ("indicateurs territoriaux", "terreau data load DOSSIER"),
}


def missing() -> list[tuple[str, str]]:
    """What is not loaded, with the command that loads it."""
    loaded = set(Source.objects.values_list("key", flat=True))
    return [told for key, told in MISSING.items() if key not in loaded]
