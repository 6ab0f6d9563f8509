"""The synthetic stock: reserved numbers with right keys, a seed that fixes all of it, sizes and trades as in life."""

from collections import Counter

import duckdb
import pytest
from stdnum import luhn
from stdnum.fr import siret

from terreau.demo import sirene
from terreau.demo.builder.directory import SHAPES, recipe
from terreau.demo.identifiers import DIRECTORY

TOWNS = {"code": ["52121", "52448"], "postal": ["52000", "52100"], "town": ["CHAUMONT", "SAINT-DIZIER"]}, [1, 3]


def written(folder, number=2_000, seed=7):
    folder.mkdir(exist_ok=True)
    *cards, weights = zip(*SHAPES, strict=True)
    shapes = dict(zip(("legal", "band", "category"), cards, strict=True)), weights
    files = sirene.write(duckdb.connect(), folder, recipe(number, seed), towns=TOWNS, shapes=shapes)
    return [read(file) for file in files]


def read(file):
    told = duckdb.connect().execute("FROM read_parquet($file) ORDER BY ALL", {"file": str(file)})
    names = [column[0] for column in told.description]
    return [dict(zip(names, row, strict=True)) for row in told.fetchall()]


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    return written(tmp_path_factory.mktemp("stock"))


def test_numbers_are_reserved_right_and_given_once(stock):
    units, places = stock
    sirens, sirets = [row["siren"] for row in units], [row["siret"] for row in places]
    assert all(number.startswith("999") and luhn.is_valid(number) for number in sirens)
    assert all(siret.is_valid(number) for number in sirets)
    assert len(set(sirens)) == len(sirens)
    assert len(set(sirets)) == len(sirets) > len(sirens)
    assert {number[:9] for number in sirets} == set(sirens)
    assert all(any(first <= int(number[3:8]) < end for first, end in DIRECTORY) for number in sirens)


def test_the_largest_directory_holds_in_what_is_reserved():
    asked = recipe(60_000, 1)
    drawn = f"SELECT {asked.number} AS number FROM range({asked.units}) t(i)"
    last = duckdb.execute(f"SELECT max(number), count(DISTINCT number) FROM ({drawn})")
    assert last.fetchall() == [(99_900_000 + asked.units + 22_000 - 1, asked.units)]
    with pytest.raises(ValueError, match="do not hold"):
        recipe(70_000, 1)


def test_a_seed_fixes_everything(stock, tmp_path):
    assert written(tmp_path / "again") == stock
    assert written(tmp_path / "other", seed=8) != stock


def test_sizes_trades_and_states_are_spread_as_in_life(stock):
    units, places = [[short(row) for row in rows] for rows in stock]
    social = [row for row in units if row["categorieJuridique"] == "9220"]
    firms = [row for row in units if row["categorieJuridique"] != "9220"]
    open_and_shown = [row for row in firms if (row["statutDiffusion"], row["etatAdministratif"]) == ("O", "A")]
    assert len(open_and_shown) == pytest.approx(2_000, rel=0.05)
    assert 0.02 < sum(row["statutDiffusion"] == "P" for row in units) / len(units) < 0.08
    assert 0.04 < sum(row["etatAdministratif"] == "C" for row in units) / len(units) < 0.10
    assert 0.03 < len(social) / len(units) < 0.09
    assert {row["economieSocialeSolidaire"] for row in social} == {"O"}
    assert all(row["identifiantAssociation"].startswith("W00") for row in social)
    assert 0.85 < sum(row["trancheEffectifs"] in {"NN", "01", "02", "03"} for row in firms) / len(firms) < 0.97
    divisions = Counter(row["activitePrincipale"][:2] for row in firms)
    assert len(divisions) > 40
    assert divisions.most_common(1)[0][0] == "43"
    assert {bool(row["activitePrincipaleNAF25"]) for row in firms} == {True, False}
    towns = Counter(row["codeCommune"] for row in places)
    assert towns["52448"] / towns["52121"] == pytest.approx(3, rel=0.15)


def short(row):
    return {name.removesuffix("UniteLegale").removesuffix("Etablissement"): value for name, value in row.items()}


def test_names_say_that_they_are_invented_and_what_is_not_to_be_shown_is_not(stock):
    for unit in stock[0]:
        told = unit["denominationUniteLegale"] or unit["nomUniteLegale"]
        assert told == "[ND]" if unit["statutDiffusionUniteLegale"] == "P" else told.endswith("FICTIVE)")
        assert "{" not in told
    hidden = [place for place in stock[1] if place["statutDiffusionEtablissement"] == "P"]
    assert {place["libelleVoieEtablissement"] for place in hidden} == {"[ND]"}
