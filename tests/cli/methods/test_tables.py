"""Tables for the methods: what is read, in which spellings, how a fault is told, and files written whole."""

import json

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from terreau.cli.methods import tables
from terreau.cli.methods.writing import Sheet, check_outputs, save


def csv_file(folder, text, name="dossiers.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def column(folder, *cells, kind="euros"):
    """One column of a CSV file, read as amounts or numbers."""
    text = "id;x\n" + "".join(f'{n};"{cell}"\n' for n, cell in enumerate(cells))
    return getattr(tables.read(csv_file(folder, text)), kind)("x").tolist()


@pytest.mark.parametrize(
    ("cells", "cents"),
    [
        (["1 234,50", "12 000 €", "5"], [123_450, 1_200_000, 500]),
        (["1234.5", "12000"], [123_450, 1_200_000]),
        (["12.000", "1.500.000"], [1_200_000, 150_000_000]),
        (["12,000", "500"], [1_200_000, 50_000]),
        (["12,000.50", "7,000"], [1_200_050, 700_000]),
        (["12.000,50", "7.000"], [1_200_050, 700_000]),
        (["12.345", "7.5"], [1_234, 750]),
        (["3\u202f000,00\u00a0EUR"], [300_000]),
    ],
)
def test_amounts_are_read_in_french_and_in_english(tmp_path, cells, cents):
    assert column(tmp_path, *cells) == cents


@pytest.mark.parametrize(
    ("cells", "values"),
    [(["3,125", "4"], [3.125, 4]), (["3.125", "1e3"], [3.125, 1000]), (["85 %", "-2,5"], [85, -2.5])],
)
def test_other_numbers_keep_their_decimals(tmp_path, cells, values):
    assert column(tmp_path, *cells, kind="numbers") == values


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), st.sampled_from(["{:,.2f}", "french"]))
def test_an_amount_written_in_full_is_read_back(tmp_path_factory, amounts, form):
    shown = [f"{amount / 100:,.2f}" for amount in amounts]
    if form == "french":
        shown = [text.replace(",", " ").replace(".", ",") for text in shown]
    assert column(tmp_path_factory.mktemp("t"), *shown) == amounts


@pytest.mark.parametrize(
    ("read", "cell", "words"),
    [
        ("euros", "-5", "négatif"),
        ("euros", "", "vide"),
        ("euros", "beaucoup", "« beaucoup » n’est pas un nombre"),
        ("euros", "1e15", "trop grand"),
        ("numbers", "nan", "« nan » n’est pas un nombre"),
        ("numbers", "inf", "n’est pas un nombre"),
        ("names", "  ", "vide"),
        ("ids", "1", "« 1 » est déjà à la ligne 2"),
    ],
)
def test_a_fault_names_its_file_line_and_column(tmp_path, read, cell, words):
    table = tables.read(csv_file(tmp_path, f'id,x\na,1\nb,2\n"c\nd",3\ne,"{cell}"\nf,5\n'))
    with pytest.raises(ValueError, match=words) as told:
        getattr(table, read)("x")
    assert str(told.value).startswith("dossiers.csv, ligne 5, colonne « x » : ")
    assert "\n" not in str(told.value)


def test_several_faults_of_one_column_are_counted(tmp_path):
    table = tables.read(csv_file(tmp_path, "id,x\na,?\nb,2\nc,\nd,-\n"))
    with pytest.raises(ValueError, match=r"ligne 2.*et 2 autres lignes"):
        table.euros("x")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "id,montant\n", "aucune ligne"),
        ("a.csv", "", "vide"),
        ("a.csv", "id,montant\n1\n", "ligne 2 : 1 cellules au lieu de 2"),
        ("a.csv", "id,x,x\n1,2,3\n", "« x » est là deux fois"),
        ("a.ods", "x", "formats lus"),
        ("a.json", "{}", "formats lus"),
        ("a.parquet", "not parquet", "Parquet lisible"),
        ("a.xlsx", "not a book", "classeur"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, name, text, words):
    with pytest.raises(ValueError, match=words) as told:
        tables.read(csv_file(tmp_path, text, name))
    assert "\n" not in str(told.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ValueError, match="n’existe pas"):
        tables.read(tmp_path / "none.csv")


def test_csv_xlsx_and_parquet_give_the_same_columns(tmp_path):
    rows = [("a", 1234.567, "x; y;x"), ("b", 12000, None)]
    book = Workbook()
    book.active.append(["id", "montant", "thème"])
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    parquet = tmp_path / "t.parquet"
    made = "(VALUES ('a', 1234.567, ['x', 'y', 'x']), ('b', 12000, NULL)) t(id, montant, thème)"
    duckdb.connect().execute(f"COPY (SELECT * FROM {made}) TO '{parquet}' (FORMAT parquet)")
    plain = csv_file(tmp_path, "id;montant;thème\na;1234,567;x; y\nb;12000;\n".replace("x; y", '"x; y;x"'))
    for path in (plain, tmp_path / "t.xlsx", parquet):
        table = tables.read(path)
        assert table.ids("id") == ["a", "b"]
        assert table.numbers("montant").tolist() == [1234.567, 12000]
        assert table.values("thème") == [("x", "y"), ()]
        if path != plain:  # numbers kept as numbers leave no doubt
            assert table.euros("montant").tolist() == [123_457, 1_200_000]


def test_a_column_is_guessed_named_or_refused(tmp_path):
    table = tables.read(csv_file(tmp_path, "Référence,Montant demandé,Coût,Note\n1,2,3,4\n"))
    assert table.find("", ["reference"], "le dossier", "--id") == "Référence"
    assert table.find("cout", ["montant demande"], "le montant", "--amount") == "Coût"
    assert table.find_if_any("", ["sd"], "l’écart-type", "--sd") == ""
    with pytest.raises(ValueError, match=r"plusieurs colonnes.*« Montant demandé », « Coût ».*--amount"):
        table.find("", ["cout", "montant demande"], "le montant", "--amount")
    with pytest.raises(ValueError, match=r"aucune colonne ne donne l’écart-type.*--sd"):
        table.find("", ["sd"], "l’écart-type", "--sd")
    with pytest.raises(ValueError, match="colonne inconnue « region »"):
        table.named("region", "--at-least")


SHEET = Sheet(["id", "montant"], [("a", 12.5), ("=1+1", None)])


def test_a_table_is_written_in_three_forms(tmp_path):
    outputs = {tmp_path / f"o.{ending}": SHEET for ending in ("csv", "xlsx", "json")}
    save({**outputs, tmp_path / "free.json": {"n": np.int64(3), "x": np.float64(0.5)}})
    assert (tmp_path / "o.csv").read_text(encoding="utf-8") == "id,montant\na,12.5\n=1+1,\n"
    assert json.loads((tmp_path / "o.json").read_text())[0] == {"id": "a", "montant": 12.5}
    assert json.loads((tmp_path / "free.json").read_text()) == {"n": 3, "x": 0.5}
    cells = list(load_workbook(tmp_path / "o.xlsx").active.iter_rows())
    assert [[c.value for c in row] for row in cells] == [["id", "montant"], ["a", 12.5], ["=1+1", None]]
    assert cells[2][0].data_type == "s"


def test_all_files_are_written_or_none(tmp_path):
    (tmp_path / "kept.json").write_text("old")
    with pytest.raises(ValueError, match="JSON"):
        save({tmp_path / "kept.json": {"x": 1}, tmp_path / "other.csv": SHEET, tmp_path / "bad.json": {"x": np.inf}})
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]
    assert (tmp_path / "kept.json").read_text() == "old"


@pytest.mark.parametrize(
    ("name", "words"), [("o.txt", "écrivez un fichier"), ("no/o.csv", "n’existe pas"), ("in.csv", "déjà lu ou écrit")]
)
def test_an_output_that_cannot_be_is_refused_before_any_work(tmp_path, name, words):
    with pytest.raises(ValueError, match=words):
        check_outputs([tmp_path / "in.csv"], (tmp_path / name, (".csv", ".json")), (None, (".json",)))
