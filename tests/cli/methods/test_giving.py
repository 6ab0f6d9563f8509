"""`terreau giving` over plain files: the columns of the contract, to the cent, and clear refusals."""

import csv
import json
import subprocess
import sys

import duckdb
import pytest
from openpyxl import Workbook, load_workbook

from terreau.cli.main import app

HEADERS = "year,cap,own,carried,base,reduction,imputed,excess_left,excess_expired,credit_left,credit_expired"
SERIES = "year,turnover,gifts\n2021,6000000,40000\n2022,6400000,25000\n2023,6000000,30000\n2024,7000000,20000\n"
SETTLED = f"""{HEADERS}
2021,30000.00,30000.00,0.00,30000.00,18000.00,18000.00,10000.00,0.00,0.00,0.00
2022,32000.00,25000.00,7000.00,32000.00,19200.00,19200.00,3000.00,0.00,0.00,0.00
2023,30000.00,30000.00,0.00,30000.00,18000.00,18000.00,3000.00,0.00,0.00,0.00
2024,35000.00,20000.00,3000.00,23000.00,13800.00,13800.00,0.00,0.00,0.00,0.00
"""


@pytest.fixture
def run(tmp_path, capsys):
    """Settles a text, or a file; the rows that came out on the screen."""

    def settle(content, *options):
        path = content
        if isinstance(content, str):
            path = tmp_path / "exercices.csv"
            path.write_text(content, encoding="utf-8")
        app(["giving", "--exercises", str(path), *map(str, options)], standalone_mode=False)
        return capsys.readouterr()

    return settle


def test_the_columns_on_the_screen(run):
    """T4, T5 and T5b."""
    assert run(SERIES).out == SETTLED


def test_tax_and_expiry_stand_in_their_row(run):
    """T6 and T9."""
    years = [(2020 + n, 3_000_000, gifts) for n, gifts in enumerate([50_000, *[18_000] * 5, 5_000])]
    told = run("year,turnover,gifts\n" + "".join(f"{y},{t},{g}\n" for y, t, g in years))
    rows = list(csv.DictReader(told.out.splitlines()))
    assert [(r["excess_left"], r["excess_expired"]) for r in rows[4:]] == [
        ("22000.00", "0.00"),
        ("0.00", "20000.00"),
        ("0.00", "0.00"),
    ]
    assert "2025 : 20\u202f000\u00a0€ d’excédent perdus" in told.err
    rows = list(
        csv.DictReader(run("year,turnover,gifts,tax\n2023,1e6,15000,4000\n2024,1e6,5000,6000\n").out.splitlines())
    )
    assert [(r["imputed"], r["credit_left"]) for r in rows] == [("4000.00", "5000.00"), ("6000.00", "2000.00")]


def test_french_headers_closing_dates_and_an_empty_tax(run):
    """T16; the next year takes up the excess, and an empty cell lets the reduction through."""
    text = (
        "Exercice;Chiffre d’affaires;Dons;Impôt;Clôture\n2020;1 500 000,00 €;12 000;;30/06/2020\n"
        "2021;1 500 000;0;500;2021-06-30\n"
    )
    rows = list(csv.DictReader(run(text).out.splitlines()))
    assert [list(row.values())[1:6] for row in rows] == [
        ["10000.00", "10000.00", "0.00", "10000.00", "6000.00"],
        ["20000.00", "0.00", "2000.00", "2000.00", "1200.00"],
    ]
    assert [(row["imputed"], row["credit_left"]) for row in rows] == [("6000.00", "0.00"), ("500.00", "700.00")]


def test_aid_gifts_stand_outside_the_threshold(run):
    """T8."""
    told = run("year,turnover,gifts,aid\n2025,1000000000,4000000,1000000\n")
    assert told.out.splitlines()[1].split(",")[5] == "2200000.00"
    assert "à déclarer un par un : 2025" in told.err


def test_every_format_in_and_out(run, tmp_path):
    book = Workbook()
    for line in SERIES.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(tmp_path / "e.xlsx")
    (tmp_path / "e.csv").write_text(SERIES)
    duckdb.sql(f"COPY (FROM '{tmp_path / 'e.csv'}') TO '{tmp_path / 'e.parquet'}'")
    for name in ("e.xlsx", "e.parquet"):
        assert run(tmp_path / name).out == SETTLED
    out, sheet, document = tmp_path / "out.csv", tmp_path / "out.xlsx", tmp_path / "all.json"
    assert run(SERIES, "-o", out, "--json", document).out == ""
    assert out.read_text() == SETTLED
    run(SERIES, "-o", sheet, "--excess-rate", "year")
    assert [cell.value for cell in load_workbook(sheet).active[3]][:6] == [2022, 32000, 25000, 7000, 32000, 19200]
    told = json.loads(document.read_text())["exercises"][1]
    assert told["excess_by_year"] == [{"year": 2021, "amount": 3000.0, "rate": 0.6}]
    assert (told["reduction"], told["closed"]) == (19200.0, "2022-12-31")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("year,turnover,gifts\n2021,1,1\n2023,1,1\n", "ligne 3, colonne « year » : chaque exercice suit le précédent"),
        ("year,turnover,gifts\n2021,1,1\n2021,1,1\n", "ligne 3, colonne « year » : chaque exercice suit le précédent"),
        ("year,turnover,gifts\n21,1,1\n", "« 21 » n’est pas une année"),
        ("year,turnover,gifts\n2001,1,1\n", "avant 2003"),
        ("year,turnover,gifts\n2021,1,-5\n", "ligne 2, colonne « gifts » : « -5 » est un montant négatif"),
        ("year,turnover,gifts\n2021,beaucoup,5\n", "« beaucoup » n’est pas un nombre"),
        ("year,turnover,gifts,tax\n2021,1,5,x\n", "ligne 2, colonne « tax »"),
        ("year,turnover,gifts\n2021,,5\n", "la cellule est vide"),
        ("year,turnover,gifts,closed\n2021,1,5,demain\n", "n’est pas une date"),
        ("year,turnover,gifts,closed\n2021,1,5,2022-06-30\n", "l’exercice 2021 n’est pas clos en 2022"),
        ("year,turnover,gifts,aid\n2021,1,5,6\n", "les dons d’aide dépassent"),
        ("year,turnover\n2021,1\n", "aucune colonne ne donne les dons"),
        ("year,turnover,gifts\n", "aucune ligne"),
    ],
)
def test_a_fault_is_told_by_its_line(run, text, told):
    with pytest.raises(ValueError, match=told):
        run(text)


def test_an_unknown_reading_of_the_law_is_refused(run):
    with pytest.raises(ValueError, match="origin ou year"):
        run(SERIES, "--excess-rate", "mine")


def test_bad_input_ends_in_one_line_and_code_2(tmp_path):
    command = [sys.executable, "-m", "terreau.cli", "giving", "--exercises", str(tmp_path / "nowhere.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
