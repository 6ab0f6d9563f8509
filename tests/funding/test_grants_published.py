"""What leaves as open data: signed and announced only, valid, the same by the command and at the public address."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from reported import agreement
from standards import checked, scdl_faults
from tests import factories

from terreau.cli.grants import publishing
from terreau.funding.lifecycle import AgreementState
from terreau.funding.models import Agreement
from terreau.funding.queries import published
from terreau.projects.models import Application
from terreau.territories.models import Level, Territory


@pytest.fixture
def funder(db):
    return factories.organisation(kind="funder", name="Financeur")


def announced(funder, **options):
    made = agreement(**options)
    Application.objects.filter(pk=made.application_id).update(announced_at=timezone.now())
    type(made.application.call).objects.filter(pk=made.application.call_id).update(funder=funder)
    return made


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def body(client, name, *edition):
    address = reverse("public:edition-grants-file" if edition else "public:grants-file", args=[*edition, name])
    return b"".join(client.get(address)).decode()


def test_one_row_a_signed_agreement_of_an_announced_selection(funder, client):
    one = announced(funder)
    one.territories.add(Territory.objects.create(level=Level.COMMUNE, code="68224", name="Mulhouse"))
    draft = announced(funder, signed_on=None, state=AgreementState.OFFERED, number=None)
    secret = announced(funder)
    Application.objects.filter(pk=secret.application_id).update(announced_at=None)
    (row,) = rows_of(body(client, "subventions-scdl.csv"))
    assert row["referenceDecision"] == one.number
    assert {draft.application.reference, secret.number} & set(row.values()) == set()
    assert (row["idAttribuant"], row["nomAttribuant"]) == (funder.siret, "Financeur")
    assert (row["montant"], row["conditionsVersement"]) == ("40000.00", "échelonné")
    assert row["datesPeriodeVersement"] == "2026-01-15/2026-12-31"
    (grant,) = json.loads(body(client, "subventions-360giving.json"))["grants"]
    assert grant["beneficiaryLocation"] == [{"name": "Mulhouse", "countryCode": "FR", "geoCode": "68224"}]
    assert grant["awardDate"] == timezone.localdate().isoformat()
    (flat,) = rows_of(body(client, "subventions-360giving.csv"))
    assert (flat["Identifier"], flat["Beneficiary Location:0:Name"]) == (grant["id"], "Mulhouse")


@pytest.mark.parametrize("name", ["subventions-scdl.csv", "subventions-360giving.json", "subventions-360giving.csv"])
def test_a_file_costs_three_queries_whatever_its_length(funder, client, name, django_assert_num_queries):
    for number in (1, 3):
        while Agreement.objects.count() < number:
            announced(funder)
        with django_assert_num_queries(3):  # is there any, the places, the agreements
            assert len(re.findall(r"(?<!\d)40000(?!\d)", body(client, name))) == number


def test_the_page_says_what_is_published_under_one_count_of_queries(funder, client, django_assert_num_queries):
    assert "Pas encore de subvention publiée" in client.get(reverse("public:grants")).text
    for number in (1, 3):
        while Agreement.objects.count() < number:
            announced(funder)
        with django_assert_num_queries(1):
            text = client.get(reverse("public:grants")).text
    assert "subventions-scdl.csv" in text
    (edition,) = published.editions()
    assert (edition.number, edition.cents, edition.last_signed) == (3, 12_000_000, date(2026, 1, 1))


def test_addresses_that_name_nothing(funder, client):
    announced(funder)
    year = published.editions()[0].year
    for path in ("rien.csv", f"{year - 1}/subventions-scdl.csv"):
        assert client.get(f"/donnees/subventions/{path}").status_code == 404
    assert client.get(f"/donnees/subventions/{year}/subventions-scdl.csv").status_code == 200


def test_the_command_writes_the_same_file_and_tells_what_it_leaves_out(funder, client, tmp_path, capsys):
    announced(funder)
    poor = announced(funder)
    type(poor.holder).objects.filter(pk=poor.holder_id).update(siret=None, rna="W2A1234567")
    publishing.run("scdl", tmp_path / "grants.csv", None)
    assert (tmp_path / "grants.csv").read_text(encoding="utf-8") == body(client, "subventions-scdl.csv")
    told = capsys.readouterr()
    assert "grants.csv : 1 ; laissées : 1." in told.out
    assert f"{poor.number}, {poor.holder.name} : le bénéficiaire n’a ni SIRET valide ni numéro RNA." in told.err
    assert [path.name for path in tmp_path.iterdir()] == ["grants.csv"]


@pytest.mark.parametrize(
    ("standard", "name", "edition", "words"),
    [
        ("scdl", "grants.json", None, r"écrivez un fichier \.csv"),
        ("360giving", "grants.txt", None, r"\.json ou \.csv"),
        ("360giving", "grants.json", 1999, "rien à publier"),
        ("scdl", "no/where.csv", None, "n’existe pas"),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_no_file(funder, tmp_path, standard, name, edition, words):
    announced(funder)
    with pytest.raises(ValueError, match=words):
        publishing.run(standard, tmp_path / name, edition)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.data
def test_the_files_are_valid_for_the_published_schemas(funder, tmp_path):
    for _number in range(3):
        announced(funder)
    publishing.run("scdl", tmp_path / "grants.csv", None)
    assert scdl_faults(tmp_path / "grants.csv") == []
    publishing.run("360giving", tmp_path / "grants.json", None)
    package = json.loads((tmp_path / "grants.json").read_text(encoding="utf-8"))
    checked(package)
    assert len(package["grants"]) == 3
