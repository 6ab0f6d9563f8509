"""The reasons that a letter quotes: chosen on a page, tried, then written; names of jurors never come through."""

import pytest
from django.urls import reverse
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import actions
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Letter, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    return officer


def declined(readings=1):
    """A declined file with its rendered readings; its letter."""
    chair = factories.person(Role.CHAIR)
    file = factories.application(of=factories.call(), state=State.IN_REVIEW)
    for number in range(readings):
        person = factories.user(first_name="Honorine", last_name="Vasseur")
        juror = factories.membership(Role.JUROR, person=person)
        comment = f"Remarque {number} de Honorine Vasseur, {person.email}."
        Review.objects.create(application=file, juror=juror, state=ReviewState.DONE, total=50.0, comment=comment)
    committee = actions.convene(file.window, by=chair)
    actions.propose(committee, file, "declined", reason="Non.", by=chair)
    actions.seal(committee, by=chair)
    return Letter.objects.get()


def address(letter):
    return reverse("office:letter-reasons", args=[letter.pk])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_questions_whatever_its_length(client, officer, rows, django_assert_num_queries):
    letter = declined(rows)
    with django_assert_num_queries(14):
        page = client.get(address(letter)).content.decode()
    assert page.count('name="advice"') == rows


def test_tried_then_written_without_a_name(client, officer):
    letter = declined()
    key = f"{letter.decision.application.reviews.get().pk}:"
    tried = client.post(address(letter), {"score": "on", "advice": [key], "preview": "1"}).content.decode()
    assert "Remarque 0 de […], […]." in tried
    assert "Vasseur" not in tried
    letter.refresh_from_db()
    assert "Remarque" not in letter.body
    answer = client.post(address(letter), {"score": "on", "advice": [key, "9:x"], "base": letter.version}, follow=True)
    assert "refaite avec ces raisons" in answer.content.decode()
    letter.refresh_from_db()
    assert "sur 100" in letter.body
    assert "Remarque 0 de […], […]." in letter.body
    assert letter.explained["score"]
    assert key in letter.explained["advice"]
    stale = client.post(address(letter), {"base": 1})
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMINISTRATOR, 403), (Role.CHAIR, 200), (Role.JUROR, 404), (Role.DELEGATE, 404)]
)
def test_who_chooses(client, role, status):
    letter = declined()
    client.force_login(factories.person(role))
    assert client.get(address(letter)).status_code == status


def test_a_template_without_a_place_says_so_and_a_preview_shows_examples(client, officer):
    letter = declined()
    call = letter.decision.committee.window.call
    page = client.get(reverse("office:template", args=[call.pk, "declined"])).content.decode()
    assert "[La note de votre dossier" in page
    actions.write_template(call, "declined", subject="Non", body="Bonjour.\n\n{reason}", by=officer)
    assert "{score}" in client.get(address(letter)).content.decode()
    selected = client.get(reverse("office:template", args=[call.pk, "selected"])).content.decode()
    assert "[La note de votre dossier" not in selected
