"""The juror's pages: their files only, a grid that saves itself, with and without JavaScript."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.projects.models import Document
from terreau.selection import actions
from terreau.selection.models import Review

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}
FULL = {"score-innovation": "4", "why-innovation": "Neuf", "score-impact": "3", "why-impact": "Plausible"}


@pytest.fixture
def juror(client):
    juror = factories.membership(Role.JUROR)
    client.force_login(juror.user)
    return juror


@pytest.fixture
def officer():
    return factories.person(Role.OFFICER)


@pytest.fixture
def call():
    return factories.call()


@pytest.fixture
def assigned(call, officer):
    def assign(juror, **fields):
        file = factories.application(of=call, state=State.ADMITTED, **fields)
        (made,) = actions.assign_reviewers(file, [juror], by=officer)
        return Review.objects.get(pk=made.pk)

    return assign


@pytest.fixture
def review(assigned, juror):
    return assigned(juror)


def address(review, name="review", **more):
    return reverse(f"jury:{name}", kwargs={"pk": review.pk, **more})


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_questions_whatever_its_length(client, juror, assigned, rows, django_assert_num_queries):
    for _number in range(rows):
        assigned(juror)
    with django_assert_num_queries(6):
        page = client.get(reverse("jury:home"))
    assert page.content.decode().count("0 sur 2 critères") == rows


def test_the_list_is_for_jurors(client, juror, assigned):
    assigned(factories.membership(Role.JUROR), title="Dossier d’une autre")
    assert "Dossier d’une autre" not in client.get(reverse("jury:home")).content.decode()
    client.force_login(factories.person(Role.HOLDER))
    assert client.get(reverse("jury:home")).status_code == 404


def test_the_file_of_another_juror_does_not_exist(client, juror, assigned):
    other = assigned(factories.membership(Role.JUROR))
    for name in ("review", "hand-in"):
        assert client.get(address(other, name)).status_code == 404
    for name in ("review", "hand-in", "recuse"):
        assert client.post(address(other, name)).status_code == 404
    other.refresh_from_db()
    assert other.state == "assigned"


def test_the_page_shows_the_file_the_grid_and_nothing_of_other_jurors(client, review, officer):
    other = factories.membership(Role.JUROR)
    (theirs,) = actions.assign_reviewers(review.application, [other], by=officer)
    actions.save_review(theirs, {"impact": (1, "Avis tenu secret")}, "Secret aussi", by=other.user)
    text = client.get(address(review)).content.decode()
    for words in (review.application.title, "Innovation sociale", "Que change le projet", "À quel besoin"):
        assert words in text
    for words in ("secret", "Secret", other.user.last_name):
        assert words not in text


def test_the_grid_saves_itself_and_says_when(client, review):
    part = client.post(address(review), {"score-impact": "3", "base-impact": "0"}, **HTMX)
    assert 'id="saved"' in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "Enregistré à" in part.content.decode()
    assert 'name="base-impact" value="1"' in " ".join(part.content.decode().split())
    assert review.scores.get().value == 3


def test_a_part_of_the_grid_leaves_the_rest_alone(client, review):
    client.post(address(review), FULL | {"comment": "Bien"})
    client.post(address(review), {"why-impact": "Mieux"}, **HTMX)
    impact = review.scores.get(criterion="impact")
    review.refresh_from_db()
    assert (impact.value, impact.justification, review.comment) == (3, "Mieux", "Bien")


def test_without_javascript_the_button_saves(client, review):
    answer = client.post(address(review), FULL, follow=True)
    assert "Votre lecture est enregistrée" in answer.content.decode()
    assert "Plausible" in answer.content.decode()


def test_a_stale_window_keeps_its_text_on_the_screen_and_lets_the_juror_choose(client, review):
    client.post(address(review), {"why-impact": "Première fenêtre", "base-impact": "0"}, **HTMX)
    stale = {"why-impact": "Seconde fenêtre", "base-impact": "0"}
    text = client.post(address(review), stale).content.decode()
    assert "Première fenêtre" in text
    assert "Seconde fenêtre" in text
    assert review.scores.get().justification == "Première fenêtre"
    client.post(address(review), stale | {"keep": "impact"})
    assert review.scores.get().justification == "Seconde fenêtre"


def test_a_score_outside_the_grid_is_refused_and_nothing_is_lost(client, review):
    answer = client.post(address(review), {"score-impact": "9", "why-impact": "Texte gardé"})
    assert answer.status_code == 422
    assert "Texte gardé" in answer.content.decode()
    assert not review.scores.exists()


def test_an_incomplete_review_is_not_rendered(client, review):
    client.post(address(review), {"score-impact": "3"})
    assert "Il manque encore" in client.get(address(review, "hand-in")).content.decode()
    answer = client.post(address(review, "hand-in"), follow=True)
    assert "Il manque la note ou la justification" in answer.content.decode()


def test_a_review_is_rendered_after_a_confirmation_then_only_read(client, review):
    assert client.post(address(review), FULL | {"hand-in": "1"}).url == address(review, "hand-in")
    assert "Plausible" in client.get(address(review, "hand-in")).content.decode()
    client.post(address(review, "hand-in"))
    review.refresh_from_db()
    assert review.state == "done"
    text = client.get(address(review)).content.decode()
    assert "Lecture rendue le" in text
    assert "<textarea" not in text
    for name in ("review", "hand-in", "recuse"):
        assert client.post(address(review, name), FULL).status_code == 403


def test_after_the_decision_nothing_is_written(client, review):
    review.application.state = State.DECLINED
    review.application.save()
    assert client.post(address(review), FULL).status_code == 403
    assert "ne change plus" in client.get(address(review)).content.decode()


def test_a_recusal_takes_one_click_and_the_file_is_gone(client, review):
    answer = client.post(address(review, "recuse"), {"reason": "Je connais l’équipe"}, follow=True)
    assert "Vous vous êtes déporté·e" in answer.content.decode()
    assert review.application.title not in answer.content.decode()
    assert client.get(address(review)).status_code == 404


def test_documents_are_downloads_of_their_own_files_only(client, review, assigned):
    def attach(application):
        return Document.objects.create(
            application=application, key="statutes", name="statuts.pdf", mime="application/pdf", size=4,
            file=ContentFile(b"%PDF", "statuts.pdf"), digest="",
        )  # fmt: skip

    mine, other = attach(review.application), attach(assigned(factories.membership(Role.JUROR)).application)
    answer = client.get(address(review, "document", document=mine.pk))
    assert answer["Content-Disposition"] == 'attachment; filename="statuts.pdf"'
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert client.get(address(review, "document", document=other.pk)).status_code == 404
