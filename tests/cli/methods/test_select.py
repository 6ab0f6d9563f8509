"""`terreau select`: the portfolio over plain files; what it refuses, in which words, with nothing written then."""

import csv
import json
import os
import re
import subprocess
import sys
from itertools import combinations

import pytest
from openpyxl import load_workbook

from terreau.cli import main as cli

HEADER = [
    "dossier",
    "titre",
    "montant demandé",
    "note",
    "région",
    "publics",
    "siret",
    "écart-type",
    "minimum",
    "places",
]
FILES = [
    ["D1", "Un", "40 000 €", "80", "Corse", "jeunes;seniors", "1", "5", "20 000", "10"],
    ["D2", "Deux", "30 000 €", "70", "Corse", "jeunes", "1", "5", "", "20"],
    ["D3", "Trois", "30 000 €", "65,5", "Bretagne", "seniors", "2", "5", "15 000", "30"],
    ["D4", "Quatre", "20 000 €", "50", "Bretagne", "", "3", "5", "20 000", "40"],
    ["D5", "Cinq", "10 000 €", "20", "Alsace", "cadres", "4", "5", "5 000", "900"],
]
BUDGET = ("--budget", "100000")


@pytest.fixture
def terreau(monkeypatch, capsys):
    """Run the command as a person would: its exit code, what it says, what it complains of."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["terreau", *map(str, arguments)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def write(folder, rows=FILES, header=HEADER, name="dossiers.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def chosen(terreau, tmp_path):
    """The files that these options take, from the JSON answer."""

    def run(*options, budget=BUDGET, rows=FILES):
        out = tmp_path / "out.json"
        code, _out, err = terreau("select", write(tmp_path, rows), *budget, *options, "--json", out)
        assert (code, err) == (0, "")
        return [one["id"] for one in json.loads(out.read_text())["selected"]]

    return run


def test_the_answer_is_the_best_and_says_everything(terreau, tmp_path):
    out, sheet = tmp_path / "out.json", tmp_path / "out.csv"
    code, said, err = terreau("select", write(tmp_path), *BUDGET, "--json", out, "-o", sheet)
    assert (code, err) == (0, "")
    answer = json.loads(out.read_text())
    top = best(lambda _s: True)
    assert (answer["status"], answer["objective"], answer["bound"]) == ("optimal", top, top)
    assert (answer["budget"], answer["granted"]) == (100_000, 100_000)
    taken = [("D1", 40_000), ("D2", 30_000), ("D4", 20_000), ("D5", 10_000)]
    assert [(one["id"], one["amount"]) for one in answer["selected"]] == taken
    assert [one["id"] for one in answer["declined"]] == ["D3"]
    assert {*answer["declined"][0]} == {"id", "reason", "in_if"}
    assert (answer["conflict"], answer["probability"]) == ([], {})
    assert answer["seconds"] > 0
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8").splitlines()))
    assert [row["decision"] for row in rows] == ["selected", "selected", "declined", "selected", "selected"]
    assert (rows[2]["granted"], rows[3]["granted"], rows[2]["merit"]) == ("", "20000", "65.5")
    assert "4 dossiers retenus sur 5" in said
    assert "prouvé" in said


MERIT = {f[0]: float(f[3].replace(",", ".")) for f in FILES}
ASKED = {f[0]: int(f[2].replace(" ", "").rstrip("€")) for f in FILES}
CORSE, BRETAGNE, JEUNES, SENIORS = {"D1", "D2"}, {"D3", "D4"}, {"D1", "D2"}, {"D1", "D3"}


def best(holds, worth=MERIT, budget=100_000):
    """By trying every portfolio: the greatest sum of worth within the envelope, where the rule holds."""
    sets = [set(some) for size in range(len(FILES) + 1) for some in combinations(MERIT, size)]
    return max(sum(worth[n] for n in s) for s in sets if cost(s) <= budget and holds(s))


def cost(names):
    return sum(ASKED[n] for n in names)


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (("--one-per", "siret"), lambda s: len(s & CORSE) <= 1),
        (("--at-least", "region=Alsace:1"), lambda s: "D5" in s),
        (("--at-most", "publics=jeunes:1"), lambda s: len(s & JEUNES) <= 1),
        (("--at-most", "publics=seniors:30 000 EUR"), lambda s: cost(s & SENIORS) <= 30_000),
        (("--at-least", "publics=seniors:70000€"), lambda s: cost(s & SENIORS) >= 70_000),
        (("--at-most", "région=Corse:45%"), lambda s: cost(s & CORSE) <= 0.45 * cost(s)),
        (("--at-least", "région=Bretagne:55,5 %"), lambda s: cost(s & BRETAGNE) >= 0.555 * cost(s)),
        (("--at-most", "2"), lambda s: len(s) <= 2),
        (("--at-least", ":4"), lambda s: len(s) >= 4),
        (("--at-most", "50000EUR"), lambda s: cost(s) <= 50_000),
        (("--force", "D5", "--force", "D4"), lambda s: {"D4", "D5"} <= s),
        (("--exclude", "D1"), lambda s: "D1" not in s),
        (("--either", "D2,D3"), lambda s: not {"D2", "D3"} <= s),
        (("--together", "D2, D5"), lambda s: ("D2" in s) == ("D5" in s)),
    ],
)
def test_every_rule_is_kept_at_the_least_price(chosen, options, holds):
    taken = set(chosen(*options))
    assert holds(taken)
    assert sum(MERIT[n] for n in taken) == best(holds)


@pytest.mark.parametrize(
    ("options", "worth"),
    [
        (("--merit", "places"), {f[0]: int(f[9]) for f in FILES}),
        (("--weight", "places=0,5"), {f[0]: MERIT[f[0]] + 0.5 * int(f[9]) for f in FILES}),
    ],
)
def test_what_is_sought_may_be_another_column_or_a_mix(chosen, options, worth):
    assert sum(worth[n] for n in chosen(*options)) == best(lambda _s: True, worth)


def test_a_wish_of_balance_may_come_from_a_file(chosen, tmp_path):
    shares = tmp_path / "besoin.csv"
    shares.write_text("Région;Habitants;Part\nBretagne;x;3000\nAlsace;x;500\nCorse;x;1500\n", encoding="utf-8")
    assert chosen("--balance", f"region:{shares}:50") == ["D2", "D3", "D4", "D5"]


def test_a_project_may_be_granted_less_than_it_asked(terreau, tmp_path):
    out = tmp_path / "out.json"
    assert terreau("select", write(tmp_path), "--budget", "75000", "--minimum", "minimum", "--json", out)[0] == 0
    answer = json.loads(out.read_text())
    amounts = {one["id"]: one["amount"] for one in answer["selected"]}
    assert answer["granted"] <= 75_000
    assert any(amount < 40_000 for name, amount in amounts.items() if name == "D1")
    assert amounts.get("D2", 30_000) == 30_000  # an empty minimum means the whole request


def test_rules_that_cannot_hold_are_told_and_nothing_else_is_written(terreau, tmp_path):
    out, sheet = tmp_path / "out.json", tmp_path / "out.csv"
    rules = ("--at-least", "région=Corse:2", "--one-per", "siret", "--at-most", "region=Bretagne:1")
    code, said, err = terreau("select", write(tmp_path), *BUDGET, *rules, "--json", out, "-o", sheet)
    assert (code, said) == (3, "")
    assert err.count("\n") == 1
    assert "au moins 2 dossiers pour région = Corse" in err
    assert "un seul dossier retenu pour siret = 1" in err
    assert "Bretagne" not in err
    answer = json.loads(out.read_text())
    assert (answer["status"], answer["selected"], answer["objective"]) == ("infeasible", [], None)
    assert {one["rule"] for one in answer["conflict"]} == {"--at-least région=Corse:2", "--one-per siret"}
    assert not sheet.exists()


def test_a_value_that_no_file_has_is_remarked(terreau, tmp_path):
    code, _out, err = terreau("select", write(tmp_path), *BUDGET, "--at-least", "region=Bretange:1")
    assert code == 3
    assert "vouliez-vous dire « Bretagne »" in err
    assert "cette règle ne peut pas tenir : au moins 1 dossier pour région = Bretange" in err


def changed(row, column, text):
    rows = [list(one) for one in FILES]
    rows[row][HEADER.index(column)] = text
    return rows


BAD = {
    "doubles": (changed(1, "dossier", "D1"), (), r"ligne 3, colonne « dossier » : « D1 » est déjà à la ligne 2"),
    "no id": (changed(1, "dossier", ""), (), "ligne 3, colonne « dossier » : la cellule est vide"),
    "negative": (changed(0, "montant demandé", "-5"), (), "ligne 2.*négatif"),
    "missing": (changed(2, "montant demandé", ""), (), "ligne 4, colonne « montant demandé » : la cellule est vide"),
    "zero": (changed(2, "montant demandé", "0"), (), "ligne 4.*le montant demandé est nul"),
    "nan": (changed(4, "note", "NaN"), (), "ligne 6, colonne « note » : « NaN » n’est pas un nombre"),
    "minimum": (changed(0, "minimum", "50000"), ("--minimum", "minimum"), "ligne 2.*dépasse le montant demandé"),
    "sd": (changed(0, "écart-type", "-1"), ("--draws", "10"), "ligne 2.*un écart-type n’est jamais négatif"),
    "no row": ([], (), "aucune ligne"),
    "column": (FILES, ("--at-least", "pays=Corse:1"), "colonne inconnue « pays »"),
    "column of one": (FILES, ("--one-per", "siren"), "colonne inconnue « siren »"),
    "rule": (FILES, ("--at-most", "région:3"), "COLONNE=VALEUR:N"),
    "limit": (FILES, ("--at-most", "région=Corse:beaucoup"), "ni un nombre de dossiers"),
    "share": (FILES, ("--at-most", "région=Corse:140%"), "entre 0 et 100 %"),
    "forced": (FILES, ("--force", "D9"), "--force : le dossier « D9 » n’est pas dans le fichier"),
    "group": (FILES, ("--together", "D1"), "au moins deux dossiers"),
    "weight": (FILES, ("--weight", "places"), "COLONNE=POIDS"),
    "balance": (FILES, ("--balance", "région:Corse=70%,Bretagne=60%"), "dépassent 100 %"),
    "balance file": (FILES, ("--balance", "région:rien.csv"), "rien.csv n’existe pas"),
    "budget": (FILES, ("--budget", "0"), "l’enveloppe doit être un montant positif"),
    "budget word": (FILES, ("--budget", "beaucoup"), "--budget : « beaucoup » n’est pas un montant"),
    "ending": (FILES, ("-o", "out.ods"), "écrivez un fichier .csv ou .xlsx ou .json"),
    "two rules": (FILES, ("--rule", "equal-shares", "--force", "D1"), "retirez --force"),
    "no votes": (FILES, ("--rule", "equal-shares"), "--ballots"),
    "no rule": (FILES, ("--rule", "au hasard"), "optimal ou equal-shares"),
    "draws": (FILES, ("--draws", "-3"), "--draws"),
    "option": (FILES, ("--atleast", "3"), "option inconnue : --atleast"),
}


@pytest.mark.parametrize(("rows", "options", "words"), BAD.values(), ids=BAD)
def test_bad_input_is_one_line_and_nothing_is_written(terreau, tmp_path, rows, options, words):
    file = write(tmp_path, rows)
    sheet = () if "-o" in options else ("-o", tmp_path / "o.csv")
    code, said, err = terreau("select", file, *BUDGET, *options, *sheet, "--json", tmp_path / "out.json")
    assert (code, said, err.count("\n")) == (2, "", 1)
    assert re.search(words, err)
    assert [*tmp_path.iterdir()] == [file]


def test_columns_that_cannot_be_told_apart_are_asked_for(terreau, tmp_path):
    file = write(tmp_path, [["1", "5", "6", "7"]], ["id", "montant", "coût", "note"])
    assert "--amount" in terreau("select", file, *BUDGET)[2]
    assert terreau("select", file, *BUDGET, "--amount", "cout")[0] == 0
    file = write(tmp_path, [["1", "5", "6", "7"]], ["id", "montant", "note", "calibrated"])
    _code, _out, _err = terreau("select", file, *BUDGET, "--json", tmp_path / "o.json")
    assert json.loads((tmp_path / "o.json").read_text())["objective"] == 7  # the calibrated one


def test_a_workbook_comes_back_as_a_workbook(terreau, tmp_path):
    terreau("select", write(tmp_path), *BUDGET, "-o", tmp_path / "o.xlsx")
    cells = list(load_workbook(tmp_path / "o.xlsx").active.iter_rows(values_only=True))
    assert (cells[0][0], cells[1][:4]) == ("id", ("D1", "selected", 40_000, 40_000))


POLL = """META
key;value
description;A vote
currency;PLN
budget;100
vote_type;approval
PROJECTS
project_id;cost;votes;category;name
a;60;3;sport,nature;First
b;50;2;nature;Second
c;40;2;sport;Third
VOTES
voter_id;vote
1;a,b
2;a,c
3;a,b,c
"""


def test_a_pabulib_file_brings_its_budget_and_its_votes(terreau, tmp_path):
    (tmp_path / "vote.pb").write_text(POLL, encoding="utf-8")
    out = tmp_path / "o.json"
    code, said, _err = terreau("select", tmp_path / "vote.pb", "--json", out)
    answer = json.loads(out.read_text())
    assert (code, answer["objective"], answer["budget"]) == (0, 5, 100)
    assert [one["id"] for one in answer["selected"]] == ["a", "c"]
    assert "PLN" in said
    terreau("select", tmp_path / "vote.pb", "--at-most", "category=sport:1", "--json", out)
    assert json.loads(out.read_text())["objective"] == 4
    terreau("select", tmp_path / "vote.pb", "--rule", "equal-shares", "--json", out)
    answer = json.loads(out.read_text())
    assert (answer["status"], answer["bound"]) == ("feasible", None)
    assert [one["id"] for one in answer["selected"]] == ["a"]


def test_voters_may_stand_in_a_file_of_their_own(terreau, tmp_path):
    votes = tmp_path / "votes.csv"
    votes.write_text("voter,project\nx,D1\ny,D4\nz,D4\n", encoding="utf-8")
    out = tmp_path / "o.json"
    options = ("--rule", "equal-shares", "--ballots", votes)
    assert terreau("select", write(tmp_path), "--budget", "60000", *options, "--json", out)[0] == 0
    assert [one["id"] for one in json.loads(out.read_text())["selected"]] == ["D4"]


def test_as_a_program_it_leaves_no_trace_of_a_fault(tmp_path):
    """Through a process of its own: exit codes, no traceback, nothing left in the folder."""
    file = write(tmp_path, changed(2, "note", "?"))
    environment = {**os.environ, "TERREAU_HOME": str(tmp_path / "home")}
    program = [sys.executable, "-m", "terreau.cli", "select", str(file), *BUDGET, "-o", str(tmp_path / "o.csv")]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "terreau: dossiers.csv, ligne 4, colonne « note » : « ? » n’est pas un nombre.\n"
    assert [*tmp_path.iterdir()] == [file]


def test_reasons_prices_and_probabilities_are_told(terreau, tmp_path):
    """What a reason says is true of the question solved by trying every portfolio."""
    out = tmp_path / "o.json"
    options = ("--at-most", "région=Corse:1", "--explain", "--draws", "200", "--seed", "3")
    code, said, _err = terreau("select", write(tmp_path), *BUDGET, *options, "--json", out)
    answer = json.loads(out.read_text())
    assert code == 0
    rule = lambda s: len(s & CORSE) <= 1  # noqa: E731 - the rule, in one line
    (declined,) = answer["declined"]
    with_it = best(lambda s: rule(s) and declined["id"] in s)
    assert declined["in_if"]["points"] == pytest.approx(answer["objective"] - with_it)
    assert "points de moins" in declined["reason"]
    assert f"{best(lambda _s: True) - answer['objective']:.2f}".replace(".", ",") in said  # the price of the rule
    assert {*answer["probability"]} == {*MERIT}
    assert sum(answer["probability"].values()) > 1
    again = tmp_path / "again.json"
    terreau("select", write(tmp_path), *BUDGET, *options, "--json", again)
    assert json.loads(again.read_text())["probability"] == answer["probability"]
