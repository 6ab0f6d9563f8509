"""The outbox: letters read by a person, edited, sent once; templates tried on a real file."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.core.models import Mail
from terreau.projects.lifecycle import State
from terreau.selection import actions
from terreau.selection.models import Letter, LetterTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    return officer


@pytest.fixture
def call():
    return factories.call()


def sealed(call, rows=1):
    chair = factories.person(Role.CHAIR)
    window = call.windows.get()
    committee = actions.convene(window, by=chair)
    for _number in range(rows):
        file = factories.application(of=call, owner=factories.membership(Role.HOLDER), state=State.IN_REVIEW)
        actions.propose(committee, file, "selected", by=chair)
    actions.seal(committee, by=chair)
    return list(Letter.objects.order_by("pk"))


def outbox(call, name="outbox"):
    return reverse(f"office:{name}", args=[call.pk])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_outbox_asks_the_same_questions_whatever_its_length(client, officer, call, rows, django_assert_num_queries):
    sealed(call, rows)
    with django_assert_num_queries(8):
        page = client.get(outbox(call))
    assert page.content.decode().count('name="letters"') == rows


@pytest.mark.parametrize("role", [Role.JUROR, Role.DELEGATE, Role.HOLDER])
def test_letters_do_not_exist_for_others(client, call, role):
    (letter,) = sealed(call)
    client.force_login(factories.person(role))
    assert client.get(reverse("office:letters")).status_code in {200, 404}
    assert client.get(outbox(call)).status_code == 404
    assert client.get(outbox(call, "templates")).status_code == 404
    assert client.get(reverse("office:letter", args=[letter.pk])).status_code == 404
    assert client.post(outbox(call, "outbox-post"), {"all": "1", "confirmed": "1"}).status_code == 404


def test_an_administrator_reads_and_does_not_send(client, call):
    (letter,) = sealed(call)
    client.force_login(factories.person(Role.ADMINISTRATOR))
    assert client.get(reverse("office:letter", args=[letter.pk])).status_code == 200
    assert client.post(reverse("office:letter", args=[letter.pk]), {}).status_code == 403
    assert client.post(outbox(call, "outbox-approve"), {"all": "1"}).status_code == 403
    assert client.post(outbox(call, "outbox-post"), {"all": "1"}).status_code == 403


def test_read_then_asked_then_sent_once(client, officer, call, mailoutbox, django_capture_on_commit_callbacks):
    one, two = sealed(call, 2)
    client.post(outbox(call, "outbox-post"), {"letters": [one.pk], "confirmed": "1"})
    assert not Mail.objects.filter(key__startswith="letter").exists()
    client.post(outbox(call, "outbox-approve"), {"letters": [one.pk]})
    asked = client.post(outbox(call, "outbox-post"), {"all": "1"})
    assert one.to in asked.content.decode()
    assert two.to not in asked.content.decode()
    assert not Mail.objects.filter(key__startswith="letter").exists()
    with django_capture_on_commit_callbacks(execute=True):
        for _double_click in range(2):
            client.post(outbox(call, "outbox-post"), {"letters": [one.pk], "confirmed": "1"})
    assert [m.to for m in mailoutbox if m.subject == one.subject] == [[one.to]]
    page = client.get(outbox(call), {"etat": "posted"}).content.decode()
    assert "envoyé" in page


def test_a_letter_is_edited_then_read(client, officer, call):
    (letter,) = sealed(call)
    address = reverse("office:letter", args=[letter.pk])
    typed = {"to": "autre@exemple.fr", "subject": "Nouvel objet", "body": "Nouveau texte", "base": "1"}
    assert client.post(address, typed | {"to": "pas une adresse"}).status_code == 422
    client.post(address, typed | {"approve": "1"})
    letter.refresh_from_db()
    assert (letter.to, letter.body, letter.state) == ("autre@exemple.fr", "Nouveau texte", "approved")
    stale = client.post(address, typed | {"body": "Texte d’une autre fenêtre"})
    assert stale.status_code == 409
    assert "Texte d’une autre fenêtre" in stale.content.decode()


def test_a_doubtful_letter_is_shown_and_decided_by_a_person(
    client, officer, call, mailoutbox, django_capture_on_commit_callbacks
):
    (letter,) = sealed(call)
    actions.approve_letters([letter], by=officer)
    actions.post_letters([letter], by=officer)
    Mail.objects.filter(key__startswith="letter").update(
        state=Mail.State.SENDING, claimed_at=timezone.now() - timedelta(hours=1)
    )
    assert "on ne sait pas si elles sont arrivées" in client.get(outbox(call), {"etat": "trouble"}).content.decode()
    assert "Envoyer de nouveau" in client.get(reverse("office:letter", args=[letter.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        for _double_click in range(2):
            client.post(reverse("office:letter-resend", args=[letter.pk]))
    assert [m.to for m in mailoutbox] == [[letter.to]]
    client.post(reverse("office:letter-arrived", args=[letter.pk]))
    assert "renvoyée" in client.get(reverse("office:letter", args=[letter.pk])).content.decode()


def test_a_decision_told_otherwise_never_leaves(client, officer, call):
    (letter,) = sealed(call)
    client.post(reverse("office:letter-otherwise", args=[letter.pk]), {"how": ""})
    letter.refresh_from_db()
    assert letter.state == "draft"
    client.post(reverse("office:letter-otherwise", args=[letter.pk]), {"how": "Par téléphone"})
    assert "annoncée autrement" in client.get(outbox(call), {"etat": "posted"}).content.decode()


def test_a_template_is_tried_on_a_real_file_then_kept(client, officer, call):
    file = factories.application(of=call, state=State.IN_REVIEW, title="Des ponts entre nous")
    address = reverse("office:template", args=[call.pk, "declined"])
    assert "Des ponts entre nous" in client.get(address).content.decode()
    typed = {"subject": "Dossier {reference}", "body": "Cher {holder}, non : {reason}"}
    page = client.post(address, typed | {"preview": "1"}).content.decode()
    assert f"Cher {file.holder.name}" in page
    assert not LetterTemplate.objects.exists()
    client.post(address, typed)
    assert LetterTemplate.objects.get().body == typed["body"]


def test_an_unknown_field_is_refused_with_its_name_and_the_text_kept(client, officer, call):
    address = reverse("office:template", args=[call.pk, "declined"])
    answer = client.post(address, {"subject": "Objet", "body": "Bonjour {nom}"})
    assert answer.status_code == 422
    assert "Ce champ n’existe pas : {nom}" in answer.content.decode()
    assert "Bonjour {nom}" in answer.content.decode()
    assert client.get(reverse("office:template", args=[call.pk, "perhaps"])).status_code == 404
