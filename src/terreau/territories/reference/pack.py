"""Loads the data pack: zones d'emploi into the database, indicators into Parquet files read in place.

Everything is checked before anything is written; the database changes in one transaction, whose last act is to turn
the pointer to the new Parquet files. A load that fails leaves what was there.
"""

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import shapely
from django.db import transaction

from terreau.methods import cartography
from terreau.territories.models import Area, FormerCommune, Level, Outline, Territory
from terreau.territories.queries.indicators import folder
from terreau.territories.reference import store
from terreau.territories.reference.swap import turn

FILES = {  # what each file must hold
    "commune_ze_compact.csv": ("code", "ze2020"),
    "zones_emploi.csv": ("code", "nom", "region", "departement", "population", "lat", "lon"),
    "indicators.parquet": ("territory_type", "code", "indicator", "year", "period", "value", "unit", "source"),
    "indicators_catalog.csv": ("indicator", "label", "unit", "theme", "note", "additive", "quality"),
}
MOVEMENTS = "communes_mouvements.parquet"  # names of former communes; the load does without it
CORRECTIONS = {  # units that the catalogue gives wrongly: its own notes say how each is computed
    "part_emploi_industrie": "%",
    "specialisation_krugman_a38": "indice",
}
ROW_GROUP = 20_000  # small enough that one territory is read without the rest
Row = dict[str, str]


class BadPack(ValueError):  # noqa: N818 - named after what happened
    """The folder, a file or a column is not what it should be; nothing was written."""


def check(pack: Path) -> None:
    """Every file and every column, before anything is read."""
    if not pack.is_dir():
        raise BadPack(f"dossier introuvable : {pack}")
    missing = [name for name in FILES if not (pack / name).is_file()]
    if missing:
        raise BadPack(f"fichier absent de {pack} : {', '.join(missing)}")
    for name, columns in FILES.items():
        held = _columns(pack / name)
        lacking = [column for column in columns if column not in held]
        if lacking:
            raise BadPack(f"{name} : colonne absente : {', '.join(lacking)}")


def _columns(path: Path) -> list[str]:
    if path.suffix == ".csv":
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return next(csv.reader(file), [])
        except UnicodeDecodeError:
            raise BadPack(f"{path.name} : ce fichier n’est pas en UTF-8") from None
    try:
        rows = duckdb.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(path)}).fetchall()
    except duckdb.Error:
        raise BadPack(f"{path.name} : ce fichier n’est pas un Parquet lisible") from None
    return [row[0] for row in rows]


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_zones(pack: Path) -> tuple[list[Row], dict[str, str]]:
    """The zones, and the zone of each commune; every commune must be in a known zone."""
    zones = read_rows(pack / "zones_emploi.csv")
    codes = {zone["code"] for zone in zones}
    zone_of = {}
    for line, row in enumerate(read_rows(pack / "commune_ze_compact.csv"), start=2):
        if row["ze2020"] not in codes:
            raise BadPack(f"commune_ze_compact.csv, ligne {line} : zone d’emploi inconnue « {row['ze2020']} »")
        zone_of[row["code"]] = row["ze2020"]
    return zones, zone_of


def write_zones(zones: list[Row], zone_of: dict[str, str]) -> int:
    """The zones, the zone of each commune, and outlines by union. Returns how many communes have a zone."""
    regions, departements = store.ids(Level.REGION), store.ids(Level.DEPARTEMENT)
    rows = [
        Territory(
            level=Level.ZONE,
            code=zone["code"],
            name=zone["nom"],
            area=Area.DROM if zone["departement"].startswith("97") else Area.METROPOLE,
            population=round(float(zone["population"])) if zone["population"] else None,
            latitude=float(zone["lat"]) if zone["lat"] else None,
            longitude=float(zone["lon"]) if zone["lon"] else None,
            region_id=regions.get(zone["region"]),
            departement_id=departements.get(zone["departement"]),
        )
        for zone in zones
    ]
    known = store.upsert(Level.ZONE, rows, fields=["region", "departement"])
    members: dict[str, list[str]] = defaultdict(list)
    for commune, zone_code in zone_of.items():
        members[zone_code].append(commune)
    communes = Territory.objects.filter(level=Level.COMMUNE)
    return sum(communes.filter(code__in=codes).update(zone_id=known[z]) for z, codes in members.items())


def write_zone_outlines() -> None:
    """Each zone as the union of the outlines of its communes, simplified with its neighbours."""
    shapes: dict[int, list[Any]] = defaultdict(list)
    rows = Outline.objects.filter(territory__level=Level.COMMUNE, territory__zone__isnull=False)
    zones: list[Any] = []
    texts: list[str] = []
    for zone, text in rows.values_list("territory__zone_id", "geometry").iterator(chunk_size=5000):
        zones.append(zone)
        texts.append(text)
    for zone, shape in zip(zones, shapely.from_geojson(texts), strict=True):
        shapes[zone].append(shape)
    joined = cartography.simplify([cartography.union(some) for some in shapes.values()], 0.01)
    Outline.objects.filter(territory__level=Level.ZONE).delete()
    texts = shapely.to_geojson(joined).tolist() if joined else []
    Outline.objects.bulk_create(
        [Outline(territory_id=zone, geometry=text) for zone, text in zip(shapes, texts, strict=True)]
    )


def name_former_communes(pack: Path) -> None:
    """Names that the packages lack, where the file of movements has them."""
    if not (pack / MOVEMENTS).is_file():
        return
    sql = (
        "SELECT code_avant, arg_max(nom_avant, date_effet) FROM read_parquet($path) WHERE type_avant = 'COM' GROUP BY 1"
    )
    names = dict(duckdb.execute(sql, {"path": str(pack / MOVEMENTS)}).fetchall())
    unnamed = [former for former in FormerCommune.objects.filter(name="") if former.code in names]
    for former in unnamed:
        former.name = names[former.code][:120]
    FormerCommune.objects.bulk_update(unnamed, ["name"], batch_size=500)


def write_indicators(pack: Path) -> tuple[Path, int, str]:
    """Sorted copies in a new folder, not yet in use. Returns the folder, the number of values and the years."""
    draft = folder().parent / f"indicators-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    draft.mkdir(parents=True)
    values, catalogue = {"path": str(pack / "indicators.parquet")}, {"path": str(pack / "indicators_catalog.csv")}
    engine = duckdb.connect(":memory:", config={"threads": "2"})
    twice = (
        "SELECT count(*) - count(DISTINCT (territory_type, code, indicator, period)), count(*), min(year), max(year)"
        " FROM read_parquet($path)"
    )
    doubles, rows, first, last = engine.execute(twice, values).fetchone() or (0, 0, 0, 0)
    if doubles:
        shutil.rmtree(draft)
        raise BadPack(f"indicators.parquet : {doubles} valeurs en double (territoire, indicateur, période)")
    engine.execute(
        "CREATE TABLE v AS SELECT territory_type, code, indicator, period, value, source FROM read_parquet($path)"
        " WHERE value IS NOT NULL ORDER BY territory_type, code, indicator, period",
        values,
    )
    engine.execute(
        "CREATE TABLE c AS SELECT indicator, label, unit, theme, coalesce(note, '') AS note, quality,"
        " additive = 'True' AS additive FROM read_csv($path, all_varchar = true, header = true)",
        catalogue,
    )
    for key, unit in CORRECTIONS.items():
        engine.execute("UPDATE c SET unit = $unit WHERE indicator = $key", {"unit": unit, "key": key})
    options = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    for table, name in (("v", "values"), ("c", "catalogue")):
        engine.execute(f"COPY {table} TO '{draft / name}.parquet' {options}")
    return draft, rows, f"{first}-{last}"


def load(pack: Path, step: Callable[[str], None]) -> dict[str, int]:
    """Check, then write all of it or nothing."""
    step("vérification des fichiers")
    check(pack)
    zones, zone_of = read_zones(pack)
    if not Territory.objects.filter(level=Level.COMMUNE).exists():
        raise BadPack("les communes ne sont pas chargées : lancez d’abord « terreau data build »")
    step("indicateurs")
    draft, rows, years = write_indicators(pack)
    try:
        with transaction.atomic():
            step("zones d’emploi")
            communes = write_zones(zones, zone_of)
            write_zone_outlines()
            step("noms des anciennes communes")
            name_former_communes(pack)
            _write_sources(len(zones), rows, years)
            turn(draft, folder())
    except BaseException:
        if folder().resolve() != draft:
            shutil.rmtree(draft, ignore_errors=True)
        raise
    return {"zones": len(zones), "communes": communes, "values": rows}


def _write_sources(zones: int, rows: int, years: str) -> None:
    store.write_source(
        "zones",
        label="Zones d’emploi",
        producer="Insee",
        vintage="Zonage 2020, communes au 1er janvier 2026",
        licence="Licence Ouverte 2.0",
        origin="lot de données territoriales, commune_ze_compact.csv et zones_emploi.csv",
        rows=zones,
    )
    store.write_source(
        "indicators",
        label="Indicateurs territoriaux",
        producer="Insee, IGN, Etalab, France Travail, ANCT, Cerema",
        vintage=f"{years} selon l’indicateur",
        licence="Licence Ouverte 2.0",
        origin="lot de données territoriales, indicators.parquet",
        rows=rows,
    )
