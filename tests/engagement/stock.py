"""Small stock files in the official layout, a row being what it differs in from an ordinary open firm."""

import csv
import zipfile

import duckdb

from terreau.demo.sirene import PLACE, UNIT, column

FIRM = {"statutDiffusion": "O", "etatAdministratif": "A", "dateCreation": "2015-03-02", "categorieJuridique": "5710",
        "trancheEffectifs": "01", "anneeEffectifs": "2023", "categorieEntreprise": "PME",
        "anneeCategorieEntreprise": "2023", "activitePrincipale": "43.32A",
        "nomenclatureActivitePrincipale": "NAFRev2", "caractereEmployeur": "O"}  # fmt: skip
HEAD = {"statutDiffusion": "O", "etatAdministratif": "A", "dateDebut": "2015-03-02", "etablissementSiege": "true",
        "numeroVoie": "4", "typeVoie": "RUE", "libelleVoie": "DE LA GARE", "codePostal": "52000",
        "libelleCommune": "CHAUMONT", "codeCommune": "52121", "activitePrincipale": "43.32A",
        "nomenclatureActivitePrincipale": "NAFRev2"}  # fmt: skip
JOINER, CLOSED, HIDDEN, POST, CLUB = "732829320", "880878145", "200084952", "356000000", "449544444"
UNITS = [
    {"siren": JOINER, "denomination": "MENUISERIE DE L'ÉTÉ", "activitePrincipaleNAF25": "43.32Y"},
    {"siren": CLOSED, "denomination": "DISPARUE", "etatAdministratif": "C"},
    {"siren": HIDDEN, "statutDiffusion": "P", "nom": "[ND]", "prenom1": "[ND]", "categorieJuridique": "1000"},
    {"siren": POST, "denomination": "LA POSTE", "trancheEffectifs": "53", "categorieEntreprise": "GE"},
    {"siren": CLUB, "denomination": "LE CLUB", "categorieJuridique": "9220", "identifiantAssociation": "W2A1234567",
     "economieSocialeSolidaire": "O", "trancheEffectifs": "NN", "categorieEntreprise": ""},
]  # fmt: skip
PLACES = [
    {"siret": JOINER + "00074", "activitePrincipaleNAF25": "43.32Y", "complementAdresse": "BAT A"},
    {"siret": JOINER + "00082", "etatAdministratif": "F", "etablissementSiege": "false", "dateDebut": "2020-05-06"},
    {"siret": CLOSED + "00015"},
    {"siret": HIDDEN + "00015", "libelleVoie": "RUE SECRETE"},
    {"siret": POST + "00048", "codeCommune": "75115", "codePostal": "75015", "libelleCommune": "PARIS"},
    {"siret": POST + "49837", "etablissementSiege": "false", "enseigne1": "CHAUMONT PPDC"},
    {"siret": CLUB + "00010", "codeCommune": "52448", "activitePrincipale": "94.99Z"},
    {"siret": "11111111100010"},  # without its unit
]


def write(folder, ending, *, units=UNITS, places=PLACES):
    """Both files, `parquet`, `zip` or `csv`."""
    folder.mkdir(exist_ok=True)
    return [
        _file(folder / f"StockUniteLegale_utf8.{ending}", UNIT, "UniteLegale", [FIRM | row for row in units]),
        _file(folder / f"StockEtablissement_utf8.{ending}", PLACE, "Etablissement", [HEAD | row for row in places]),
    ]


def _file(path, names, level, rows):
    plain = path.with_suffix(".csv")
    with plain.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([column(name, level) for name in names])
        lines.writerows([[row.get(name, "") for name in names] for row in rows])
    if path.suffix == ".parquet":
        duckdb.execute(f"COPY (FROM read_csv('{plain}', all_varchar = true)) TO '{path}'")
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.write(plain, plain.name)
    return path
