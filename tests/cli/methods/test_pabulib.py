"""Pabulib files, well written and not."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from terreau.cli.methods import ballots as own
from terreau.cli.methods import pabulib
from terreau.cli.reading import open_table

REAL = Path(os.environ.get("TERREAU_DATA") or "/nowhere").resolve().parent / "real"
HEAD = "META\nkey;value\nbudget;100\nvote_type;approval\nPROJECTS\nproject_id;cost;name\n"
GOOD = HEAD + "b;30;Banc\na;70,5;Arbre\nVOTES\nvoter_id;vote\n1;a,b\n2;b\n3;\n"


def take(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "choix.pb"
    path.write_bytes(text.encode(encoding))
    return pabulib.read(path)


def ballots(read):
    at = read.ballots.indptr
    return [
        {read.names[p]: int(x) for p, x in zip(read.ballots.projects[i:j], read.ballots.points[i:j], strict=True)}
        for i, j in pairwise(at)
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GOOD, "utf-8"),
        (GOOD, "utf-8-sig"),
        (GOOD.replace("\n", "\r\n"), "utf-8"),
        (GOOD.replace("META\n", "META;\n").replace("VOTES\n", "votes;\n"), "utf-8"),
        (GOOD.replace("\nVOTES", "\n\n  \nVOTES"), "utf-8"),
        (GOOD.replace("1;a,b", '1;"a,b"').replace("b;30;Banc", '"b";30;"Banc; en bois"'), "utf-8"),
        (GOOD.replace("Banc", '"un banc\n« public », dit ""le banc"""'), "utf-8"),
        (GOOD.replace("1;a,b", "1; a , b,"), "utf-8"),
        (GOOD.replace("1;a,b", "1;a,b,a"), "utf-8"),
        (GOOD.replace("3;\n", "3\n"), "utf-8"),
        (GOOD.replace("3;\n", "3;none\n"), "utf-8"),
    ],
    ids=["plain", "bom", "crlf", "marks", "blanks", "quotes", "lines in a cell", "spaces", "doubles", "short", "none"],
)
def test_one_file_in_many_hands(tmp_path, text, encoding):
    read = take(tmp_path, text, encoding)
    assert read.names == ("b", "a")
    assert (read.costs.tolist(), read.budget, read.scale) == ([300, 705], 1000, 10)
    assert ballots(read) == [{"a": 1, "b": 1}, {"b": 1}, {}]
    assert read.merit.tolist() == [2.0, 1.0]
    assert read.columns["cost"] == ("30", "70,5")


def test_points_are_kept_beside_their_project(tmp_path):
    text = GOOD.replace("approval", "cumulative").replace("voter_id;vote", "voter_id;vote;points")
    read = take(tmp_path, text.replace("1;a,b", "1;a,b;1.5,2").replace("2;b", "2;b;3").replace("3;\n", "3;;\n"))
    assert (ballots(read), read.point_scale) == ([{"a": 15, "b": 20}, {"b": 30}, {}], 10)


def test_ranks_are_approvals_and_written_figures_stand(tmp_path):
    text = GOOD.replace("approval", "ordinal").replace("cost;name", "cost;votes;score").replace("Banc", "9;4")
    read = take(tmp_path, text.replace("Arbre", "8;"))
    assert ballots(read)[0] == {"a": 1, "b": 1}
    assert (read.votes.tolist(), read.merit.tolist()) == ([9.0, 8.0], [4.0, 0.0])


def test_a_file_without_votes_or_budget(tmp_path):
    read = take(tmp_path, GOOD.split("VOTES")[0].replace("budget;100\n", ""))
    assert (len(read.ballots), read.budget, read.merit.tolist()) == (0, None, [0.0, 0.0])


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("b;30;Banc", "a;30;Banc", 8, "deux fois"),
        ("b;30;Banc", ";30;Banc", 7, "identifiant"),
        ("b;30;Banc", "b;trente;Banc", 7, "trente"),
        ("b;30;Banc", "b;-30;Banc", 7, "négatif"),
        ("b;30;Banc", "b;nan;Banc", 7, "nan"),
        ("b;30;Banc", "b;1e15;Banc", 0, "trop grands"),
        ("budget;100", "budget;beaucoup", 0, "beaucoup"),
        ("project_id;cost", "project;cost", 6, "project_id"),
        ("voter_id;vote", "voter_id;choix", 10, "vote"),
        ("2;b", "2;c", 12, "« c »"),
        ("vote_type;approval", "vote_type;random", 0, "random"),
        (GOOD, "META\nkey;value\n", 0, "PROJECTS"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, old, new, line, word):
    with pytest.raises(ValueError, match=word) as problem:
        take(tmp_path, GOOD.replace(old, new))
    assert "choix.pb" in str(problem.value)
    assert (f"ligne {line} " in str(problem.value)) == bool(line)


@pytest.mark.parametrize(("given", "line", "word"), [("1;a,b;1", 11, "2 projets"), ("1;a,b;1,x", 11, "« x »")])
def test_points_that_do_not_fit(tmp_path, given, line, word):
    text = GOOD.replace("approval", "scoring").replace("voter_id;vote", "voter_id;vote;points")
    with pytest.raises(ValueError, match=f"ligne {line} .*{word}"):
        take(tmp_path, text.replace("1;a,b", given).replace("2;b", "2;b;3"))


def test_no_such_file(tmp_path):
    with pytest.raises(ValueError, match="n’existe pas"):
        pabulib.read(tmp_path / "absent.pb")


@pytest.mark.data
def test_the_real_files_hold_what_they_announce():
    paths = sorted((REAL / "pabulib").glob("*.pb"))
    assert paths
    for path in paths:
        read = pabulib.read(path)
        assert (len(read.names), len(read.ballots)) == (int(read.meta["num_projects"]), int(read.meta["num_votes"]))
        assert open_table(path).headers == list(read.columns)


TRIPLES = "voter,project,points\nAnne,b,2\nJean,a,1.5\nAnne,a,1\nZoé,,\n"


def beside(tmp_path, text):
    path = tmp_path / "votes.csv"
    path.write_text(text)
    return own.read(path, ["a", "b"])


def test_ballots_in_a_file_of_their_own(tmp_path):
    read, scale = beside(tmp_path, TRIPLES)
    assert (read.indptr.tolist(), read.projects.tolist()) == ([0, 2, 3, 3], [1, 0, 0])
    assert (read.points.tolist(), scale) == ([20, 10, 15], 10)
    read, scale = beside(tmp_path, "voter;project\nAnne;b\nJean;a\n")
    assert (read.points.tolist(), scale) == ([1, 1], 1)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("Jean,a", "Jean,c", "ligne 3 : « c »"),
        ("Anne,a", "Anne,b", "ligne 4 .* deux fois"),
        ("1.5", "-1", "ligne 3 .*négatif"),
        ("Jean", "", "ligne 3 .*nommé"),
        ("voter", "juré", "la colonne voter"),
    ],
)
def test_ballots_that_cannot_be_read(tmp_path, old, new, word):
    with pytest.raises(ValueError, match=word):
        beside(tmp_path, TRIPLES.replace(old, new))
