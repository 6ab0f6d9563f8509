"""The applicant's pages: whose they are, what each does, and that nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests import factories

from terreau.projects import actions, queries
from terreau.projects.models import Application, Collaborator

pytestmark = pytest.mark.django_db
STEPS = ["project", "section-project", "territory", "publics", "budget", "partners", "documents", "review"]


@pytest.fixture
def owner():
    return factories.membership()


@pytest.fixture
def draft(owner):
    return actions.start(factories.call(), owner.organisation, by=owner.user, membership=owner)


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner.user)
    return client


def address(name, draft, *more):
    return reverse(f"applicant:{name}", args=[draft.reference, *more])


def test_a_file_begins_in_the_name_of_a_structure(signed_in, owner):
    call = factories.call()
    url = reverse("applicant:start", args=[call.slug])
    assert owner.organisation.name in signed_in.get(url).content.decode()
    assert signed_in.post(url, {"membership": "999"}).status_code == 302
    assert not Application.objects.exists()
    answer = signed_in.post(url, {"membership": owner.pk})
    made = Application.objects.get()
    assert answer.url == address("step", made, "project")
    assert made.holder == owner.organisation


def test_what_the_public_check_heard_is_not_asked_again(signed_in, owner):
    call = factories.call()
    session = signed_in.session
    session["eligibility"] = {call.slug: {"amount_cents": 4_000_000, "publics": ["cadre"]}}
    session.save()
    url = reverse("applicant:start", args=[call.slug])
    assert "vos réponses servent" in signed_in.get(url).content.decode()
    signed_in.post(url, {"membership": owner.pk})
    assert Application.objects.get().requested_cents == 4_000_000


@pytest.mark.parametrize("key", STEPS)
def test_every_step_opens(signed_in, draft, key):
    answer = signed_in.get(address("step", draft, key), follow=True)
    assert answer.status_code == 200
    assert draft.reference in answer.content.decode()


@pytest.mark.parametrize("name", ["file", "review", "conflicts", "share", "withdraw"])
def test_every_page_of_a_file_opens(signed_in, draft, name):
    assert signed_in.get(address(name, draft)).status_code == 200


@pytest.mark.parametrize(
    ("name", "more"), [("file", []), ("step", ["project"]), ("review", []), ("conflicts", []), ("share", [])]
)
def test_a_file_does_not_exist_for_strangers(client, draft, name, more):
    client.force_login(factories.person())
    assert client.get(address(name, draft, *more)).status_code == 404


def test_a_reader_reads_and_does_not_write(client, draft, owner):
    reader = factories.membership(of=owner.organisation)
    actions.share(draft, reader, Collaborator.Role.READER, by=owner.user)
    client.force_login(reader.user)
    page = client.get(address("step", draft, "project"))
    assert page.status_code == 200
    assert "Enregistrer et continuer" not in page.content.decode()
    assert client.post(address("step", draft, "project"), {"title": "x", "base-title": "0"}).status_code == 403
    assert client.post(address("save", draft, "title"), {"title": "x", "base-title": "0"}).status_code == 403
    assert client.post(address("submit", draft)).status_code == 403
    assert client.get(address("share", draft)).status_code == 403


def test_a_step_saves_without_a_script_and_goes_on(signed_in, draft):
    posted = {"title": "Boostes Ton Job", "base-title": "0", "kind": "pilot", "base-kind": "0", "go": "next"}
    answer = signed_in.post(address("step", draft, "project"), posted)
    assert answer.url == address("step", draft, "section-project")
    draft.refresh_from_db()
    assert (draft.title, draft.kind) == ("Boostes Ton Job", "pilot")


def test_territories_are_searched_and_ticked_without_a_script(signed_in, draft):
    factories.region()
    url = address("step", draft, "territory")
    answer = signed_in.post(url, {"base-territories": "0", "territories-q": "Grand Est", "go": "next"})
    assert answer.url == f"{url}?territories-q=Grand+Est#reponses"
    assert 'value="region:44"' in signed_in.get(answer.url).content.decode()
    signed_in.post(url, {"base-territories": "0", "territories": ["region:44"], "go": "next"})
    draft.refresh_from_db()
    assert draft.region.code == "44"


def test_garbage_stays_as_typed_with_an_error_at_the_field(signed_in, draft):
    posted = {"publics-cadre": "beaucoup", "publics-graduate": "12", "base-publics": "0", "go": "next"}
    answer = signed_in.post(address("step", draft, "publics"), posted)
    page = signed_in.get(answer.url).content.decode()
    assert "beaucoup" in page
    assert 'aria-invalid="true"' in page
    assert "nombres entiers" in page


def test_an_autosave_says_when(signed_in, draft):
    answer = signed_in.post(
        address("save", draft, "need"),
        {"need": "Un besoin", "base-need": "0", "writer": "abc"},
        headers={"hx-request": "true"},
    )
    page = answer.content.decode()
    assert "Enregistré à" in page
    assert 'name="base-need" value="1"' in page
    assert "2 mots sur 300" in page


def test_an_autosave_takes_few_queries(signed_in, draft, django_assert_num_queries):
    signed_in.post(address("save", draft, "need"), {"need": "Un", "base-need": "0", "writer": "abc"})
    with django_assert_num_queries(11):
        signed_in.post(address("save", draft, "need"), {"need": "Deux", "base-need": "1", "writer": "abc"})


def test_an_autosave_of_an_ended_session_says_so(client, draft):
    answer = client.post(address("save", draft, "need"), {"need": "Un besoin", "base-need": "0"})
    assert answer.status_code == 401


def test_a_form_posted_after_the_session_ended_comes_back(client, draft, owner):
    url = address("step", draft, "section-project")
    answer = client.post(url, {"need": "Un long texte", "base-need": "0"})
    assert "connexion" in answer.url or "login" in answer.url
    client.force_login(owner.user)
    page = client.get(url).content.decode()
    assert "Un long texte" in page
    assert "Votre session avait expiré" in page


def test_a_budget_sent_by_a_script_after_the_session_ended_comes_back(client, draft, owner):
    url = address("step", draft, "budget")
    answer = client.post(url, budget_form(**{"row0-amount": "13 000"}), headers={"hx-request": "true"})
    assert answer.status_code == 401
    assert "login" in answer["HX-Redirect"]
    client.force_login(owner.user)
    page = client.get(url).content.decode()
    assert 'value="13 000"' in page
    assert "Votre session avait expiré" in page
    assert "n’est pas un montant" not in page


def test_two_editors_get_both_texts_and_choose(client, signed_in, draft, owner):
    other = factories.membership(of=owner.organisation)
    actions.share(draft, other, Collaborator.Role.EDITOR, by=owner.user)
    url = address("step", draft, "section-project")
    signed_in.post(url, {"need": "Un texte commun", "base-need": "0"})
    signed_in.post(url, {"need": "Un texte commun de la première", "base-need": "1"})
    client.force_login(other.user)
    answer = client.post(url, {"need": "Un texte commun du second", "base-need": "1"})
    assert answer.url == address("conflicts", draft)
    page = client.get(answer.url).content.decode()
    assert "de la première" in page
    assert "du second" in page
    aside = queries.unmerged(draft).get()
    client.post(answer.url, {"revision": aside.pk, "base-answer": "2", "keep": "joined", "text": "Les deux"})
    assert draft.answers.get(key="need").value == "Les deux"
    assert not queries.unmerged(draft).exists()


def budget_form(**more):
    return {
        "row": ["row0", "row1", "row2"],
        "row0-rubric": "64",
        "row0-label": "Salaires",
        "row0-amount": "12 000",
        "row1-rubric": "74",
        "row1-label": "Ce financeur",
        "row1-amount": "8000",
        "row1-status": "sought",
        "row2-rubric": "74",
        "row2-label": "Région",
        "row2-amount": "4000,00",
        "row2-status": "obtained",
        "requested": "row1",
        "base-budget": "0",
    } | more


def test_the_budget_adds_up_without_a_script(signed_in, draft):
    url = address("step", draft, "budget")
    assert signed_in.post(url, budget_form(go="next")).url == address("step", draft, "partners")
    draft.refresh_from_db()
    assert (draft.total_cents, draft.requested_cents) == (1_200_000, 800_000)
    answer = signed_in.post(url, budget_form(add="kind-expenses", **{"base-budget": "1"}))
    assert answer.url.endswith("?ajouter=kind-expenses#kind-expenses")
    assert "row3-rubric" in signed_in.get(answer.url).content.decode()


def test_a_wrong_amount_stays_in_its_field(signed_in, draft):
    url = address("step", draft, "budget")
    assert signed_in.post(url, budget_form(go="next", **{"row0-amount": "douze mille"})).url == url
    page = signed_in.get(url).content.decode()
    assert 'value="douze mille"' in page
    assert "n’est pas un montant" in page


def test_the_budget_answers_a_script_with_its_totals(signed_in, draft):
    url = address("step", draft, "budget")
    page = signed_in.post(url, budget_form(), headers={"hx-request": "true"}).content.decode()
    assert page.strip().startswith('<section id="budget-state"')
    assert "66,7" in page
    assert 'name="base-budget" value="1"' in page


def test_partners_keep_a_wrong_siret_with_its_error(signed_in, draft):
    url = address("step", draft, "partners")
    posted = {"row": "row0", "row0-name": "Atelier", "row0-siret": "123", "base-partners": "0", "go": "next"}
    signed_in.post(url, posted)
    page = signed_in.get(url).content.decode()
    assert 'value="123"' in page
    assert 'aria-invalid="true"' in page


def test_a_document_is_checked_kept_and_handed_out_as_an_attachment(signed_in, client, draft):
    url = address("step", draft, "documents")
    wrong = SimpleUploadedFile("statuts.pdf", b"<html><script>alert(1)</script></html>")
    answer = signed_in.post(url, {"key": "statutes", "file": wrong})
    assert answer.status_code == 422
    assert "type de fichier" in answer.content.decode()
    good = SimpleUploadedFile("statuts.pdf", b"%PDF-1.7\n%%EOF\n")
    assert signed_in.post(url, {"key": "statutes", "file": good}).status_code == 302
    document = draft.documents.get()
    link = address("document", draft, document.pk)
    got = signed_in.get(link)
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    b"".join(got.streaming_content)
    signed_in.post(address("document_remove", draft, document.pk))
    assert not draft.documents.filter(removed_at=None).exists()
    client.force_login(factories.person())
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_length(client, django_assert_num_queries, rows):
    owner = factories.membership()
    call = factories.call()
    for _ in range(rows):
        actions.start(call, owner.organisation, by=owner.user, membership=owner)
    client.force_login(owner.user)
    client.get(reverse("applicant:home"))
    with django_assert_num_queries(12):
        page = client.get(reverse("applicant:home")).content.decode()
    assert page.count("points à compléter") == rows
