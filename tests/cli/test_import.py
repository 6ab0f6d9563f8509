"""`terreau import applications`: what it takes, what it refuses and how it says so; `export` gives it back."""

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import factories
import pytest
from openpyxl import Workbook

from terreau.accounts.models import Organisation
from terreau.calls import rulebook
from terreau.calls.models import Call
from terreau.cli import main as cli
from terreau.core.models import Entry
from terreau.projects import actions
from terreau.projects.models import Application
from terreau.territories.models import FormerCommune, Level, Territory

HEADER = [
    "ID",
    "Email",
    "Entreprise raison sociale",
    "Établissement SIRET",
    "Dossier",
    "Date de dépôt",
    "Titre du projet",
    "Commune",
    "Montant demandé",
    "Quel besoin ?",
]
GOOD = [
    "1",
    "a@asso.example",
    "Passerelles",
    "73282932000074",
    "En instruction",
    "03/02/2025 10:30",
    "Un projet à Foix",
]
GOOD += ["09122", "12 500,50", "Le besoin"]


@pytest.fixture(autouse=True)
def places(db):
    region = factories.region("76", "Occitanie")
    foix = Territory.objects.create(level=Level.COMMUNE, code="09122", name="Foix", region=region)
    FormerCommune.objects.create(code="09999", name="Vieux-Foix", commune=foix)
    for code in ("93066", "97411"):
        Territory.objects.create(level=Level.COMMUNE, code=code, name="Saint-Denis", region=region)


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


def write(path, *rows, header=HEADER, encoding="utf-8", mark=";"):
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\n").writerows([header, *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def row(**changes):
    """A good line of the State's platform, with some cells changed."""
    places = {"id": 0, "email": 1, "siret": 3, "state": 4, "date": 5, "title": 6, "commune": 7, "amount": 8, "need": 9}
    cells = list(GOOD)
    for name, text in changes.items():
        cells[places[name]] = text
    return cells


def test_the_export_of_the_state_s_platform_is_recognised(terreau, tmp_path):
    file = write(tmp_path / "demarche.csv", row(), row(id="2", state="Accepté", commune="09999"))
    code, out, err = terreau("import", "applications", file, "--call", "demarche-2025")
    assert code == 0
    assert "plateforme de démarches" in err
    assert "dossiers ajoutés : 2" in out
    first, second = Application.objects.order_by("external_id")
    assert (first.title, first.state, first.requested_cents) == ("Un projet à Foix", "in_review", 1_250_050)
    assert first.submitted_at.isoformat() == "2025-02-03T09:30:00+00:00"
    assert first.holder.siret == "73282932000074"
    assert first.region.code == "76"
    assert (second.state, second.announced_at is not None) == ("selected", True)
    assert second.territories.get().code == "09122"
    assert first.answers.get(key="quel-besoin").value == "Le besoin"
    assert Call.objects.get(slug="demarche-2025").state == "draft"
    assert Entry.objects.filter(verb="imported").count() == 2
    assert Organisation.objects.filter(siret="73282932000074").count() == 1


def test_run_twice_it_changes_nothing(terreau, tmp_path):
    file = write(tmp_path / "a.csv", row(), row(id="2"))
    terreau("import", "applications", file, "--call", "x")
    before = (Entry.objects.count(), Application.objects.count(), Organisation.objects.count())
    code, out, _err = terreau("import", "applications", file, "--call", "x")
    assert code == 0
    assert "ajoutés : 0 ; déjà là : 2" in out
    assert (Entry.objects.count(), Application.objects.count(), Organisation.objects.count()) == before


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"siret": "73282932000079"}, "Établissement SIRET", "n’est pas valide"),
        ({"siret": "7328"}, "Établissement SIRET", "14 chiffres"),
        ({"date": "31/02/2025"}, "Date de dépôt", "n’est pas une date"),
        ({"amount": "-50"}, "Montant demandé", "négatif"),
        ({"amount": "cent"}, "Montant demandé", "n’est pas un montant"),
        ({"commune": "99999"}, "Commune", "n’est pas une commune connue"),
        ({"commune": "Saint-Denis"}, "Commune", "plusieurs communes"),
        ({"email": "a@b"}, "Email", "adresse e-mail"),
        ({"id": ""}, "numéro d’origine", "manque"),
    ],
)
def test_a_bad_row_is_told_and_nothing_is_taken(terreau, tmp_path, change, column, reason):
    file = write(tmp_path / "a.csv", row(), row(**{"id": "2"} | change))
    code, out, err = terreau("import", "applications", file, "--call", "x")
    assert (code, out) == (2, "")
    assert f"ligne 3, colonne « {column} » : " in err
    assert reason in err
    assert "rien n’a été importé" in err.splitlines()[-1]
    assert not Application.objects.exists()
    assert not Call.objects.exists()
    assert not Organisation.objects.exists()


def test_the_good_rows_alone_on_demand(terreau, tmp_path):
    file = write(tmp_path / "a.csv", row(), row(id="2", amount="-1"), row(id="1"), ["court"])
    code, out, err = terreau("import", "applications", file, "--call", "x", "--only-good")
    assert code == 0
    assert "ajoutés : 1" in out
    assert "lignes laissées : 3" in out
    assert "est déjà plus haut" in err
    assert "1 cellules au lieu de 10" in err


def test_a_dry_run_writes_nothing(terreau, tmp_path):
    file = write(tmp_path / "a.csv", row())
    code, out, _err = terreau("import", "applications", file, "--call", "x", "--dry-run")
    assert code == 0
    assert "seraient ajoutés : 1" in out
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.csv", b"", "est vide"),
        ("header.csv", ";".join(HEADER).encode(), "aucune ligne"),
        ("noise.csv", bytes(range(256)) * 40, "n’est pas un fichier texte"),
        ("noise.xlsx", bytes(range(256)), "n’est pas un classeur"),
        ("broken.json", b"{", "n’est pas un fichier JSON"),
        ("other.json", b'{"a": 1}', "360Giving"),
        ("a.pdf", b"%PDF", "les formats lus"),
        ("a.pb", b"META\nkey;value\n", "PROJECTS"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(terreau, tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    code, _out, err = terreau("import", "applications", tmp_path / name, "--call", "x")
    assert code == 2
    assert err.splitlines()[-1].startswith("terreau: ")
    assert reason in err.splitlines()[-1]


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(terreau, tmp_path):
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(200 * 2**20)
    code, _out, err = terreau("import", "applications", tmp_path / "big.csv", "--call", "x")
    assert (code, err.count("\n")) == (2, 1)
    assert "200 Mo" in err


def test_a_missing_column_is_named_with_what_comes_near(terreau, tmp_path):
    header = ["Date de depot" if h == "Date de dépôt" else h for h in HEADER]
    file = write(tmp_path / "a.csv", row(), header=header)
    code, _out, err = terreau("import", "applications", file, "--call", "x")
    assert code == 2
    assert "colonne manquante « Date de dépôt ». Vouliez-vous dire « Date de depot » ?" in err


@pytest.mark.parametrize(("encoding", "mark", "said"), [("cp1252", ";", "Windows-1252"), ("utf-16", "\t", "UTF-16")])
def test_old_encodings_are_read_and_said(terreau, tmp_path, encoding, mark, said):
    file = write(tmp_path / "a.csv", row(), encoding=encoding, mark=mark)
    code, _out, err = terreau("import", "applications", file, "--call", "x")
    assert code == 0
    assert said in err
    assert Application.objects.get().title == "Un projet à Foix"


def test_a_workbook_is_read_like_a_text(terreau, tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(row())
    book.save(tmp_path / "a.xlsx")
    code, _out, _err = terreau("import", "applications", tmp_path / "a.xlsx", "--call", "x")
    assert code == 0
    assert Application.objects.get().requested_cents == 1_250_050


def test_columns_are_matched_by_name_and_by_the_user_s_mapping(terreau, tmp_path):
    made = factories.call(slug="appel")
    header = ["Référence interne", "Nom de la structure", "Titre du projet", "A quel besoin repondez-vous", "Divers"]
    file = write(tmp_path / "a.csv", ["7", "Les Ponts", "Un titre", "Un vrai besoin", "rien"], header=header)
    code, _out, err = terreau("import", "applications", file, "--call", "appel")
    assert code == 2
    assert "colonne « Divers » laissée de côté" in err
    (tmp_path / "map.toml").write_text(
        '[columns]\n"Référence interne" = "external_id"\n[constants]\nstate = "admitted"\n'
    )
    code, _out, err = terreau(
        "import", "applications", file, "--call", "appel", "--mapping", tmp_path / "map.toml", "--window", "mai"
    )
    assert code == 0, err
    taken = Application.objects.get()
    assert (taken.external_id, taken.state, taken.call, taken.window.key) == ("7", "admitted", made, "mai")
    assert taken.answers.get(key="need").value == "Un vrai besoin"


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ('[columns]\n"ID" = "titre"\n', "champ inconnu « titre » ; proche : title"),
        ('[columns]\n"Absente" = "title"\n', "colonne manquante « Absente »"),
        ("[columns", "illisible"),
    ],
)
def test_a_mapping_that_does_not_hold_is_told(terreau, tmp_path, toml, reason):
    file = write(tmp_path / "a.csv", row())
    (tmp_path / "map.toml").write_text(toml)
    code, _out, err = terreau("import", "applications", file, "--call", "x", "--mapping", tmp_path / "map.toml")
    assert code == 2
    assert reason in err


def test_a_call_or_a_window_that_is_not_there_is_asked_for(terreau, tmp_path):
    file = write(tmp_path / "a.csv", row())
    assert "dites avec --call" in terreau("import", "applications", file)[2]
    factories.call(slug="appel")
    code, _out, err = terreau("import", "applications", file, "--call", "appel", "--window", "juin")
    assert code == 2
    assert "ses périodes : mai" in err


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_export_writes_import_reads(terreau, tmp_path, kind):
    rules = factories.rules()
    source = factories.call(slug="source", rulebook_=rules)
    factories.call(slug="copie", rulebook_=replace(rules, windows=rules.windows))
    for number in range(2):
        owner = factories.membership()
        file = actions.start(source, owner.organisation, by=owner.user, membership=owner)
        answers = {"title": f"=Titre {number}", "summary": "Deux\nlignes ; et « | » dedans", "kind": "pilot"}
        answers |= {"domain": "inclusion", "themes": ["mentoring", "mobility"], "publics": {"cadre": 12 + number}}
        answers |= {"territories": ["commune:09122"], "need": "Un besoin, avec des virgules"}
        actions.save_answers(file, {k: (v, None) for k, v in answers.items()}, by=owner.user)
        lines = [
            {"rubric": "64", "label": "Équipe ; coordination", "amount_cents": 1_000_050},
            {"rubric": "74", "label": "Programme", "amount_cents": 700_050, "status": "sought", "requested": True},
        ]
        actions.save_budget(file, lines, by=owner.user)
        actions.save_partners(file, [{"name": "Une firme", "siret": "", "contribution": "Du temps"}], by=owner.user)
    first, second = tmp_path / f"a.{kind}", tmp_path / "b.csv"
    assert terreau("export", "applications", "--call", "source", "-o", first)[0] == 0
    code, _out, err = terreau("import", "applications", first, "--call", "copie")
    assert code == 0, err
    terreau("export", "applications", "--call", "copie", "-o", second)
    terreau("export", "applications", "--call", "source", "-o", tmp_path / "a.csv")
    assert told(tmp_path / "a.csv") == told(second)


def told(path: Path):
    """What the files of an export say, without what belongs to this instance."""
    own = {"reference", "external_id", "call", "email", "documents"}
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert rows
    return [{k: v for k, v in row.items() if k.rsplit("[", 1)[1].rstrip("]") not in own} for row in rows]


def test_an_unknown_choice_of_the_call_is_told(terreau, tmp_path):
    factories.call(slug="appel", rulebook_=factories.rules(kinds=(rulebook.Choice("pilot", "Expérimentation"),)))
    header = ["id", "titre", "structure", "type de projet"]
    file = write(tmp_path / "a.csv", ["1", "Un", "Deux", "Festival"], header=header)
    code, _out, err = terreau("import", "applications", file, "--call", "appel")
    assert code == 2
    assert "« Festival » n’est pas proposé par l’appel" in err
