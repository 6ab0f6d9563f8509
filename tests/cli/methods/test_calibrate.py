"""`terreau calibrate` over plain files, as a programme officer runs it."""

import csv
import json
import subprocess
import sys

import pytest
from tests.methods.scoring.juries import jury

HEADERS = ["file", "raw", "calibrated", "sd", "rank", "rank_low", "rank_high", "reviews"]


def run(*arguments):
    command = [sys.executable, "-m", "terreau.cli", "calibrate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(folder, text, name="notes.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def table(scores):
    return "file,juror,score\n" + "".join(f"{f},{j},{s}\n" for f, j, s in scores)


@pytest.fixture
def notes(tmp_path):
    file, juror, score, _ = jury(3)
    return write(tmp_path, table([(f"P{f}", f"J{j}", s) for f, j, s in zip(file, juror, score, strict=True)]))


def test_every_output_of_a_whole_jury(notes, tmp_path):
    scores, jurors, document = tmp_path / "scores.csv", tmp_path / "jurors.csv", tmp_path / "all.json"
    done = run(notes, "-o", scores, "--jurors", jurors, "--json", document, "--seed", 4)
    assert done.returncode == 0, done.stderr
    found = rows(scores)
    assert list(found[0]) == HEADERS
    assert len(found) == 60
    assert [int(row["rank"]) for row in found] == sorted(int(row["rank"]) for row in found)
    assert all(int(row["rank_low"]) <= int(row["rank"]) <= int(row["rank_high"]) for row in found)
    assert list(rows(jurors)[0]) == ["juror", "reviews", "severity", "noise", "slope"]
    assert "pour le président du jury seul" in done.stderr
    told = json.loads(document.read_text())
    assert [row["file"] for row in told["files"]] == [row["file"] for row in found]
    assert told["gain"] is True
    assert "component" not in told["files"][0]
    assert "J1" not in document.read_text() + scores.read_text()


def test_the_same_seed_gives_the_same_file(notes, tmp_path):
    written = []
    for name in ("one.csv", "two.csv"):
        assert run(notes, "-o", tmp_path / name).returncode == 0
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


def test_columns_in_french_and_criteria_with_weights(tmp_path):
    lines = ["dossier;juré;critère;note"]
    for dossier, base in (("A", 4), ("B", 6), ("C", 8)):
        for juror, shift in (("Anne", 0), ("Bruno", -1)):
            lines += [f"{dossier};{juror};impact;{base + shift}", f"{dossier};{juror};budget;{base + shift + 1},5"]
    notes = write(tmp_path, "\n".join(lines) + "\n")
    done = run(notes, "-o", tmp_path / "s.csv", "--weight", "impact=3", "--gain", "non")
    assert done.returncode == 0, done.stderr
    found = {row["file"]: row for row in rows(tmp_path / "s.csv")}
    assert float(found["C"]["raw"]) == pytest.approx((3 * 7.5 + 9) / 4)
    assert [found[name]["rank"] for name in "CBA"] == ["1", "2", "3"]


def test_parts_without_a_common_juror_are_said_and_ranked_apart(tmp_path):
    scores = [("A", "x", 3), ("A", "y", 4), ("B", "x", 6), ("B", "y", 5), ("C", "z", 9), ("D", "z", 2)]
    done = run(write(tmp_path, table(scores)), "-o", tmp_path / "s.csv", "--json", tmp_path / "s.json")
    assert done.returncode == 0
    assert "2 groupes sans juré commun" in done.stderr
    assert "1) A, B ; 2) C, D" in done.stderr
    found = {row["file"]: row for row in rows(tmp_path / "s.csv")}
    assert [found[name]["component"] for name in "ABCD"] == ["1", "1", "2", "2"]
    assert found["C"]["rank"] == found["B"]["rank"] == "1"
    assert json.loads((tmp_path / "s.json").read_text())["components"] == [["A", "B"], ["C", "D"]]


def test_a_file_that_alone_links_the_others_is_named(tmp_path):
    scores = [("A", "x", 3), ("B", "x", 6), ("B", "z", 5), ("C", "z", 9)]
    done = run(write(tmp_path, table(scores)), "-o", tmp_path / "s.csv")
    assert done.returncode == 0
    assert "relient seuls une partie des autres : B." in done.stderr


BAD = {
    "file,juror,score\n": "n’a aucune ligne",
    "file,juror,score\nA,x,3\nA,y,\n": "ligne 3, colonne « score » : la cellule est vide",
    "file,juror,score\nA,x,3\nA,y,NaN\n": "« NaN » n’est pas un nombre",
    "file,juror,score\nA,x,3\nB,x,4\nA,x,5\n": "ligne 4, colonne « juror » : « x » a déjà noté « A »",
    "file,juror,criterion,score\nA,x,but,3\nA,x,but,5\n": "« x » a déjà noté « A » sur « but »",
    "file,juror,points obtenus\nA,x,3\n": "aucune colonne ne donne la note",
    "file,juror,score\n,x,3\n": "la cellule est vide",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_input_ends_in_one_line_and_writes_nothing(tmp_path, text):
    notes = write(tmp_path, text)
    done = run(notes, "-o", tmp_path / "s.csv")
    assert done.returncode == 2
    assert BAD[text] in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [notes]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--score", "nota"], "colonne inconnue « nota »"),
        (["--gain", "peut-être"], "ni auto, ni oui, ni non"),
        (["--weight", "impact=2"], "pas de colonne de critère"),
        (["--level", "2"], "un niveau est entre"),
    ],
)
def test_bad_options_end_in_one_line(notes, tmp_path, options, told):
    done = run(notes, "-o", tmp_path / "s.csv", *options)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "s.csv").exists()
