from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.utils import timezone
from tests import factories

from terreau.core import journal, mail
from terreau.core.models import Entry, Mail

pytestmark = pytest.mark.django_db
State = Mail.State


def queued(**fields):
    return Mail.objects.create(**{"key": "k", "to": "a@exemple.fr", "subject": "Sujet", "body": "Texte"} | fields)


def test_a_message_leaves_after_the_transaction_and_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = mail.post("k", to="a@exemple.fr", subject="Sujet", body="Texte")
        again = mail.post("k", to="b@exemple.fr", subject="Autre", body="Autre")
    assert first == again
    assert [m.to for m in outbox.outbox] == [["a@exemple.fr"]]
    first.refresh_from_db()
    assert (first.state, bool(first.sent_at)) == (State.SENT, True)


def test_only_one_of_two_deliveries_speaks_to_the_server():
    message = queued(state=State.SENDING, claimed_at=timezone.now())
    mail.deliver.func(message.pk)
    assert outbox.outbox == []


def test_a_refusal_of_the_server_is_kept_and_tried_again(monkeypatch, django_capture_on_commit_callbacks):
    def refuse(_message):
        raise ConnectionRefusedError("nobody there")

    message = queued()
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", refuse)
        mail.deliver.func(message.pk)
    message.refresh_from_db()
    assert (message.state, message.error) == (State.FAILED, "nobody there")
    assert list(mail.in_trouble()) == [message]
    with django_capture_on_commit_callbacks(execute=True):
        assert mail.retry(message, by=factories.user())
    message.refresh_from_db()
    assert message.state == State.SENT
    assert len(outbox.outbox) == 1
    assert journal.history(message).get().verb == "mail_retried"


def test_a_message_left_in_the_middle_waits_for_a_person():
    message = queued(state=State.SENDING, claimed_at=timezone.now())
    assert list(mail.in_trouble()) == []  # it may still be leaving
    assert not mail.retry(message, by=factories.user())
    Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert list(mail.in_trouble()) == [message]
    assert mail.confirm(message, by=factories.user())
    message.refresh_from_db()
    assert message.state == State.SENT
    assert outbox.outbox == []


def test_a_sent_message_is_neither_retried_nor_confirmed():
    message = queued(state=State.SENT)
    assert not mail.retry(message, by=factories.user())
    assert not mail.confirm(message, by=factories.user())
    assert not Entry.objects.exists()


def test_the_journal_never_holds_an_address():
    nameless = factories.user("secret@exemple.fr", first_name="", last_name="")
    assert journal.record(nameless, "tested", by=nameless).actor_label == f"n° {nameless.pk}"
    assert journal.record(nameless, "tested", by=None).actor_label == "terreau"


def test_a_subject_stays_on_one_line(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail.post("k", to="a@exemple.fr", subject="Une visite\r\nBcc: b@exemple.fr", body="Texte")
    assert [message.subject for message in outbox.outbox] == ["Une visite Bcc: b@exemple.fr"]
