"""The holder's pages of a report: without a script, with one, by several hands."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests import factories
from tests.funding import reported

from terreau.accounts.models import Role
from terreau.funding.actions import reports as actions
from terreau.funding.lifecycle import ReportState
from terreau.funding.queries import reports as queries
from terreau.projects.models import Collaborator

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def report():
    return reported.report()


@pytest.fixture
def holder(client, report):
    client.force_login(report.agreement.application.collaborators.get().membership.user)
    return client


def address(report, name="report-step", *more):
    return reverse(f"applicant:{name}", args=[report.agreement.application.reference, report.pk, *more])


def everything(report):
    """A whole report, as a browser without a script sends it."""
    said = {s.key: f"Texte de {s.key}." for s in queries.rules_of(report).asked(report.kind)}
    return said | {f"base-{key}": "0" for key in said}


def test_a_report_is_written_and_sent_without_a_script(holder, report):
    assert holder.get(address(report, "report-step", "texte")).status_code == 302
    opened = holder.post(address(report, "report-open"), follow=True)
    assert "Ce qui a été fait" in opened.content.decode()
    answer = holder.post(address(report, "report-step", "texte"), everything(report) | {"go": "next"})
    assert answer["Location"] == address(report, "report-step", "chiffres")
    typed = {f"fig-{key}": value for key, value in reported.told(report, l1="17600").items()}
    answer = holder.post(answer["Location"], typed | {"base-_figures": "0", "go": "next"}, follow=True)
    people = {"count-cadre": "31", "count-firm": "8", "base-_participants": "0", "go": "next"}
    holder.post(address(report, "report-step", "personnes"), people)
    page = holder.get(address(report, "report-step", "relecture")).content.decode()
    assert "L’écart de -2\u00a0400\u00a0€ est à expliquer." in page
    assert "31 pour 40 attendus" in page
    refused = holder.post(address(report, "report-submit"), follow=True).content.decode()
    assert "Il reste 1 point(s)" in refused
    version = queries.answers(report)["_figures"].version
    why = {"fig-l1-why": "Moins de déplacements.", "base-_figures": str(version)}
    holder.post(address(report, "report-step", "chiffres"), typed | why)
    sent = holder.post(address(report, "report-submit"), follow=True).content.decode()
    assert "Votre rapport est envoyé" in sent
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED
    assert holder.post(address(report, "report-step", "chiffres"), typed).status_code == 403
    assert "Empreinte" in holder.get(address(report, "report-step", "relecture")).content.decode()


def test_gaps_are_live_and_a_wrong_amount_is_told(holder, report):
    holder.post(address(report, "report-open"))
    typed = {f"fig-{key}": value for key, value in reported.told(report, l1="22500", l2="vingt").items()}
    part = holder.post(
        address(report, "report-step", "chiffres"), typed | {"base-_figures": "0"}, **HTMX
    ).content.decode()
    assert 'id="gap-l1" hx-swap-oob="true"' in part
    assert "+2\u00a0500\u00a0€ (+12,5\u00a0%)" in part
    assert "« vingt » n’est pas un montant." in part
    assert "<html" not in part
    page = holder.get(address(report, "report-step", "chiffres")).content.decode()
    assert 'value="vingt"' in page
    assert 'value="22\u00a0500"' in page


def test_an_added_line_is_kept_then_emptied(holder, report):
    holder.post(address(report, "report-open"))
    added = {"fig-x1": "500", "fig-x1-rubric": "62", "fig-x1-label": "Traduction", "base-_figures": "0"}
    holder.post(address(report, "report-step", "chiffres"), added)
    assert report.lines.get(key="x1").label == "Traduction"
    emptied = added | {"fig-x1": "", "fig-x1-label": "", "base-_figures": "9"}
    holder.post(address(report, "report-step", "chiffres"), emptied)
    assert not report.lines.filter(key="x1").exists()


def test_a_text_saves_itself_and_a_colleague_s_is_kept_aside(holder, client, report):
    holder.post(address(report, "report-open"))
    save = address(report, "report-save", "activities")
    answer = holder.post(save, {"activities": "Un texte.", "base-activities": "0"}, **HTMX).content.decode()
    assert "Enregistré à" in answer
    application = report.agreement.application
    colleague = factories.membership(Role.HOLDER, of=application.holder)
    Collaborator.objects.create(application=application, membership=colleague)
    client.force_login(colleague.user)
    answer = client.post(save, {"activities": "Un autre.", "base-activities": "0"}, **HTMX).content.decode()
    choose = address(report, "report-choose")
    assert choose in answer
    page = client.get(choose)
    assert "Un autre." in page.content.decode()
    (pair,) = page.context["pairs"]
    kept = {"revision": pair["revision"].pk, "keep": "other", "base-answer": pair["answer"].version}
    assert client.post(choose, kept)["Location"] == address(report, "report-step", "relecture")
    assert queries.answers(report)["activities"].value == "Un autre."


def test_what_was_typed_when_the_session_ended_comes_back(holder, report):
    holder.post(address(report, "report-open"))
    where, person = address(report, "report-step", "texte"), report.agreement.application.collaborators.get()
    holder.logout()
    assert holder.post(where, {"activities": "Perdu ?", "base-activities": "0"}).status_code == 302
    kept = holder.session["unsaved"]
    holder.force_login(person.membership.user)
    session = holder.session
    session["unsaved"] = kept
    session.save()
    assert "Perdu ?" in holder.get(where).content.decode()


def test_a_file_is_joined_taken_out_and_refused(holder, report):
    holder.post(address(report, "report-open"))
    where = address(report, "report-step", "pieces")
    pdf = SimpleUploadedFile("bilan.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    assert "bilan.pdf" in holder.post(where, {"file": pdf}, follow=True).content.decode()
    document = queries.attachments(report).get()
    assert holder.post(where, {"file": SimpleUploadedFile("x.exe", b"MZ")}).status_code == 422
    holder.post(address(report, "report-detach", document.pk))
    assert not queries.attachments(report).exists()


def test_a_reader_reads_and_a_stranger_learns_nothing(client, report):
    actions.open_report(report, by=None)
    application = report.agreement.application
    reader = factories.membership(Role.HOLDER, of=application.holder)
    Collaborator.objects.create(application=application, membership=reader, role=Collaborator.Role.READER)
    client.force_login(reader.user)
    assert client.get(address(report, "report-step", "texte")).status_code == 200
    assert client.post(address(report, "report-step", "texte"), {}).status_code == 403
    client.force_login(factories.person(Role.HOLDER))
    assert client.get(address(report, "report-step", "texte")).status_code == 404


@pytest.mark.parametrize("milestones", [0, 2])
def test_the_calendar_of_a_project_in_a_constant_number_of_queries(client, django_assert_num_queries, milestones):
    schedule = [("milestone", 100_000, date(2026, 3, 1) + timedelta(60 * i)) for i in range(milestones)]
    agreement = reported.agreement(schedule=schedule)
    client.force_login(agreement.application.collaborators.get().membership.user)
    where = reverse("applicant:follow", args=[agreement.application.reference])
    client.get(where)
    with django_assert_num_queries(11):
        page = client.get(where)
    assert len(page.context["rows"]) == 3 + milestones
