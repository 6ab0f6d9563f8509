"""Insee's stock files become three Parquet files: what a SIRET answers, what it answers no more, who is in a commune.

`places`: open establishments whose unit agrees to be shown, with what is known of the unit, sorted by SIRET.
`silent`: closed ones, and those whose person asked Insee not to be shown (article A123-96 of the code of commerce):
the SIRET and why, nothing else. `basins`: the part of `places` that a list of a basin may show, sorted by commune.
"""

# ruff: noqa: S608 - the statements are made of our own words and of columns that were checked
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from terreau.engagement.reference import kinds, matching
from terreau.engagement.reference.files import BadFile, Layout, Source, checked, opened
from terreau.engagement.reference.making import Progress, Steps, loader, making, register_communes
from terreau.territories.models import FormerCommune, Level, Territory

UNITS = Layout(
    "StockUniteLegale",
    ("siren", "etatAdministratifUniteLegale"),
    (
        "statutDiffusionUniteLegale",
        "dateCreationUniteLegale",
        "prenom1UniteLegale",
        "prenomUsuelUniteLegale",
        "nomUniteLegale",
        "nomUsageUniteLegale",
        "denominationUniteLegale",
        "denominationUsuelle1UniteLegale",
        "categorieJuridiqueUniteLegale",
        "trancheEffectifsUniteLegale",
        "anneeEffectifsUniteLegale",
        "categorieEntreprise",
        "anneeCategorieEntreprise",
        "identifiantAssociationUniteLegale",
        "economieSocialeSolidaireUniteLegale",
        "caractereEmployeurUniteLegale",
    ),
)
ESTABLISHMENTS = Layout(
    "StockEtablissement",
    ("siret", "etatAdministratifEtablissement"),
    (
        "statutDiffusionEtablissement",
        "etablissementSiege",
        "dateDebut",
        "complementAdresseEtablissement",
        "numeroVoieEtablissement",
        "indiceRepetitionEtablissement",
        "typeVoieEtablissement",
        "libelleVoieEtablissement",
        "codePostalEtablissement",
        "libelleCommuneEtablissement",
        "codeCommuneEtablissement",
        "enseigne1Etablissement",
        "denominationUsuelleEtablissement",
        "activitePrincipaleEtablissement",
        "nomenclatureActivitePrincipaleEtablissement",
    ),
    ("activitePrincipaleNAF25Etablissement",),
)
SMALL, LARGE = 61_440, 122_880  # rows of a group: one of the small ones is read without the rest


@dataclass(frozen=True)
class Loaded:
    """What a load kept, and what it had to leave: establishments without a number or without their legal unit."""

    places: int
    closed: int
    hidden: int
    left: int
    firms: int


def load(paths: Sequence[Path], progress: Progress) -> Loaded:
    """Both stock files, in any order, all or nothing. BadFile, in one line, for what is wrong in them."""
    communes = communes_of_today()
    with making("companies") as draft, loader(draft / "work") as base:
        progress("lecture des en-têtes", 0.0)
        units, places = _both(paths, draft / "work")
        steps = Steps(base, progress)
        register_communes(base, communes.codes)
        steps.run("unités légales", 0.15, _units(units))
        steps.run("établissements", 0.25, _establishments(places))
        _judge(base)
        steps.run("établissements montrés", 0.15, SHOWN)
        steps.run("établissements fermés ou non diffusés", 0.05, SILENT)
        counts = _counted(base, units, places)
        base.execute("DROP TABLE unit; DROP TABLE establishment; CHECKPOINT")
        steps.run("tri par SIRET", 0.15, _copy("places", draft, "siret", SMALL))
        steps.run("tri des établissements fermés", 0.05, _copy("silent", draft, "siret", LARGE))
        listed = "kind <> 'other' AND commune <> ''"
        steps.run(
            "tri par commune", 0.15, _copy("basins", draft, "commune, size_rank DESC, name, siret", SMALL, listed)
        )
        progress("index des rapprochements", steps.done)
        firms = matching.write(base, draft, communes.places)
    progress("terminé", 1.0)
    return Loaded(**counts, firms=firms)


def _counted(base: duckdb.DuckDBPyConnection, units: Source, places: Source) -> dict[str, int]:
    """What was kept. BadFile where the two files hold nothing in common."""
    told = "SELECT (SELECT count(*) FROM place), count(*) FILTER (state = 'closed'), count(*) FILTER (state = 'hidden')"
    shown, closed, hidden = base.execute(f"{told} FROM silent").fetchall()[0]
    total = base.execute("SELECT count(*) FROM establishment").fetchall()[0][0]
    if not total:
        raise BadFile(f"{places.name} n’a aucune ligne sous l’en-tête.")
    if not shown + closed + hidden:
        raise BadFile(f"{units.name} et {places.name} ne vont pas ensemble : aucun SIRET n’a son unité légale.")
    twice = base.execute("SELECT siret FROM place GROUP BY siret HAVING count(*) > 1 ORDER BY siret LIMIT 1").fetchall()
    if twice:
        raise BadFile(f"{places.name} ou {units.name} : le SIRET {twice[0][0]:014} ou son SIREN y est deux fois.")
    return {"places": shown, "closed": closed, "hidden": hidden, "left": total - shown - closed - hidden}


def _both(paths: Sequence[Path], work: Path) -> tuple[Source, Source]:
    found: dict[str, Source] = {}
    for path in paths:
        source = opened(path, work)
        layout = checked(source, (UNITS, ESTABLISHMENTS))
        if layout.name in found:
            raise BadFile(f"deux fichiers {layout.name} : {found[layout.name].name} et {source.name}.")
        found[layout.name] = source
    for layout in (UNITS, ESTABLISHMENTS):
        if layout.name not in found:
            raise BadFile(f"il manque le fichier {layout.name} : les deux fichiers de stock se chargent ensemble.")
    return found[UNITS.name], found[ESTABLISHMENTS.name]


@dataclass(frozen=True)
class Communes:
    """Today's communes with their centre and zone; codes: every code that Insee writes → its commune of today."""

    places: dict[str, tuple[float | None, float | None, str]]
    codes: dict[str, str]


def communes_of_today() -> Communes:
    rows = Territory.objects.filter(level=Level.COMMUNE)
    told = rows.values_list("code", "latitude", "longitude", "zone__code")
    places = {code: (latitude, longitude, zone or "") for code, latitude, longitude, zone in told}
    if not places:
        raise BadFile("les communes ne sont pas chargées : lancez d’abord « terreau data build ».")
    codes = dict(FormerCommune.objects.values_list("code", "commune__code")) | {code: code for code in places}
    return Communes(places, codes)


def _units(source: Source) -> str:
    """One row a legal unit. `state`: shown, closed, or hidden; only of those shown is anything else ever used."""
    text = source.text
    person = (
        f"concat_ws(' ', coalesce({text('prenomUsuelUniteLegale')}, {text('prenom1UniteLegale')}),"
        f" coalesce({text('nomUsageUniteLegale')}, {text('nomUniteLegale')}))"
    )
    return f"""
        CREATE TABLE unit AS SELECT
            TRY_CAST({text("siren")} AS INTEGER) AS siren,
            CASE WHEN coalesce({text("etatAdministratifUniteLegale")}, '') <> 'A' THEN 'closed'
                 WHEN {text("statutDiffusionUniteLegale")} = 'O' THEN 'shown' ELSE 'hidden' END AS state,
            coalesce({text("denominationUniteLegale")}, nullif({person}, ''),
                {text("denominationUsuelle1UniteLegale")}, '') AS name,
            {text("categorieJuridiqueUniteLegale")} AS legal_category,
            {text("categorieEntreprise")} AS category,
            {text("trancheEffectifsUniteLegale")} AS band,
            {text("caractereEmployeurUniteLegale")} = 'O' AS employer,
            TRY_CAST(CASE WHEN {text("categorieEntreprise")} IS NULL THEN {text("anneeEffectifsUniteLegale")}
                ELSE {text("anneeCategorieEntreprise")} END AS SMALLINT) AS size_year,
            coalesce({text("economieSocialeSolidaireUniteLegale")} = 'O', false) AS is_sse,
            coalesce({text("identifiantAssociationUniteLegale")}, '') AS rna,
            TRY_CAST({text("dateCreationUniteLegale")} AS DATE) AS founded_on
        FROM {source.relation}
    """


def _establishments(source: Source) -> str:
    """One row an establishment; `commune` is that of today."""
    text = source.text
    street = ", ".join(
        text(f"{part}Etablissement") for part in ("numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie")
    )
    return f"""
        CREATE TABLE establishment AS SELECT
            TRY_CAST({text("siret")} AS BIGINT) AS siret,
            CASE WHEN coalesce({text("etatAdministratifEtablissement")}, '') <> 'A' THEN 'closed'
                 WHEN {text("statutDiffusionEtablissement")} = 'O' THEN 'shown' ELSE 'hidden' END AS state,
            TRY_CAST({text("dateDebut")} AS DATE) AS since,
            coalesce(lower({text("etablissementSiege")}) IN ('true', 't', '1'), false) AS is_seat,
            concat_ws(', ', {text("complementAdresseEtablissement")}, nullif(concat_ws(' ', {street}), '')) AS address,
            coalesce({text("codePostalEtablissement")}, '') AS postal_code,
            coalesce({text("libelleCommuneEtablissement")}, '') AS commune_name,
            coalesce(today, {text("codeCommuneEtablissement")}, '') AS commune,
            coalesce({text("enseigne1Etablissement")}, {text("denominationUsuelleEtablissement")}, '') AS sign,
            coalesce({text("activitePrincipaleEtablissement")}, '') AS naf,
            coalesce({text("nomenclatureActivitePrincipaleEtablissement")}, '') AS nomenclature,
            coalesce({text("activitePrincipaleNAF25Etablissement")}, '') AS naf_2025
        FROM {source.relation} LEFT JOIN commune_of ON code = {text("codeCommuneEtablissement")}
    """


def _judge(base: duckdb.DuckDBPyConnection) -> None:
    """What codes mean, by the one rule of `kinds`, for the combinations that the file has."""
    base.execute("CREATE TEMP TABLE kind_of (legal_category VARCHAR, kind VARCHAR)")
    categories = base.execute("SELECT DISTINCT coalesce(legal_category, '') FROM unit").fetchall()
    base.executemany("INSERT INTO kind_of VALUES (?, ?)", [(code, kinds.kind(code)) for (code,) in categories])
    base.execute("CREATE TEMP TABLE size_of (category VARCHAR, band VARCHAR, employer BOOLEAN, size VARCHAR, "
                 "size_rank UTINYINT, employs BOOLEAN)")  # fmt: skip
    rows = base.execute("SELECT DISTINCT category, band, employer FROM unit").fetchall()
    judged = [(*row, kinds.size(*row[:2], employs=row[2]), kinds.employs(*row[1:])) for row in rows]
    values = [(*row[:3], row[3], kinds.SIZES.index(row[3]), row[4]) for row in judged]
    base.executemany("INSERT INTO size_of VALUES (?, ?, ?, ?, ?, ?)", values)


SHOWN = """
    CREATE TABLE place AS SELECT
        siret, siret // 100000 AS siren, is_seat, name, sign, address, postal_code, commune_name, commune,
        naf, nomenclature, naf_2025, coalesce(unit.legal_category, '') AS legal_category, kind, size, size_rank,
        size_year, employs, is_sse, rna, founded_on
    FROM establishment
    JOIN unit ON unit.siren = siret // 100000 AND unit.state = 'shown'
    JOIN kind_of ON kind_of.legal_category = coalesce(unit.legal_category, '')
    JOIN size_of ON size_of.category IS NOT DISTINCT FROM unit.category
        AND size_of.band IS NOT DISTINCT FROM unit.band AND size_of.employer IS NOT DISTINCT FROM unit.employer
    WHERE establishment.state = 'shown'
"""
SILENT = """
    CREATE TABLE silent AS SELECT
        siret,
        CASE WHEN establishment.state = 'closed' OR unit.state = 'closed' THEN 'closed' ELSE 'hidden' END AS state,
        CASE WHEN establishment.state = 'closed' THEN since END AS since
    FROM establishment LEFT JOIN (SELECT siren, state FROM unit WHERE state <> 'shown') unit
        ON unit.siren = siret // 100000
    WHERE siret IS NOT NULL AND (establishment.state <> 'shown' OR unit.state IS NOT NULL)
"""


def _copy(table: str, draft: Path, order: str, rows: int, where: str = "true") -> str:
    kept = str(draft / f"{table}.parquet").replace("'", "''")
    source = "place" if table != "silent" else table
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows}"
    return f"COPY (SELECT * FROM {source} WHERE {where} ORDER BY {order}) TO '{kept}' ({options})"
