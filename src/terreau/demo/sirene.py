"""A synthetic Sirene stock in the official layout, as large as asked: invented by DuckDB but for its communes.

A unit and its establishments are drawn by hashes of the seed and of their number, from decks where each card stands as
often as it is likely: no generator runs, and a row is the same whatever the number of threads. The keys of the numbers
are right, the codes those of Insee; NAF 2025 is told where a published unit shows what the code of rév. 2 becomes.
"""

# ruff: noqa: S608, SIM905 - statements of our own words; columns read better as lists of words
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from terreau.demo.places import rows
from terreau.demo.words import fragments

UNIT = """
    siren statutDiffusion unitePurgee dateCreation sigle sexe prenom1 prenom2 prenom3 prenom4 prenomUsuel
    pseudonyme identifiantAssociation trancheEffectifs anneeEffectifs dateDernierTraitement nombrePeriodes
    categorieEntreprise anneeCategorieEntreprise dateDebut etatAdministratif nom nomUsage denomination
    denominationUsuelle1 denominationUsuelle2 denominationUsuelle3 categorieJuridique activitePrincipale
    nomenclatureActivitePrincipale nicSiege economieSocialeSolidaire caractereEmployeur activitePrincipaleNAF25
""".split()
PLACE = """
    siren nic siret statutDiffusion dateCreation trancheEffectifs anneeEffectifs
    activitePrincipaleRegistreMetiers dateDernierTraitement etablissementSiege nombrePeriodes complementAdresse
    numeroVoie indiceRepetition typeVoie libelleVoie codePostal libelleCommune libelleCommuneEtranger
    distributionSpeciale codeCommune codeCedex libelleCedex codePaysEtranger libellePaysEtranger
    complementAdresse2 numeroVoie2 indiceRepetition2 typeVoie2 libelleVoie2 codePostal2 libelleCommune2
    libelleCommuneEtranger2 distributionSpeciale2 codeCommune2 codeCedex2 libelleCedex2 codePaysEtranger2
    libellePaysEtranger2 dateDebut etatAdministratif enseigne1 enseigne2 enseigne3 denominationUsuelle
    activitePrincipale nomenclatureActivitePrincipale caractereEmployeur activitePrincipaleNAF25
""".split()
BARE = {"siren", "nic", "siret", "categorieEntreprise", "anneeCategorieEntreprise", "dateDebut", "etablissementSiege"}
SLOTS = 1 << 16
AROUND = "du Moulin, des Tilleuls, de la Gare, du Lac, de la Vallée, du Port, des Écoles, du Pont, des Halles, du Canal"
SOCIAL = "legal LIKE '92%'"  # an association

type Cells = dict[str, str]  # column of the layout, without its ending → SQL
type Deck = tuple[Mapping[str, Sequence[object]], Sequence[float]]  # columns of the cards; how likely each card is


@dataclass(frozen=True)
class Recipe:
    """units: legal units, numbered `i` from 0; places: establishments, the first of a unit being its head office.

    number: SQL of the first eight digits of SIREN `i`. Of a hundred units, `open` and `shown` are; of a hundred
    branches of an open unit, `stays` are open.
    """

    units: int
    places: int
    number: str
    seed: int = 0
    open: int = 62
    shown: int = 88
    stays: int = 89


def write(
    base: duckdb.DuckDBPyConnection,
    folder: Path,
    recipe: Recipe,
    *,
    towns: Deck,
    shapes: Deck,
    others: tuple[tuple[str, Cells], tuple[str, Cells]] | None = None,
    ending: str = "parquet",
) -> list[Path]:
    """The two files: `StockUniteLegale_utf8` and `StockEtablissement_utf8`, `.parquet` or `.zip` (CSV inside).

    towns: code, postal, town; shapes: legal, band, category. others: a relation with a column `siren` for each file,
    and its cells, that stand beside what is invented and in its place where the number is the same.
    """
    for name, deck in {"town": towns, "shape": shapes, "trade": _trades("trades"), "club": _trades("clubs")}.items():
        _deal(base, name, deck)
    paths = []
    made = zip((_units(recipe), _places(recipe)), (UNIT, PLACE), ("UniteLegale", "Etablissement"), strict=True)
    for rank, ((source, values), columns, level) in enumerate(made):
        chosen = f"SELECT {_cells(values, columns, level)} FROM ({source}) t"
        if others:
            theirs, cells = others[rank]
            chosen += f" WHERE lpad(number::VARCHAR, 9, '0') NOT IN (SELECT siren FROM {theirs})"
            chosen += f" UNION ALL SELECT {_cells(cells, columns, level)} FROM {theirs}"
        paths.append(_file(base, chosen, folder / f"Stock{level}_utf8.{ending}"))
    return paths


def column(name: str, level: str) -> str:
    return name if name in BARE else f"{name}{level}"


def _deal(base: duckdb.DuckDBPyConnection, name: str, deck: Deck) -> None:
    """A table of as many slots as a hash has values: each card in its share of them."""
    cards, weights = deck
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    chosen = np.searchsorted(bounds, (np.arange(SLOTS) + 0.5) / SLOTS * bounds[-1])
    columns = {key: np.array(values, dtype=object)[chosen] for key, values in cards.items()}
    base.register("dealt", {"slot": np.arange(SLOTS, dtype=np.uint64), **columns})
    base.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM dealt")
    base.unregister("dealt")


def _trades(table: str) -> Deck:
    """Activities with the names that go with them: {x} a family or a place, {f} a family."""
    listed = [
        (row["naf"], row["naf_2025"] or None, name, int(row["share"]) / len(names))
        for row in rows(table)
        for names in [row["names"].split("|")]
        for name in names
    ]
    nafs, later, called, shares = zip(*listed, strict=True)
    return {"naf": nafs, "naf_2025": later, "called": called}, shares


def _luhn(number: str, digits: int) -> str:
    """The key that follows a number of so many digits, as SQL."""
    terms = []
    for place in range(digits):
        digit = f"(({number}) // {10**place} % 10)"
        terms.append(f"2 * {digit} - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END" if place % 2 == 0 else digit)
    return f"((10 - ({' + '.join(terms)}) % 10) % 10)"


def _drawn(values: Sequence[str], salt: str) -> str:
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"([{listed}])[1 + ({salt} % {len(values)})::INTEGER]"


def _units(recipe: Recipe) -> tuple[str, Cells]:
    """One row a legal unit, and its cells. Of a unit that is not shown, Insee publishes codes alone."""

    def salt(word: str) -> str:
        return f"hash(i, '{recipe.seed} {word}')"

    people = fragments()["people"]
    family, first = (
        _drawn(people["families"], salt("family")),
        _drawn([*people["women"], *people["men"]], salt("first")),
    )
    around = f"CASE WHEN {salt('by')} % 3 = 0 THEN {_drawn(AROUND.split(', '), salt('around'))} ELSE {family} END"
    source = f"""
        SELECT i, number, legal, band, category, legal = '1000' AS is_person,
            CASE WHEN {SOCIAL} THEN club.naf ELSE trade.naf END AS activity,
            CASE WHEN {SOCIAL} THEN club.naf_2025 ELSE trade.naf_2025 END AS activity_2025,
            upper(strip_accents(replace(replace(CASE WHEN {SOCIAL} THEN club.called ELSE trade.called END,
                '{{x}}', {around}), '{{f}}', {family}))) AS name,
            upper(strip_accents({family})) AS family, upper(strip_accents({first})) AS first,
            DATE '1985-01-01' + ({salt("born")} % 15000)::INTEGER AS born,
            {salt("open")} % 100 < {recipe.open} AS is_open, {salt("shown")} % 100 < {recipe.shown} AS is_shown
        FROM (SELECT i, number * 10 + {_luhn("number", 8)} AS number
            FROM (SELECT i, {recipe.number} AS number FROM range({recipe.units}) t(i)))
        JOIN shape ON shape.slot = {salt("shape")} % {SLOTS}
        JOIN trade ON trade.slot = {salt("trade")} % {SLOTS}
        JOIN club ON club.slot = {salt("trade")} % {SLOTS}
    """
    told = f"name || CASE WHEN {SOCIAL} THEN ' (ASSOCIATION FICTIVE)' ELSE ' (ENTREPRISE FICTIVE)' END"
    rna = "'W00' || lpad((number // 10 % 10000000)::VARCHAR, 7, '0')"
    social = f"{SOCIAL} OR legal = '5458' OR {salt('social')} % 100 < 2"
    return source, _common() | {
        "dateCreation": "born",
        "prenom1": _seen("first", "is_person"),
        "prenomUsuel": _seen("first", "is_person"),
        "nom": _seen("family || ' (PERSONNE FICTIVE)'", "is_person"),
        "denomination": _seen(told, "NOT is_person"),
        "trancheEffectifs": "band",
        "anneeEffectifs": "CASE WHEN band <> 'NN' THEN '2023' END",
        "categorieEntreprise": "category",
        "anneeCategorieEntreprise": "CASE WHEN category IS NOT NULL THEN '2023' END",
        "etatAdministratif": "CASE WHEN is_open THEN 'A' ELSE 'C' END",
        "categorieJuridique": "legal",
        "identifiantAssociation": f"CASE WHEN legal = '9220' THEN {rna} END",
        "economieSocialeSolidaire": f"CASE WHEN {social} THEN 'O' ELSE 'N' END",
    }


def _places(recipe: Recipe) -> tuple[str, Cells]:
    """One row an establishment, and its cells."""
    units, source = recipe.units, _units(recipe)[0]

    def salt(word: str) -> str:
        return f"hash(i, k, '{recipe.seed} {word}')"

    streets = [street.replace("’", "'").split(" ", 1) for street in fragments()["people"]["streets"]]
    street = salt("street")
    joined = f"""
        SELECT unit.*, k, {_luhn("number * 10000 + k", 13)} AS key, code, postal, town,
            {salt("place")} % 100 < {recipe.stays} AS stays
        FROM (SELECT j % {units} AS i, 1 + j // {units} AS k FROM range({recipe.places}) t(j))
        JOIN ({source}) unit USING (i) JOIN town ON town.slot = {salt("town")} % {SLOTS}
    """
    return joined, _common() | {
        "nic": "lpad((k * 10 + key)::VARCHAR, 5, '0')",
        "siret": "lpad((number * 100000 + k * 10 + key)::VARCHAR, 14, '0')",
        "dateCreation": "born",
        "etablissementSiege": "(k = 1)",
        "numeroVoie": _seen(f"(1 + {salt('door')} % 90)::VARCHAR"),
        "typeVoie": _seen(f"upper({_drawn([kind for kind, _name in streets], street)})"),
        "libelleVoie": _seen(f"upper(strip_accents({_drawn([name for _kind, name in streets], street)}))"),
        "codePostal": "postal",
        "libelleCommune": "town",
        "codeCommune": "code",
        "dateDebut": f"born + (date_diff('day', born, DATE '2026-06-30') * ({salt('since')} % 100) // 100)::INTEGER",
        "etatAdministratif": "CASE WHEN is_open AND (k = 1 OR stays) THEN 'A' ELSE 'F' END",
        "enseigne1": _seen("name", "is_person"),
    }


def _common() -> Cells:
    return {
        "siren": "lpad(number::VARCHAR, 9, '0')",
        "statutDiffusion": "CASE WHEN is_shown THEN 'O' ELSE 'P' END",
        "activitePrincipale": "activity",
        "nomenclatureActivitePrincipale": "'NAFRev2'",
        "activitePrincipaleNAF25": "activity_2025",
        "caractereEmployeur": "CASE WHEN band = 'NN' THEN 'N' ELSE 'O' END",
    }


def _seen(value: str, where: str = "true") -> str:
    """What Insee writes in the place of what a person asked not to be shown."""
    return f"CASE WHEN {where} THEN CASE WHEN is_shown THEN {value} ELSE '[ND]' END END"


def _cells(values: Cells, columns: Sequence[str], level: str) -> str:
    return ", ".join(f"({values.get(name, 'NULL')})::VARCHAR AS {column(name, level)}" for name in columns)


def _file(base: duckdb.DuckDBPyConnection, chosen: str, path: Path) -> Path:
    kept = path if path.suffix == ".parquet" else path.with_suffix(".csv")
    base.execute(f"COPY ({chosen}) TO '{kept}' (FORMAT {kept.suffix[1:]})")
    if kept != path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.write(kept, kept.name)
        kept.unlink()
    return path
