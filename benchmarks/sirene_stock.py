"""A synthetic Sirene stock in the official layout, as large as asked: made by DuckDB, invented throughout.

Real: commune and postal codes (drawn by population), the keys of the numbers, the codes of Insee. Shares after the
stock of 2026, in round figures: 55 % of establishments open, 12 % of them not to be shown, half of the units sole
traders, nine in ten without an employee. With --units, real legal units of the yearbook of firms are mixed in.

    .venv/bin/python benchmarks/sirene_stock.py 300000 --to DIR [--units unites_legales_annuaire.csv] [--csv]
"""

# ruff: noqa: SIM905 - columns and words read better as lists of words
import argparse
import csv
import json
import zipfile
from pathlib import Path

import duckdb
import numpy as np

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
CATEGORIES = ["1000"] * 50 + ["5499"] * 14 + ["5710"] * 15 + ["6540"] * 9 + ["9220"] * 8 + ["9110"] * 3 + ["7210"]
BANDS = ["NN"] * 90 + ["01"] * 5 + ["02", "03", "11", "12", "21"]
NAFS = (
    "01.11Z 10.71C 25.11Z 41.20A 43.22A 45.20A 46.90Z 47.11F 47.71Z 49.41A 55.10Z 56.10A 62.01Z 62.02A 66.22Z".split()
)
NAFS += "68.20A 69.20Z 70.22Z 71.12B 74.10Z 81.21Z 85.59A 86.90D 88.10A 90.01Z 93.12Z 94.99Z 95.11Z 96.02A".split()
WORDS = "ATELIER MAISON TRANSPORTS BOULANGERIE GARAGE CONSEIL JARDINS CHARPENTE NUMERIQUE FORGE MENUISERIE CAVE".split()
PLACES_WORDS = "DU NORD, DES ALPES, DE LA VALLEE, DU PORT, DES TILLEULS, DU MOULIN, DE LA GARE, DU LAC".split(", ")
STREETS = "DE LA GARE, DES TILLEULS, VICTOR HUGO, DU MOULIN, DE VERDUN, JEAN JAURES, DE LA PAIX".split(", ")
SLOTS = 1 << 16


def column(name, level):
    return name if name in BARE else f"{name}{level}"


def luhn(number, digits):
    """The key that follows a number of so many digits, as SQL."""
    terms = []
    for place in range(digits):
        digit = f"(({number}) // {10**place} % 10)"
        terms.append(f"2 * {digit} - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END" if place % 2 == 0 else digit)
    return f"((10 - ({' + '.join(terms)}) % 10) % 10)"


def drawn(values, salt):
    listed = ", ".join(f"'{value}'" for value in values)
    return f"([{listed}])[1 + (hash(i, '{salt}') % {len(values)})::INTEGER]"


def towns(base, package, seed=0):
    """A table of places to draw from, each commune as often as its people make it likely."""
    communes = [
        c for c in json.loads(Path(package).read_text()) if c["type"] == "commune-actuelle" and c.get("codesPostaux")
    ]
    weights = np.array([c.get("population", 0) + 1 for c in communes], dtype=float)
    chosen = np.random.default_rng(seed).choice(len(communes), SLOTS, p=weights / weights.sum())
    base.register("slots", {
        "slot": np.arange(SLOTS, dtype=np.uint64),
        "code": np.array([communes[k]["code"] for k in chosen], dtype=object),
        "postal": np.array([communes[k]["codesPostaux"][0] for k in chosen], dtype=object),
        "town": np.array([communes[k]["nom"].upper() for k in chosen], dtype=object),
    })  # fmt: skip
    base.execute("CREATE TEMP TABLE town AS SELECT * FROM slots")


def statements(count):
    """What the two files select, for `count` establishments of some two thirds as many units."""
    units = max(count * 2 // 3, 1)
    number = f"(10000000 + i * {80_000_000 // units})"
    key = f"({number} * 10 + {luhn(number, 8)})"
    unit = f"""
        SELECT *, {drawn(CATEGORIES, "category")} AS legal, {drawn(BANDS, "band")} AS band, {drawn(NAFS, "naf")} AS naf,
            hash(i, 'open') % 100 < 62 AS is_open, hash(i, 'shown') % 100 < 88 AS is_shown
        FROM (SELECT i, {key} AS number FROM range({units}) t(i))
    """
    place = f"""
        SELECT unit.*, k, {luhn("number * 10000 + k", 13)} AS key, code, postal, town,
            hash(i, k, 'place') % 100 < 89 AS stays
        FROM (SELECT j % {units} AS i, 1 + j // {units} AS k FROM range({count}) t(j))
        JOIN ({unit}) unit USING (i) JOIN town ON town.slot = hash(i, k, 'town') % {SLOTS}
    """
    person, hidden = "legal = '1000'", "NOT is_shown"
    name = f"concat_ws(' ', {drawn(WORDS, 'word')}, {drawn(PLACES_WORDS, 'where')}, i)"
    of_unit = {
        "siren": "lpad(number::VARCHAR, 9, '0')",
        "statutDiffusion": f"CASE WHEN {hidden} THEN 'P' ELSE 'O' END",
        "dateCreation": "(DATE '1985-01-01' + (hash(i, 'born') % 15000)::INTEGER)",
        "prenom1": f"CASE WHEN {person} THEN CASE WHEN {hidden} THEN '[ND]' ELSE 'CAMILLE' END END",
        "prenomUsuel": f"CASE WHEN {person} THEN CASE WHEN {hidden} THEN '[ND]' ELSE 'CAMILLE' END END",
        "nom": f"CASE WHEN {person} THEN CASE WHEN {hidden} THEN '[ND]' ELSE 'FICTIF' || i END END",
        "denomination": f"CASE WHEN NOT ({person}) THEN CASE WHEN {hidden} THEN '[ND]' ELSE {name} END END",
        "trancheEffectifs": "band",
        "anneeEffectifs": "CASE WHEN band <> 'NN' THEN '2023' END",
        "categorieEntreprise": "CASE WHEN legal NOT IN ('6540', '9110') THEN 'PME' END",
        "anneeCategorieEntreprise": "CASE WHEN legal NOT IN ('6540', '9110') THEN '2023' END",
        "etatAdministratif": "CASE WHEN is_open THEN 'A' ELSE 'C' END",
        "categorieJuridique": "legal",
        "activitePrincipale": "naf",
        "nomenclatureActivitePrincipale": "'NAFRev2'",
        "identifiantAssociation": "CASE WHEN legal = '9220' THEN 'W' || lpad((i % 1000000000)::VARCHAR, 9, '0') END",
        "economieSocialeSolidaire": "CASE WHEN legal = '9220' THEN 'O' ELSE 'N' END",
        "caractereEmployeur": "CASE WHEN band = 'NN' THEN 'N' ELSE 'O' END",
    }
    of_place = {
        "siren": "lpad(number::VARCHAR, 9, '0')",
        "nic": "lpad((k * 10 + key)::VARCHAR, 5, '0')",
        "siret": "lpad((number * 100000 + k * 10 + key)::VARCHAR, 14, '0')",
        "statutDiffusion": f"CASE WHEN {hidden} THEN 'P' ELSE 'O' END",
        "etablissementSiege": "(k = 1)",
        "numeroVoie": f"CASE WHEN {hidden} THEN '[ND]' ELSE (1 + i % 90)::VARCHAR END",
        "typeVoie": f"CASE WHEN {hidden} THEN '[ND]' ELSE 'RUE' END",
        "libelleVoie": f"CASE WHEN {hidden} THEN '[ND]' ELSE {drawn(STREETS, 'street')} END",
        "codePostal": "postal",
        "libelleCommune": "town",
        "codeCommune": "code",
        "dateDebut": "(DATE '2000-01-01' + (hash(i, 'since') % 9000)::INTEGER)",
        "etatAdministratif": "CASE WHEN is_open AND stays THEN 'A' ELSE 'F' END",
        "activitePrincipale": "naf",
        "nomenclatureActivitePrincipale": "'NAFRev2'",
        "caractereEmployeur": "CASE WHEN band = 'NN' THEN 'N' ELSE 'O' END",
    }
    return (unit, of_unit, UNIT, "UniteLegale"), (place, of_place, PLACE, "Etablissement")


def real(units):
    """Columns of the two layouts from the yearbook of firms, one head office a unit."""
    source = f"read_csv('{units}', all_varchar = true, header = true)"
    naf = {
        "activitePrincipale": "activite_principale",
        "nomenclatureActivitePrincipale": "CASE WHEN length(activite_principale) = 6 THEN 'NAFRev2' ELSE 'NAF1993' END",
        "activitePrincipaleNAF25": "activite_principale_naf25",
        "statutDiffusion": "'O'",
        "siren": "siren",
    }
    of_unit = naf | {
        "dateCreation": "date_creation",
        "denomination": "denomination",
        "sigle": "sigle",
        "trancheEffectifs": "tranche_effectif",
        "anneeEffectifs": "annee_effectif",
        "categorieEntreprise": "categorie_entreprise",
        "anneeCategorieEntreprise": "CASE WHEN categorie_entreprise IS NOT NULL THEN '2023' END",
        "etatAdministratif": "etat",
        "categorieJuridique": "categorie_juridique",
        "nicSiege": "siret_siege[10:]",
        "identifiantAssociation": "identifiant_association",
        "economieSocialeSolidaire": "CASE est_ess WHEN 'True' THEN 'O' ELSE 'N' END",
    }
    of_place = naf | {
        "siret": "siret_siege",
        "nic": "siret_siege[10:]",
        "etablissementSiege": "true",
        "codePostal": "code_postal",
        "libelleCommune": "libelle_commune",
        "codeCommune": "code_commune",
        "dateDebut": "coalesce(date_fermeture, date_creation)",
        "etatAdministratif": "CASE etat WHEN 'A' THEN 'A' ELSE 'F' END",
    }
    return (source, of_unit), (source, of_place)


def write(folder, count, package, *, units=None, ending="parquet"):
    """The two files: `StockUniteLegale_utf8` and `StockEtablissement_utf8`, `.parquet` or `.zip` (CSV inside)."""
    base = duckdb.connect(
        config={"memory_limit": "3GB", "temp_directory": str(folder / "spill"), "preserve_insertion_order": "false"}
    )
    towns(base, package)
    paths = []
    for place, (source, values, columns, level) in enumerate(statements(count)):
        taken = (
            f"WHERE lpad(number::VARCHAR, 9, '0') NOT IN (SELECT siren FROM read_csv('{units}', all_varchar = true))"
        )
        chosen = f"SELECT {_cells(values, columns, level)} FROM ({source}) t {taken if units else ''}"
        if units:
            of_real, their = real(units)[place]
            chosen += f" UNION ALL SELECT {_cells(their, columns, level)} FROM {of_real}"
        path = folder / f"Stock{level}_utf8.{ending}"
        kept = path if ending == "parquet" else path.with_suffix(".csv")
        base.execute(f"COPY ({chosen}) TO '{kept}' (FORMAT {kept.suffix[1:]})")
        if kept != path:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
                packed.write(kept, kept.name)
            kept.unlink()
        paths.append(path)
    return paths


def _cells(values, columns, level):
    return ", ".join(f"({values.get(name, 'NULL')})::VARCHAR AS {column(name, level)}" for name in columns)


def compared(units, firm):
    """How many of the real units the directory tells rightly, and a line for each that it does not.

    Expected by a reading of its own: Insee's category, a PME of fewer than ten employees being a microenterprise.
    """
    small, large = {"NN", "00", "01", "02", "03"}, {"PME": "sme", "ETI": "midcap", "GE": "large"}
    right, wrong = 0, []
    with Path(units).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found, band = firm(row["siret_siege"]), row["tranche_effectif"]
            if row["etat"] != "A":
                told, expected = (found and found.is_open,), (False,)
            else:
                size = large.get(row["categorie_entreprise"], "")
                size = "micro" if band in small and size in {"", "sme"} else size
                expected = (
                    row["denomination"],
                    size,
                    row["activite_principale"],
                    commune_of_today(row["code_commune"]),
                )
                told = found and (found.name, found.size, found.naf, commune_of_today(found.commune))
            right += told == expected
            wrong += [] if told == expected else [f"{row['siret_siege']}: {told}, expected {expected}"]
    return right, wrong


def commune_of_today(code):
    """Paris, Lyon and Marseille as wholes: the yearbook has their districts."""
    district = {"751": "75056", "6938": "69123", "132": "13055"}
    return next((whole for start, whole in district.items() if code.startswith(start)), code)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("establishments", type=int)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--units", type=Path)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--communes", default="node_modules/@etalab/decoupage-administratif/data/communes.json")
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    told = write(
        asked.to, asked.establishments, asked.communes, units=asked.units, ending="zip" if asked.csv else "parquet"
    )
    for path in told:
        print(f"{path}: {path.stat().st_size / 1e6:,.0f} MB")
