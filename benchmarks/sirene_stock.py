"""A synthetic Sirene stock in the official layout, as large as asked: made by DuckDB, invented throughout.

Real: commune and postal codes (drawn by population), the keys of the numbers, the codes of Insee. Shares after the
stock of 2026, in round figures: 55 % of establishments open, 12 % of them not to be shown, half of the units sole
traders, nine in ten without an employee. With --units, real legal units of the yearbook of firms are mixed in.

    .venv/bin/python benchmarks/sirene_stock.py 300000 --to DIR [--units unites_legales_annuaire.csv] [--csv]
"""

import argparse
import csv
import json
from pathlib import Path

import duckdb

from terreau.demo import sirene

CATEGORIES = {"1000": 50, "5499": 14, "5710": 15, "6540": 9, "9220": 8, "9110": 3, "7210": 1}
BANDS = {"NN": 90, "01": 5, "02": 1, "03": 1, "11": 1, "12": 1, "21": 1}
NO_CATEGORY = ("6540", "9110")


def towns(package):
    """Places to draw from, each commune as often as its people make it likely."""
    listed = json.loads(Path(package).read_text())
    communes = [one for one in listed if one["type"] == "commune-actuelle" and one.get("codesPostaux")]
    cards = {
        "code": [one["code"] for one in communes],
        "postal": [one["codesPostaux"][0] for one in communes],
        "town": [one["nom"].upper() for one in communes],
    }
    return cards, [one.get("population", 0) + 1 for one in communes]


def shapes():
    pairs = [(legal, band) for legal in CATEGORIES for band in BANDS]
    cards = {
        "legal": [legal for legal, _band in pairs],
        "band": [band for _legal, band in pairs],
        "category": [None if legal in NO_CATEGORY else "PME" for legal, _band in pairs],
    }
    return cards, [CATEGORIES[legal] * BANDS[band] for legal, band in pairs]


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
    """The two files, for `count` establishments of some two thirds as many units, and the real units beside them."""
    base = duckdb.connect(
        config={"memory_limit": "3GB", "temp_directory": str(folder / "spill"), "preserve_insertion_order": "false"}
    )
    invented = max(count * 2 // 3, 1)
    recipe = sirene.Recipe(invented, count, f"10000000 + i * {80_000_000 // invented}")
    others = real(units) if units else None
    return sirene.write(base, folder, recipe, towns=towns(package), shapes=shapes(), others=others, ending=ending)


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
