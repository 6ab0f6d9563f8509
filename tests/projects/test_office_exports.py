"""The wide table: what it says, what a spreadsheet may not do with it, what it costs."""

import csv
import io
import tempfile

import factories
import openpyxl
import pytest
from django.utils import timezone

from terreau.accounts.models import Role
from terreau.calls import rulebook
from terreau.core.models import Entry
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.projects.queries import exports, sheets

pytestmark = pytest.mark.django_db
QUESTIONS = (
    rulebook.Question("need", "long_text", "À quel besoin répondez-vous ?"),
    rulebook.Question("cost", "money", "Coût par personne"),
    rulebook.Question(
        "modes",
        "choices",
        "Modes d’action",
        choices=(rulebook.Choice("one", "Individuel"), rulebook.Choice("many", "Collectif")),
    ),
    rulebook.Question("proof", "file", "Justificatif"),
)


@pytest.fixture
def call():
    rules = factories.rules(sections=(rulebook.Section("project", "Le projet", questions=QUESTIONS),))
    return factories.call(rulebook_=rules)


@pytest.fixture
def file(call):
    owner = factories.membership(Role.HOLDER)
    made = factories.application(
        of=call,
        owner=owner,
        state=State.SUBMITTED,
        region=factories.region(),
        title="=HYPERLINK(1)",
        themes=["mobility", "mentoring"],
        publics={"cadre": 12},
    )
    made.answers.create(key="need", value="Rompre l’isolement,\n« ici ».")
    made.answers.create(key="cost", value=123_450)
    made.answers.create(key="modes", value=["one", "many"])
    made.budget_lines.create(rubric="74", label="Région", amount_cents=1_000_000, status="sought")
    made.partners.create(name="Mission locale", siret="", contribution="Orientation")
    made.territories.add(made.region)
    return made


def table(applications=None):
    rows = exports.rows(Application.objects.all() if applications is None else applications)
    text = "".join(sheets.csv_lines(rows))
    assert text.startswith("\ufeff")
    header, *lines = csv.reader(io.StringIO(text[1:]))
    keys = [head.rsplit("[", 1)[1].rstrip("]") for head in header]
    return [dict(zip(keys, line, strict=True)) for line in lines]


def test_a_row_says_everything_under_stable_keys(file):
    (row,) = table()
    assert row["reference"] == file.reference
    assert (row["call"], row["window"], row["state"]) == (file.call.slug, "mai", "déposé")
    assert (row["kind"], row["themes"]) == ("Expérimentation", "Mobilité | Parrainage")
    assert row["requested"] == "50000.00"
    assert (row["publics.cadre"], row["publics.graduate"]) == ("12", "")
    assert row["answers.need"] == "Rompre l’isolement,\n« ici »."
    assert (row["answers.cost"], row["answers.modes"]) == ("1234.50", "Individuel | Collectif")
    assert row["budget"] == "74 ; Région ; 10000.00 ; sought ; "
    assert row["partners"] == "Mission locale ;  ; Orientation"
    assert row["territories"] == "region:44 Grand Est"
    assert "@" in row["email"]
    assert "answers.proof" not in row


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-1", "@SUM(A1)", "\tx", "'='"])
def test_no_text_is_a_formula(text):
    assert not exports.safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert exports.restored(exports.safe(text)) == text


def test_a_formula_leaves_as_text_in_both_forms(file):
    (row,) = table()
    assert row["title"] == "'=HYPERLINK(1)"
    with tempfile.TemporaryFile() as book:
        assert sheets.write_xlsx(exports.rows(Application.objects.all()), book) == 1
        sheet = openpyxl.load_workbook(book).active
    header, line = list(sheet.iter_rows())
    cells = {head.value.rsplit("[", 1)[1].rstrip("]"): cell for head, cell in zip(header, line, strict=True)}
    assert (cells["title"].value, cells["title"].data_type) == ("'=HYPERLINK(1)", "s")
    assert (cells["requested"].value, cells["requested"].data_type) == (50_000, "n")
    assert cells["submitted_at"].is_date
    local = timezone.localtime(file.submitted_at).replace(tzinfo=None)
    assert abs((cells["submitted_at"].value - local).total_seconds()) < 1


def test_signs_that_xml_cannot_hold_are_left_out(file):
    file.answers.filter(key="need").update(value="a\x0bb<&>" + "x" * 40_000)
    with tempfile.TemporaryFile() as book:
        sheets.write_xlsx(exports.rows(Application.objects.all()), book)
        values = [cell.value for cell in list(openpyxl.load_workbook(book).active.iter_rows())[1]]
    (long,) = [v for v in values if isinstance(v, str) and len(v) > 1000]
    assert long.startswith("ab<&>x")
    assert len(long) <= sheets.LONGEST


@pytest.mark.parametrize("count", [1, 3])
def test_the_export_costs_the_same_whatever_it_holds(call, file, count, django_assert_num_queries):
    for _ in range(count - 1):
        other = factories.application(of=call, state=State.SUBMITTED, owner=factories.membership(Role.HOLDER))
        other.answers.create(key="need", value="Autre")
    with django_assert_num_queries(10):
        assert len(table()) == count


def test_rows_keep_to_their_file(call, file):
    bare = factories.application(of=call, state=State.ADMITTED, themes=["mobility"])
    last = factories.application(of=call, state=State.ADMITTED)
    last.answers.create(key="need", value="Dernier")
    rows = {row["reference"]: row for row in table()}
    assert rows[bare.reference]["answers.need"] == ""
    assert rows[bare.reference]["themes"] == "Mobilité"
    assert (rows[last.reference]["answers.need"], rows[last.reference]["themes"]) == ("Dernier", "")


def test_the_newest_wording_names_the_column(call, file):
    changed = (rulebook.Question("need", "long_text", "Quel besoin ?"), rulebook.Question("new", "date", "Début"))
    rules = factories.rules(sections=(rulebook.Section("project", "Le projet", questions=changed),))
    call.versions.create(number=2, content=rulebook.dump(rules), published_at=timezone.now())
    headers = [column.header for column in exports.columns(Application.objects.all())]
    assert "Quel besoin ? [answers.need]" in headers
    assert "Coût par personne [answers.cost]" in headers
    assert "Début [answers.new]" in headers


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_office_downloads_what_it_filters_and_the_journal_knows(client, call, file, form):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    factories.application(of=call, state=State.ADMITTED)
    answer = client.get(f"/bureau/dossiers/export.{form}?state=submitted")
    content = b"".join(answer.streaming_content)
    assert f".{form}" in answer["Content-Disposition"]
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 2
    else:
        assert openpyxl.load_workbook(io.BytesIO(content)).active.max_row == 2
    line = Entry.objects.get(verb="export_applications")
    assert line.details == {"form": form, "query": "state=submitted", "files": 1}
    assert line.actor_id == officer.pk


def test_a_delegate_downloads_their_region_alone(client, call, file):
    client.force_login(factories.person(Role.DELEGATE, regions=[factories.region("53", "Bretagne")]))
    content = b"".join(client.get("/bureau/dossiers/export.csv").streaming_content).decode()
    assert file.reference not in content
