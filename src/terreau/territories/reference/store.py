"""Writes the reference geography: each row is inserted or brought up to date, known by its level and code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from terreau.territories.models import FormerCommune, Level, Outline, PostalCode, Source, Territory
from terreau.territories.reference.packages import AREAS, Cog, Row
from terreau.territories.reference.shapes import Place, Places, middle

BATCH = 2000
IDENTITY = ["name", "area", "population", "latitude", "longitude", "approximate", "current"]
PARENTS = ["epci", "departement", "region"]
Ids = dict[str, int]


def ids(level: str) -> Ids:
    return dict(Territory.objects.filter(level=level).values_list("code", "pk"))


def upsert(level: str, rows: list[Territory], *, fields: Iterable[str]) -> Ids:
    """Write the rows of one level; those that the list no longer holds stay, marked as no longer current."""
    Territory.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["level", "code"],
        update_fields=[*IDENTITY, *fields],
    )
    known = ids(level)
    gone = known.keys() - {row.code for row in rows}
    for start in range(0, len(gone), BATCH):
        some = sorted(gone)[start : start + BATCH]
        Territory.objects.filter(level=level, code__in=some).update(current=False)
    return known


def territory(level: str, row: Row, place: Place | None, **more: Any) -> Territory:
    longitude, latitude = place[:2] if place else (None, None)
    made = Territory(level=level, code=row["code"], name=row["nom"], longitude=longitude, latitude=latitude)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def write_regions(cog: Cog, places: Mapping[str, Place], population: Mapping[str, int]) -> Ids:
    rows = [
        territory(Level.REGION, r, places.get(r["code"]), area=AREAS[r["zone"]], population=population.get(r["code"]))
        for r in cog.regions
    ]
    return upsert(Level.REGION, rows, fields=[])


def write_departements(cog: Cog, places: Mapping[str, Place], population: Mapping[str, int], regions: Ids) -> Ids:
    rows = [
        territory(
            Level.DEPARTEMENT,
            d,
            places.get(d["code"]),
            area=AREAS[d["zone"]],
            population=population.get(d["code"]),
            region_id=regions[d["region"]],
        )
        for d in cog.departements
    ]
    return upsert(Level.DEPARTEMENT, rows, fields=["region"])


def write_epcis(cog: Cog, places: Mapping[str, Place], departements: Ids, regions: Ids) -> Ids:
    rows = []
    for epci in cog.epcis:
        heart = cog.heart(m["code"] for m in epci["membres"])
        rows.append(
            territory(
                Level.EPCI,
                epci,
                places.get(epci["code"]),
                area=AREAS[heart["zone"]],
                population=epci.get("populationMunicipale"),
                departement_id=departements[heart["departement"]],
                region_id=regions[heart["region"]],
            )
        )
    return upsert(Level.EPCI, rows, fields=["departement", "region"])


def write_communes(cog: Cog, places: Mapping[str, Place], parents: tuple[Ids, Ids, Ids]) -> Ids:
    """The communes. One without a polygon stands in the middle of those that share its postal codes, and says so."""
    epcis, departements, regions = parents
    neighbours: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for commune in cog.communes:
        if place := places.get(commune["code"]):
            for postal in commune.get("codesPostaux", ()):
                neighbours[postal].append(place[:2])
    rows = []
    for c in cog.communes:
        row = territory(
            Level.COMMUNE,
            c,
            places.get(c["code"]),
            area=AREAS[c["zone"]],
            population=c.get("population"),
            epci_id=epcis.get(cog.epci_of.get(c["code"], "")),
            departement_id=departements[c["departement"]],
            region_id=regions[c["region"]],
        )
        if row.latitude is None and (near := middle(p for k in c.get("codesPostaux", ()) for p in neighbours[k])):
            row.longitude, row.latitude, row.approximate = *near, True
        rows.append(row)
    return upsert(Level.COMMUNE, rows, fields=PARENTS)


def write_codes(cog: Cog, communes: Ids) -> None:
    """Postal codes and former communes: nothing refers to them, so they are simply written again."""
    PostalCode.objects.all().delete()
    PostalCode.objects.bulk_create(
        [PostalCode(code=p, commune_id=communes[c["code"]]) for c in cog.communes for p in c.get("codesPostaux", ())],
        batch_size=BATCH,
    )
    FormerCommune.objects.all().delete()
    FormerCommune.objects.bulk_create(
        [FormerCommune(code=f.code, name=f.name, kind=f.kind, commune_id=communes[f.commune]) for f in cog.former()],
        batch_size=BATCH,
    )


def write_outlines(places: Mapping[str, Place], known: Ids) -> None:
    Outline.objects.bulk_create(
        [Outline(territory_id=known[code], geometry=place[2]) for code, place in places.items()],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["territory"],
        update_fields=["geometry"],
    )


def write(cog: Cog, places: Places) -> dict[str, Ids]:
    """Every level, parents first."""
    by_departement, by_region = cog.totals("departement"), cog.totals("region")
    regions = write_regions(cog, places[Level.REGION], by_region)
    departements = write_departements(cog, places[Level.DEPARTEMENT], by_departement, regions)
    epcis = write_epcis(cog, places[Level.EPCI], departements, regions)
    communes = write_communes(cog, places[Level.COMMUNE], (epcis, departements, regions))
    return {
        Level.REGION: regions,
        Level.DEPARTEMENT: departements,
        Level.EPCI: epcis,
        Level.COMMUNE: communes,
    }


def write_source(key: str, **facts: Any) -> None:
    Source.objects.update_or_create(key=key, defaults=facts)
