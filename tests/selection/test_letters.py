"""Letters: filled from templates, read by a person, sent once whatever happens."""

import threading
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from tests.factories import application, call, membership

from terreau.accounts.models import Role
from terreau.core import mail
from terreau.core.models import Entry, Mail
from terreau.core.moves import Refused
from terreau.projects.lifecycle import State
from terreau.selection import actions, queries
from terreau.selection.lifecycle import LetterState
from terreau.selection.models import Letter


def sealed(reason="", outcome="selected"):
    """A sealed committee of one file; its letter."""
    chair, owner = membership(Role.CHAIR).user, membership(Role.HOLDER)
    file = application(of=call(), owner=owner, state=State.IN_REVIEW, title="Des ponts")
    committee = actions.convene(file.window, by=chair)
    actions.propose(committee, file, outcome, reason=reason, by=chair)
    actions.seal(committee, by=chair)
    return Letter.objects.get()


@pytest.fixture
def letter(db):
    return sealed()


@pytest.fixture
def officer(db):
    return membership(Role.OFFICER).user


def leave(letter, officer):
    actions.approve_letters([letter], by=officer)
    return actions.post_letters([letter], by=officer)


def test_the_letter_is_filled_from_the_decision(letter):
    assert letter.to == letter.decision.application.collaborators.get().membership.user.email
    assert letter.subject == "Votre projet « Des ponts » est retenu"
    assert "Il lui accorde 50\u202f000\xa0€" in letter.body.replace("50\xa0000", "50\u202f000")
    assert "{" not in letter.body
    assert "\n\n\n" not in letter.body


def test_a_title_with_braces_breaks_nothing(db):
    file = application(of=call(), state=State.IN_REVIEW, title="{reason} {0} {")
    template = queries.template_of(file.call, "declined")
    chair = membership(Role.CHAIR).user
    committee = actions.convene(file.window, by=chair)
    decision = actions.propose(committee, file, "declined", reason="Non {amount}", by=chair)
    subject, body = queries.letter_text(template, decision)
    assert "{reason} {0} {" in subject
    assert "Non {amount}" in body


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bonjour {nom}", "{nom}"),
        ("{title.call}", "{title.call}"),
        ("{title!r} {amount:>9}", "{amount}, {title}"),
        ("{}", "{}"),
        ("Seule {", "accolade"),
        ("Seule }", "accolade"),
    ],
)
def test_an_unknown_field_is_refused_with_its_name(officer, text, words):
    with pytest.raises(ValueError, match=words.replace("{", r"\{").replace("}", r"\}").replace(".", r"\.")):
        actions.write_template(call(), "selected", subject="Objet", body=text, by=officer)


def test_a_template_of_the_call_replaces_the_default(officer):
    one = call()
    actions.write_template(one, "declined", subject="Dossier {reference}", body="{reason}", by=officer)
    assert queries.template_of(one, "declined").subject == "Dossier {reference}"
    assert "retenu" in queries.template_of(one, "selected").subject
    assert "retenu" not in queries.template_of(one, "declined").body


def test_nothing_leaves_unread(letter, officer):
    assert actions.post_letters([letter], by=officer) == 0
    assert not Mail.objects.filter(key__startswith="letter").exists()


def test_an_edited_letter_has_to_be_read_again(letter, officer):
    actions.approve_letters([letter], by=officer)
    edit = {"to": letter.to, "subject": "Nouvel\nobjet", "body": "Texte", "by": officer}
    edited = actions.edit_letter(letter, **edit, base=1)
    assert (edited.state, edited.subject, edited.version) == (LetterState.DRAFT, "Nouvel objet", 2)
    with pytest.raises(Refused, match="Une autre personne"):
        actions.edit_letter(letter, **edit, base=1)


def test_a_letter_without_an_address_is_not_approved(letter, officer):
    Letter.objects.update(to="")
    with pytest.raises(Refused, match=letter.decision.application.reference):
        actions.approve_letters([letter], by=officer)


def test_posting_announces_the_decision_and_sends_once(letter, officer, mailoutbox, django_capture_on_commit_callbacks):
    file = letter.decision.application
    with django_capture_on_commit_callbacks(execute=True):
        assert leave(letter, officer) == 1
        assert actions.post_letters([letter], by=officer) == 0
    letter.refresh_from_db()
    file.refresh_from_db()
    assert [m.subject for m in mailoutbox if m.to == [letter.to]] == [letter.subject]
    assert (letter.state, letter.mail.state) == (LetterState.POSTED, Mail.State.SENT)
    assert queries.told(file)
    assert file.shown_state == State.SELECTED
    assert list(queries.published()) == [file]
    assert Entry.objects.filter(verb="post_letter").count() == 1
    with pytest.raises(Refused, match="partie"):
        actions.edit_letter(letter, to="", subject="", body="", by=officer)
    assert not actions.resend_letter(letter, by=officer)


def test_a_declined_project_is_told_and_not_published(db, officer):
    letter = sealed("Hors de l’appel.", "declined")
    leave(letter, officer)
    assert queries.told(type(letter.decision.application).objects.get())
    assert not queries.published().exists()


def test_a_letter_told_otherwise_never_leaves(letter, officer):
    actions.approve_letters([letter], by=officer)
    with pytest.raises(ValueError, match="comment"):
        actions.announce_otherwise(letter, how=" ", by=officer)
    actions.announce_otherwise(letter, how="Par téléphone", by=officer)
    assert actions.post_letters([letter], by=officer) == 0
    assert queries.published().exists()
    assert not Mail.objects.filter(key__startswith="letter").exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_posting_at_once_send_once(mailoutbox):
    letter, officer = sealed(), membership(Role.OFFICER).user
    actions.approve_letters([letter], by=officer)
    barrier, posted = threading.Barrier(2), []

    def post():
        barrier.wait()
        try:
            posted.append(actions.post_letters([letter], by=officer))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(posted) == [0, 1]
    assert [m.to for m in mailoutbox].count([letter.to]) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_message_send_once(mailoutbox):
    waiting = Mail.objects.create(key="letter:test", to="a@exemple.fr", subject="Objet", body="Texte")
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        try:
            mail.deliver.func(waiting.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waiting.refresh_from_db()
    assert (len(mailoutbox), waiting.state) == (1, Mail.State.SENT)


class PowerCut(BaseException):
    """The machine stops: no `except` of the task sees it."""


@pytest.fixture
def cut(letter, officer, monkeypatch, django_capture_on_commit_callbacks):
    """A letter whose machine stopped between the claim and the mail server."""

    def stop(_message):
        raise PowerCut

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", stop)
        with django_capture_on_commit_callbacks(execute=True):
            leave(letter, officer)
    letter.refresh_from_db()
    return letter


def test_a_crash_between_claim_and_sending_waits_for_a_person(cut, mailoutbox):
    assert cut.mail.state == Mail.State.SENDING
    mail.deliver.func(cut.mail.pk)  # another worker comes by
    assert mailoutbox == []


def test_a_person_decides_that_it_goes_again_and_it_goes_once(
    cut, officer, mailoutbox, django_capture_on_commit_callbacks
):
    assert not actions.resend_letter(cut, by=officer)  # it may still be on its way
    Mail.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.resend_letter(cut, by=officer)
    assert not actions.resend_letter(cut, by=officer)  # the second click of a double click
    cut.refresh_from_db()
    assert [m.to for m in mailoutbox] == [[cut.to]]
    assert cut.mail.state == Mail.State.SENT
    assert Entry.objects.get(verb="resend_letter").details["after"] == "sending"


def test_a_person_knows_that_it_arrived(cut, officer, mailoutbox):
    Mail.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    assert actions.confirm_arrival(cut, by=officer)
    cut.refresh_from_db()
    assert (cut.mail.state, mailoutbox) == (Mail.State.SENT, [])
    assert not actions.confirm_arrival(cut, by=officer)


def test_an_address_that_the_server_refused_is_mended(cut, officer, mailoutbox, django_capture_on_commit_callbacks):
    Mail.objects.update(state=Mail.State.FAILED, error="550 no such user")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.resend_letter(cut, to="juste@exemple.fr", by=officer)
    cut.refresh_from_db()
    assert [m.to for m in mailoutbox] == [["juste@exemple.fr"]]
    assert cut.to == "juste@exemple.fr"


def test_a_message_that_lost_its_turn_is_put_back_without_a_second_one(
    letter, officer, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        leave(letter, officer)
    letter.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            actions.resend_letter(letter, by=officer)
    assert [m.to for m in mailoutbox] == [[letter.to]]
    assert Mail.objects.filter(key__startswith="letter").count() == 1
