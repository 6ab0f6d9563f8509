"""`terreau assign` over plain files, as a programme officer runs it."""

import csv
import json
import subprocess
import sys

import pytest

FILES = "file,themes,region,siren,texte\n" + "".join(
    f"D{i},{('emploi', 'mobilité;emploi', 'énergie')[i % 3]},{'Bretagne' if i % 2 else 'Occitanie'},{100000000 + i},"
    f"{('jeunes diplômés', 'transport rural', 'rénover les logements')[i % 3]}\n"
    for i in range(12)
)
JURORS = "juror,themes,region,siren,texte\n" + "".join(
    f"J{i},{('emploi', 'énergie', 'mobilité')[i % 3]},{'Bretagne' if i % 2 else 'Occitanie'},{100000000 + i},"
    f"{('diplôme et jeunesse', 'logement', 'transports en milieu rural')[i % 3]}\n"
    for i in range(6)
)


def run(*arguments):
    command = [sys.executable, "-m", "terreau.cli", "assign", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rows(path):
    with path.open(encoding="utf-8") as file:
        return [(row["file"], row["juror"]) for row in csv.DictReader(file)]


@pytest.fixture
def put(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def asked(put, tmp_path):
    return ["--files", put("files.csv", FILES), "--jurors", put("jurors.csv", JURORS), "-o", tmp_path / "out.csv"]


def refused(done, tmp_path, code=2):
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("terreau: ")
    assert not (tmp_path / "out.csv").exists()
    return done.stderr


def test_a_whole_call_with_needs_conflicts_and_json(asked, put, tmp_path):
    conflicts = put("conflicts.csv", "file,juror,value\nD0,J1,1\nD7,J5,oui\nD8,J5,non\n")
    told = tmp_path / "told.json"
    more = ["--conflicts", conflicts, "--need-region", 1, "--need-outside", 1, "--json", told, "--seed", 3]
    done = run(*asked, "--reviews", 2, "--load", 5, *more)
    assert done.returncode == 0, done.stderr
    assert "thèmes (40 %), région (20 %), texte (20 %)" in done.stderr
    pairs = rows(tmp_path / "out.csv")
    assert len(pairs) == len(set(pairs)) == 24
    assert not {("D0", "J1"), ("D7", "J5"), ("D3", "J3")} & set(pairs)
    document = json.loads(told.read_text())
    assert document["status"] == "optimal"
    assert [(p["file"], p["juror"]) for p in document["assignments"]] == pairs
    assert document["worst"] <= document["bound_worst"]
    assert document["total"] <= document["bound_total"] <= document["free_total"] + 1e-9
    assert max(document["loads"].values()) <= 5
    assert document["conflict"] is None
    for i in range(12):
        regions = {int(juror[1:]) % 2 for file, juror in pairs if file == f"D{i}"}
        assert regions == {0, 1}


def test_given_affinities_columns_of_load_and_reviews_and_former_assignments(put, tmp_path):
    files, jurors = put("f.csv", "dossier,lectures\nA,1\nB,2\n"), put("j.csv", "juré,charge\nx,1\ny,1\nz,2\n")
    affinity = put("a.csv", 'file,juror,value\nA,x,"0,9"\nA,y,0.5\nB,x,0.4\nB,y,0.3\nB,z,0.2\n')
    out = tmp_path / "out.csv"
    asked = ["--files", files, "--jurors", jurors, "--affinity", affinity, "-o", out]
    assert run(*asked).returncode == 0
    assert rows(out) == [("A", "x"), ("B", "y"), ("B", "z")]
    kept = put("kept.csv", "file,juror,rendered\nA,y,oui\nB,z,\n")
    again = tmp_path / "again.csv"
    assert run(*asked[:-1], again, "--kept", kept).returncode == 0
    assert rows(again) == [("A", "y"), ("B", "x"), ("B", "z")]


def test_what_cannot_hold_names_the_files(asked, tmp_path):
    told = tmp_path / "told.json"
    line = refused(run(*asked, "--load", 3, "--json", told), tmp_path, code=3)
    assert "ces dossiers demandent" in line
    conflict = json.loads(told.read_text())["conflict"]
    assert conflict["wanted"] > conflict["reachable"]
    line = refused(run(*asked, "--load", 12, "--reviews", 2, "--pairs-at-most", 0), tmp_path, code=3)
    assert "--pairs-at-most" in line


@pytest.mark.parametrize(
    ("name", "text", "more", "told"),
    [
        ("files.csv", "file\nA\nA\n", [], "« A » est déjà à la ligne 2"),
        ("files.csv", "file,reviews\nA,deux\n", [], "« deux » n’est pas un nombre"),
        ("files.csv", "file,reviews\nA,1.5\n", [], "n’est pas un nombre entier"),
        ("files.csv", "file,reviews\nA,9\n", [], "plus de lectures demandées"),
        ("jurors.csv", "juror,load\nx,-1\n", [], "n’est pas un nombre entier positif"),
        ("jurors.csv", "nom\nx\n", [], "aucune colonne ne donne le juré"),
        ("files.csv", "file\nA\n", ["--need-region", 1], "colonne « region »"),
        ("pairs.csv", "file,juror,value\nD0,J0,nan\n", ["--affinity", "pairs.csv"], "« nan » n’est pas un nombre"),
        ("pairs.csv", "file,juror\nD0,nobody\n", ["--conflicts", "pairs.csv"], "« nobody » est inconnu"),
        ("pairs.csv", "file,juror\nD0,J1\nD0,J1\n", ["--conflicts", "pairs.csv"], "ligne 3"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(asked, put, tmp_path, name, text, more, told):
    put(name, text)
    more = [tmp_path / value if value == "pairs.csv" else value for value in more]
    assert told in refused(run(*asked, "--load", 8, *more), tmp_path)


def test_no_load_at_all_is_refused(asked, tmp_path):
    assert "--load" in refused(run(*asked), tmp_path)


def test_a_juror_who_can_read_nothing_is_told(asked, put, tmp_path):
    put("jurors.csv", JURORS + "J9,emploi,Bretagne,1,rien\n")
    conflicts = put("c.csv", "file,juror\n" + "".join(f"D{i},J9\n" for i in range(12)))
    done = run(*asked, "--reviews", 1, "--load", 4, "--conflicts", conflicts)
    assert done.returncode == 0
    assert "« J9 » ne peut lire aucun dossier" in done.stderr
