"""A file on one page, what may be done from it, and the admissibility screen."""

from datetime import timedelta

import factories
import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone

from terreau.accounts.models import Role
from terreau.core import journal
from terreau.projects import actions
from terreau.projects.lifecycle import State
from terreau.selection.models import Recusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    return officer


@pytest.fixture
def owner():
    return factories.membership(Role.HOLDER)


@pytest.fixture
def file(owner):
    return factories.application(
        owner=owner, state=State.SUBMITTED, region=factories.region(), themes=["mobility"], publics={"cadre": 12}
    )


def url(file, rest=""):
    return f"/bureau/dossiers/{file.reference}/{rest}"


def test_the_page_says_everything(client, officer, file):
    file.answers.create(key="need", value="Rompre l’isolement.")
    file.budget_lines.create(rubric="60", label="Achats", amount_cents=10_000_00)
    file.budget_lines.create(rubric="74", label="Ce financeur", amount_cents=10_000_00, requested=True)
    file.partners.create(name="Mission locale", siret="")
    page = client.get(url(file)).content.decode()
    for said in (file.title, "Rompre l’isolement.", "Achats", "demandé à ce financeur", "Mission locale", "Mobilité"):
        assert said in page
    assert "Vérifier la recevabilité" in page
    assert "Lever l’inéligibilité" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(client, officer, file, count, django_assert_num_queries):
    client.get(url(file))  # the rules of a published version are read once for all
    for number in range(count):
        file.answers.create(key=f"q{number}", value="Oui")
        file.partners.create(name="Mission locale")
        file.messages.create(author=officer, from_office=True, body="Bonjour")
        file.budget_lines.create(rubric="60", label="Achats", amount_cents=1)
        journal.record(file, "edit", by=officer)
    with django_assert_num_queries(19):
        assert client.get(url(file)).status_code == 200


def test_a_document_is_handed_out_as_an_attachment(client, officer, file):
    held = file.documents.create(
        key="statutes", name="statuts.pdf", mime="application/pdf", size=4, file=ContentFile(b"%PDF", "statuts.pdf")
    )
    answer = client.get(url(file, f"pieces/{held.pk}/"))
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert answer["Content-Disposition"] == 'attachment; filename="statuts.pdf"'
    other = factories.application(state=State.SUBMITTED)
    assert client.get(url(other, f"pieces/{held.pk}/")).status_code == 404


def test_a_changed_snapshot_is_seen(client, officer, file):
    file.submissions.create(
        number=1, content={"title": "Autre"}, digest="0" * 64, version=file.version, at=timezone.now()
    )
    assert "ne correspond plus" in client.get(url(file)).content.decode()


def test_a_message_leaves_and_htmx_receives_the_conversation(client, officer, owner, file):
    page = client.post(url(file, "message/"), {"body": "Une précision ?"}, headers={"HX-Request": "true"})
    assert page.content.decode().lstrip().startswith('<div id="conversation">')
    assert "Une précision ?" in page.content.decode()
    assert client.post(url(file, "message/"), {"body": "Autre"}).status_code == 302
    assert client.post(url(file, "message/"), {"body": ""}, headers={"HX-Request": "true"}).status_code == 200
    assert file.messages.count() == 2


def test_the_inbox_lists_who_waits(client, officer, owner, file):
    actions.write_message(file, "Bonjour", by=owner.user, from_office=False)
    assert file.title in client.get("/bureau/messages/").content.decode()
    actions.write_message(file, "Voici", by=officer, from_office=True)
    assert file.title not in client.get("/bureau/messages/").content.decode()


@pytest.mark.parametrize(
    ("state", "verb", "said", "end"),
    [
        (State.SUBMITTED, "reopen", {"reason": "Budget à revoir"}, State.DRAFT),
        (State.INELIGIBLE, "reconsider", {"reason": "Erreur"}, State.SUBMITTED),
    ],
)
def test_an_act_asks_then_does(client, officer, owner, state, verb, said, end):
    file = factories.application(owner=owner, state=state)
    assert "?" in client.get(url(file, f"{verb}/")).content.decode()
    refused = client.post(url(file, f"{verb}/"), {"reason": ""})
    assert refused.context["form"].errors
    client.post(url(file, f"{verb}/"), said)
    file.refresh_from_db()
    assert file.state == end


def test_a_file_is_shared_with_regions(client, officer, file):
    bretagne = factories.region("53", "Bretagne")
    client.post(url(file, "share/"), {"regions": [bretagne.pk]})
    assert set(file.regions.all()) == {file.region, bretagne}


@pytest.mark.parametrize(
    ("role", "state", "page", "status"),
    [
        (Role.OFFICER, State.SELECTED, "reopen/", 403),
        (Role.OFFICER, State.SELECTED, "recevabilite/", 403),
        (Role.OFFICER, State.SUBMITTED, "explode/", 404),
        (Role.CHAIR, State.SUBMITTED, "recevabilite/", 403),
        (Role.CHAIR, State.SUBMITTED, "message/", 405),
        (Role.DELEGATE, State.SUBMITTED, "reopen/", 403),
        (Role.DELEGATE, State.SUBMITTED, "", 200),
        (Role.JUROR, State.IN_REVIEW, "", 404),
        (Role.HOLDER, State.SUBMITTED, "recevabilite/", 404),
    ],
)
def test_the_wrong_role_or_moment(client, role, state, page, status):
    region = factories.region()
    file = factories.application(state=state, region=region)
    client.force_login(factories.person(role, regions=[region]))
    assert client.get(url(file, page)).status_code == status


def test_a_recusal_takes_the_file_away(client, officer, file):
    Recusal.objects.create(application=file, member=officer.memberships.get())
    assert client.get(url(file)).status_code == 404


def test_admissibility_shows_both_sides_with_the_machine_s_word(client, officer, file):
    page = client.get(url(file, "recevabilite/"))
    assert page.status_code == 200
    keys = {line.key for line in page.context["eligible"]}
    assert keys
    assert set(page.context["ticked"]) >= {line.key for line in page.context["eligible"] if line.ok}
    assert "Règlement, article 2" in page.content.decode()


def test_admitting_needs_every_line_or_a_note(client, officer, owner, file):
    refused = client.post(url(file, "recevabilite/"), {"verb": "admit", "checked": []})
    assert "Cochez chaque point" in refused.content.decode()
    client.post(url(file, "recevabilite/"), {"verb": "admit", "note": "Pièces reçues par courrier."})
    file.refresh_from_db()
    assert file.state == State.ADMITTED
    (line,) = journal.history(file)
    assert line.details["reason"] == "Pièces reçues par courrier."
    assert line.details["unchecked"]


def test_missing_pieces_are_asked_with_a_delay(client, officer, owner, file, django_capture_on_commit_callbacks):
    due_on = timezone.localdate() + timedelta(days=14)
    said = {"verb": "ask", "items": [], "other": "Le RIB\nLes comptes 2024", "message": "", "due_on": due_on}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(file, "recevabilite/"), said)
    (request,) = file.missing_requests.all()
    assert (request.items, request.due_on) == (["Le RIB", "Les comptes 2024"], due_on)
    assert mail.outbox[0].to == [owner.user.email]


def test_a_request_without_anything_is_refused_and_nothing_is_lost(client, officer, file):
    said = {"verb": "ask", "message": "Merci de compléter.", "due_on": timezone.localdate()}
    page = client.post(url(file, "recevabilite/"), said)
    assert set(page.context["missing"].errors) == {"items", "due_on"}
    assert "Merci de compléter." in page.content.decode()


def test_ineligibility_names_a_rule(client, officer, file):
    said = {"verb": "refuse", "rule": "other", "other": "", "reason": "Fonds de dotation."}
    assert client.post(url(file, "recevabilite/"), said).context["ineligible"].errors
    client.post(url(file, "recevabilite/"), said | {"other": "Article 2"})
    (line,) = journal.history(file)
    assert (line.verb, line.details["rule"]) == ("declare_ineligible", "Article 2")


def test_the_queue_goes_from_the_oldest_to_the_next(client, officer, file):
    old = factories.application(state=State.SUBMITTED, submitted_at=timezone.now() - timedelta(days=9))
    assert client.get("/bureau/recevabilite/").url == url(old, "recevabilite/")
    assert client.get(f"/bureau/recevabilite/?apres={old.reference}").url == url(file, "recevabilite/")
    done = client.post(url(old, "recevabilite/"), {"verb": "admit", "note": "Vu.", "then": "next"})
    assert done.url == url(file, "recevabilite/")
    assert client.get(f"/bureau/recevabilite/?apres={file.reference}").url == "/bureau/"


@pytest.mark.parametrize("count", [1, 3])
def test_the_dashboard_costs_the_same_whatever_it_holds(client, officer, count, django_assert_num_queries):
    call = factories.call()
    for _ in range(count):
        factories.application(of=call, state=State.SUBMITTED, region=factories.region(), themes=["mobility"])
    with django_assert_num_queries(17):
        page = client.get("/bureau/")
    assert [task["number"] for task in page.context["tasks"]][:3] == [count, 0, 0]
    assert page.context["funnel"][0][1] == count
