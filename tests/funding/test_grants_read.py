"""What others publish, as it is found: what is corrected and told, what is refused with column and reason."""

import os
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from terreau.cli.reading import open_table
from terreau.demo.identifiers import luhn, siret
from terreau.funding.rulebook import grants
from terreau.funding.rulebook.grants import scdl

SHARED = Path(os.environ.get("TERREAU_DATA") or "/nowhere").resolve().parent
GOOD = {
    "nomAttribuant": "Région Bretagne",
    "idAttribuant": siret(1),
    "dateConvention": "2017-06-27",
    "referenceDecision": "Z34507",
    "nomBeneficiaire": "Asso",
    "idBeneficiaire": siret(2),
    "rnaBeneficiaire": "",
    "objet": "Aide à l’embauche",
    "montant": "22000.80",
    "nature": "aide en numéraire",
    "conditionsVersement": "échelonné",
    "datesPeriodeVersement": "2017-12-14/2018-12-14",
    "idRAE": "",
    "notificationUE": "non",
    "pourcentageSubvention": "0.80",
    "dispositifAide": "",
}


def read(**changed):
    row = GOOD | changed
    return grants.reader(list(row)).read(list(row.values()))


def test_a_row_of_the_standard_needs_no_correction():
    reading = read()
    assert (reading.faults, reading.corrections) == ([], [])
    assert (reading.grant.cents, reading.grant.share) == (2_200_080, Decimal("0.80"))
    assert reading.grant.ends_on == date(2018, 12, 14)


@pytest.mark.parametrize(
    ("column", "text", "attribute", "value"),
    [
        ("datesPeriodeVersement", "2017-12-14_2018-12-14", "ends_on", date(2018, 12, 14)),
        ("datesPeriodeVersement", "du 17/10/2017 AU 05/03/2018", "ends_on", date(2018, 3, 5)),
        ("datesPeriodeVersement", "2018-02", "ends_on", date(2018, 2, 28)),
        ("datesPeriodeVersement", "43165", "starts_on", date(2018, 3, 6)),
        ("dateConvention", "27/06/2017", "signed_on", date(2017, 6, 27)),
        ("montant", "22 000,80 €", "cents", 2_200_080),
        ("montant", "22\u202f000,8", "cents", 2_200_080),
        ("nature", "numéraire", "kinds", (grants.CASH,)),
        ("nature", "Aide en nature, aide en numéraire", "kinds", (grants.IN_KIND, grants.CASH)),
        ("conditionsVersement", "ECHELONNE", "payment", grants.BY_INSTALMENTS),
        ("notificationUE", "NON", "notified", False),
        ("pourcentageSubvention", "80 %", "share", Decimal("0.8")),
        ("pourcentageSubvention", "0,8", "share", Decimal("0.8")),
    ],
)
def test_what_is_clear_is_corrected_and_told(column, text, attribute, value):
    reading = read(**{column: text})
    assert reading.faults == []
    assert {name for name, _what in reading.corrections} == {column}
    assert getattr(reading.grant, attribute) == value


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("nomAttribuant", " ", "manque"),
        ("idAttribuant", "353867203", "SIREN"),
        ("idAttribuant", "2,476E+13", "tableur"),
        ("idBeneficiaire", "73282932000079", "SIRET"),
        ("idBeneficiaire", "", "ni SIRET"),
        ("rnaBeneficiaire", "W12", "RNA"),
        ("dateConvention", "2018-04", "pas une date"),
        ("dateConvention", "2018-02-30", "date possible"),
        ("dateConvention", "0018-02-03", "siècle"),
        ("montant", "45,000", "ambigu"),
        ("montant", "-5", "négatif"),
        ("montant", "240 000 € (pour 3 ans)", "pas un montant"),
        ("nature", "prêt", "aide en nature"),
        ("datesPeriodeVersement", "2018-12-14/2017-12-14", "finit avant"),
        ("datesPeriodeVersement", "26/02/2018 AU", "pas une date"),
        ("notificationUE", "peut-être", "oui"),
        ("pourcentageSubvention", "0", "entre 0.01 et 1"),
    ],
)
def test_what_is_not_is_refused_with_its_column_and_reason(column, text, words):
    reading = read(**{column: text})
    assert reading.grant is None
    (fault,) = reading.faults
    assert fault.column == column
    assert words in fault.reason


def test_a_zero_lost_by_a_spreadsheet_comes_back():
    siren = "00588001" + luhn("00588001")
    whole = siren + "0001" + luhn(siren + "0001")
    reading = read(idBeneficiaire=whole.lstrip("0"))
    assert reading.grant.beneficiary.siret == whole
    assert reading.corrections == [("idBeneficiaire", "zéros de tête remis")]


def test_the_columns_say_which_version_and_what_is_missing():
    old = {name: text for name, text in GOOD.items() if name not in {"rnaBeneficiaire", "dispositifAide"}}
    assert grants.reader(list(old)).version == "1.1.0"
    assert grants.reader([h.upper() for h in GOOD]).remarks == ["noms de colonnes écrits dans une autre casse"]
    with pytest.raises(ValueError, match="montant, nature"):
        grants.reader([name for name in GOOD if name not in {"montant", "nature"}])
    assert grants.reader(["id", "structure", "montant"]) is None
    assert grants.reader(list(scdl.COLUMNS)).read(["x"]).faults[0].reason == "1 cellules au lieu de 16."


def read_file(path):
    table = open_table(path)
    reader = grants.reader(table.headers)
    return reader, [(line, reader.read(cells)) for line, cells in table.rows()]


@pytest.mark.data
def test_the_valid_example_of_the_older_standard_goes_in_whole():
    _reader, found = read_file(SHARED / "official" / "scdl" / "etalab-exemple-valide-1.1.csv")
    assert [r.grant.cents for _line, r in found] == [2_200_080, 550_020]
    assert {what for _line, r in found for _column, what in r.corrections} == {
        "séparateur « / » remis dans la période",
        "clé du SIRET fausse, gardé tel quel",
    }


@pytest.mark.data
def test_the_real_file_that_does_not_conform():
    """Thirty rows: one is clear, twenty-nine lack a day, an amount, an identifier or a period that nobody can guess."""
    reader, found = read_file(SHARED / "official" / "scdl" / "codah_2018_reel_non_conforme.csv")
    assert len(reader.remarks) == 4
    (good,) = [(line, r.grant) for line, r in found if r.grant]
    assert good[0] == 7
    assert (good[1].cents, good[1].signed_on, good[1].starts_on) == (45_000_000, date(2018, 1, 15), date(2018, 3, 6))
    assert all(r.faults for line, r in found if line != 7)
    columns = Counter(fault.column for _line, r in found for fault in r.faults)
    assert columns == {"DATECONVENTION": 20, "DATESPERIODEVERSEMENT": 16, "MONTANT": 3, "SIRET": 2}


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "good"),
    [("KeYdsAAF", 300), ("OiDBQAA3", 299), ("nO46WAAS", 298), ("zgyHZAAY", 154), ("KeYdsAAF-currency", 300)],
)
def test_the_real_grants_of_360giving(name, good):
    (path,) = (SHARED / "real" / "360giving").glob(f"*{name}.json")
    _reader, found = read_file(path)
    taken = [r.grant for _line, r in found if r.grant]
    assert len(taken) == good
    people = [g for g in taken if not g.beneficiary.id]
    assert {g.beneficiary.name for g in people} <= {"Personne aidée (nom non repris)"}
    assert {g.currency for g in taken} <= {"GBP", "USD"}
