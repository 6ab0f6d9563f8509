"""`terreau match` over plain files: the plain score to the letter, the options, and what is refused in one line."""

import csv
import json
import math
import random
import sys

import duckdb
import pytest
from openpyxl import Workbook

from terreau.cli import main as cli

THEMES, FORMS, SIZES = "abcdef", ["don", "visite", "stage"], ["TPE", "PME", "ETI"]
FIRMS = ["id", "lat", "lon", "naf", "size", "themes", "offers"]
PROJECTS = ["id", "lat", "lon", "sectors", "themes", "seeks"]
WEIGHTS = """scale_km = 20
[weights]
distance = 0.5
sector = 0.2
theme = 0.2
offers = 0.1
size = 0.1
[size]
"TPE" = 1
"PME" = 0.5
"""


@pytest.fixture
def terreau(monkeypatch, capsys, tmp_path):
    """Run the command in its folder: exit code, what it says, what it complains of."""
    monkeypatch.chdir(tmp_path)

    def run(*more, firms="firms.csv", out="out.csv"):
        files = ["--firms", firms, "--projects", "projects.csv", "-o", out]
        monkeypatch.setattr(sys, "argv", ["terreau", "match", *files, *map(str, more)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def country(tmp_path):
    """Sixty firms on few places, so that many are equal, and four projects; identifiers not in order."""
    rng = random.Random(4)

    def some(words, most):
        return ";".join(rng.sample(words, rng.randint(0, most)))

    def naf():
        return rng.choice(["62.01Z", "0111Z", ""])

    firms = [
        [f"F{i}", 47 + rng.randint(0, 2) / 10, 2.25, naf(), rng.choice(SIZES), some(THEMES, 2), some(FORMS, 1)]
        for i in range(60)
    ]
    projects = [
        [f"P{i}", 47.1, 2.2, rng.choice(["62", "01;62", ""]), some(THEMES, 3), some(FORMS, 2)] for i in range(4)
    ]
    rng.shuffle(firms)
    write(tmp_path / "firms.csv", FIRMS, firms)
    write(tmp_path / "projects.csv", PROJECTS, projects)
    (tmp_path / "weights.toml").write_text(WEIGHTS)
    return firms, projects


def score(firm, project):
    """The formula of the issue, in plain floats, rounded where floats differ."""
    phi, to_phi = math.radians(firm[1]), math.radians(project[1])
    chord = math.sin((phi - to_phi) / 2) ** 2
    chord += math.cos(phi) * math.cos(to_phi) * math.sin(math.radians(firm[2] - project[2]) / 2) ** 2
    total = 0.5 * math.exp(-2 * 6371.0088 * math.asin(math.sqrt(chord)) / 20)
    total += 0.2 * (firm[3][:2] in project[3].split(";") and firm[3] != "")
    total += 0.1 * {"TPE": 1, "PME": 0.5}.get(firm[4], 0)
    mine, theirs = ({word for word in cell.split(";") if word} for cell in (firm[5], project[4]))
    total += 0.2 * len(mine & theirs) / math.sqrt(len(mine) * len(theirs)) if mine and theirs else 0
    mine, theirs = ({word for word in cell.split(";") if word} for cell in (firm[6], project[5]))
    total += 0.1 * len(mine & theirs) / len(theirs) if theirs else 0
    return round(total, 10)


def best(firms, project, k):
    return [name for _, name in sorted((-score(firm, project), firm[0]) for firm in firms)[:k]]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_plain_score_to_the_letter_whatever_the_file(terreau, country, tmp_path, kind):
    firms, projects = country
    if kind == "parquet":
        told = "lat::DOUBLE AS lat, lon::DOUBLE AS lon, naf, size, string_split(themes, ';') AS themes, offers"
        source = f"read_csv('{tmp_path}/firms.csv', all_varchar = true)"
        duckdb.sql(f"COPY (SELECT id, {told} FROM {source}) TO '{tmp_path}/firms.parquet'")
    done = terreau("--top", 15, "--weights", "weights.toml", firms=f"firms.{kind}", out="out.parquet")
    assert done[0] == 0, done[2]
    found = duckdb.sql(f"SELECT * FROM '{tmp_path}/out.parquet'")
    assert found.columns == [
        "project",
        "firm",
        "rank",
        "score",
        "distance_km",
        *["distance", "sector", "theme", "offers", "size"],
    ]
    told = found.fetchall()
    for project in projects:
        mine = [row for row in told if row[0] == project[0]]
        assert [row[1] for row in mine] == best(firms, project, 15)
        assert [row[2] for row in mine] == list(range(1, 16))
        for row in mine:
            firm = next(firm for firm in firms if firm[0] == row[1])
            assert row[3] == pytest.approx(score(firm, project), abs=1e-9)
            assert sum(row[5:]) == pytest.approx(row[3], abs=1e-11)


def test_numbers_as_identifiers_are_ordered_as_numbers(terreau, tmp_path):
    write(tmp_path / "firms.csv", FIRMS, [[i, "47,5", 2, "", "TPE", "", ""] for i in (10, 9, 100)])
    write(tmp_path / "projects.csv", PROJECTS, [["P", 47, 2, "", "", ""]])
    assert terreau("--top", 2)[0] == 0
    assert [row["firm"] for row in rows(tmp_path / "out.csv")] == ["9", "10"]


def test_spreadsheets_of_old_and_new(terreau, tmp_path):
    rows_ = [["B", 47.1, 2, "62.01Z", "TPE", "métier", "don"], ["A", 47.1, 2, "62.01Z", "TPE", "métier", None]]
    book = Workbook()
    for row in (FIRMS, *rows_):
        book.active.append(row)
    book.save(tmp_path / "firms.xlsx")
    old = ";".join(FIRMS) + "\nB;47,1;2;6201Z;TPE;métier;don\nA;47,1;2;6201Z;TPE;métier;\n"
    (tmp_path / "old.csv").write_bytes(old.encode("cp1252"))
    write(tmp_path / "projects.csv", PROJECTS, [["P", 47, 2, "62", "métier", "don"]])
    for firms in ("firms.xlsx", "old.csv"):
        assert terreau(firms=firms)[0] == 0
        told = rows(tmp_path / "out.csv")
        assert [(row["firm"], float(row["theme"]), float(row["offers"])) for row in told] == [
            ("B", 0.3, 0.1),
            ("A", 0.3, 0.0),
        ]


def test_projects_for_a_firm_and_reasons(terreau, country, tmp_path):
    firms, projects = country
    told = tmp_path / "told.json"
    code, _, err = terreau("--weights", "weights.toml", "--firm", "F7", "--firm", "F3", "--top", 2, "--json", told)
    assert code == 0, err
    found = rows(tmp_path / "out.csv")
    for name in ("F7", "F3"):
        firm = next(firm for firm in firms if firm[0] == name)
        order = sorted((-score(firm, project), project[0]) for project in projects)[:2]
        assert [row["project"] for row in found if row["firm"] == name] == [project for _, project in order]
    for match in json.loads(told.read_text())["matches"]:
        assert match["why"].endswith(".")
        assert ("du secteur recherché" in match["why"].lower()) == (match["sector"] > 0)


def test_answers_are_remembered_and_firms_shared(terreau, country, tmp_path):
    firms, projects = country
    shown = [best(firms, project, 5) for project in projects]
    given = [
        ["P0", shown[0][0], "no", ""],
        ["P1", shown[1][0], "later", "2026-12-01"],
        ["P2", shown[2][0], "plus tard", "2026-11-01"],
    ]
    write(tmp_path / "answers.csv", ["project", "firm", "answer", "until"], given)
    options = ["--weights", "weights.toml", "--top", 5, "--answers", "answers.csv", "--on", "2026-11-27"]
    assert terreau(*options)[0] == 0
    lists = {p[0]: [row["firm"] for row in rows(tmp_path / "out.csv") if row["project"] == p[0]] for p in projects}
    assert shown[0][0] not in lists["P0"]
    assert lists["P0"] == best(firms, projects[0], 6)[1:]
    assert shown[1][0] not in lists["P1"]
    assert lists["P2"] == shown[2]
    code, said, err = terreau("--top", 5, "--firm-at-most", 1)
    assert code == 0, err
    assert "Le partage coûte" in said
    names = [row["firm"] for row in rows(tmp_path / "out.csv")]
    assert len(names) == len(set(names)) == 20


def test_basin_travel_affinity_and_text_come_on_top(terreau, country, tmp_path):
    firms, projects = country
    near = {firm[0] for firm in firms[:30]}
    told = [[*firm, *(("4411", "68224") if firm[0] in near else ("", "52121"))] for firm in firms]
    write(tmp_path / "firms.csv", [*FIRMS, "basin", "commune"], told)
    told = [[*project, "réparer des vélos", "4411", "52121"] for project in projects]
    write(tmp_path / "projects.csv", [*PROJECTS, "text", "basin", "commune"], told)
    write(tmp_path / "travel.csv", ["from", "to", "minutes"], [["52121", "68224", 30]])
    write(tmp_path / "past.csv", ["naf", "theme"], [["62", "a"], ["01", "b"]])
    code, _, err = terreau("--top", 60, "--basin", "--travel", "travel.csv", "--affinity", "past.csv", "--text")
    assert code == 0, err
    for row in rows(tmp_path / "out.csv"):
        assert float(row["basin"]) == (0.1 if row["firm"] in near else 0)
        assert float(row["travel"]) == pytest.approx(0.4 * (math.exp(-1) if row["firm"] in near else 1), abs=1e-9)
        assert float(row["distance"]) == 0
        assert float(row["text"]) >= 0


BAD = {
    "firms.csv": [
        ("F1,47,2,,TPE,,\nF1,47,2,,TPE,,\n", "firms.csv, ligne 3, colonne « id » : « F1 » est déjà à la ligne 2."),
        (",47,2,,TPE,,\n", "ligne 2, colonne « id » : la cellule est vide."),
        ("F1,97,2,,TPE,,\n", "colonne « lat » : « 97 » n’est pas une latitude."),
        ("F1,47,,,TPE,,\n", "colonne « lon » : «  » n’est pas une longitude."),
        ("F1,47,2,ABC,TPE,,\n", "« ABC » n’est pas un code NAF."),
        ("F1,47,2\n", "firms.csv, ligne 2 : les cellules ne sont pas celles de l’en-tête"),
        ("", "firms.csv n’a aucune ligne sous l’en-tête."),
    ],
    "projects.csv": [
        ("P1,47,200,,,\n", "« 200 » n’est pas une longitude."),
        ("P1,47,x,,,\n", "« x » n’est pas un nombre."),
        ("P1,47,2,ZZ,,\n", "« ZZ » n’est pas une division de la NAF."),
        ("P1,47,2,,,\nP1,47,2,,,\n", "« P1 » est déjà à la ligne 2."),
    ],
    "weights.toml": [
        ("[weights]\nspeed = 1\n", "« speed » est inconnu dans [weights]"),
        ("[weights]\nsector = -1\n", "le poids « sector » est négatif."),
        ("scale_km = 0\n", "« scale_km » doit être positif."),
        ('[size]\nTPE = "grand"\n', "« TPE » dans [size] n’est pas un nombre."),
        ("scale_km", "n’est pas un fichier TOML lisible"),
    ],
}


@pytest.mark.parametrize(("name", "text", "words"), [(n, t, w) for n, cases in BAD.items() for t, w in cases])
def test_bad_input_is_told_in_one_line_and_nothing_is_written(terreau, country, tmp_path, name, text, words):
    head = {"firms.csv": ",".join(FIRMS) + "\n", "projects.csv": ",".join(PROJECTS) + "\n"}.get(name, "")
    (tmp_path / name).write_text(head + text, encoding="utf-8")
    code, _, err = terreau("--weights", "weights.toml")
    assert code == 2
    assert words in err
    assert err.startswith("terreau: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()


def test_missing_columns_files_and_endings(terreau, country, tmp_path):
    (tmp_path / "short.csv").write_text("id,lat,lon\nF1,47,2\n")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    for firms, words in (
        ("short.csv", "il manque la colonne « naf »"),
        ("none.csv", "le fichier none.csv n’existe pas."),
        ("broken.parquet", "broken.parquet ne peut être lu"),
    ):
        code, _, err = terreau(firms=firms)
        assert (code, err.count("\n")) == (2, 1)
        assert words in err
    assert terreau("--top", 0)[0] == 2
    assert terreau(out="out.txt")[0] == 2
    assert "n’est pas dans le fichier" in terreau("--firm", "F999")[2]
