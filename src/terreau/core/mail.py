"""The post: a message is written in the sender's transaction and leaves after it, once.

Delivery claims the row (queued → sending) before it speaks to the mail server and marks it sent after. If the
machine dies in between, the row stays `sending`: the office sees it and decides, and nothing leaves twice.
"""

import re
from datetime import timedelta
from email.message import MIMEPart
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.tasks import task
from django.utils import timezone

from terreau.core import journal
from terreau.core.models import Mail

State = Mail.State
MOVES = {
    "claim": ({State.QUEUED}, State.SENDING),
    "confirm": ({State.SENDING}, State.SENT),  # the server took it; or a person checked that it had
    "fail": ({State.SENDING}, State.FAILED),
    "retry": ({State.FAILED, State.SENDING}, State.QUEUED),
}
PATIENCE = timedelta(minutes=10)  # a delivery takes seconds: beyond this, the machine died in the middle


def link(path: str) -> str:
    """A full address of this site, for the text of a message."""
    return settings.SITE_URL + path


def post(key: str, *, to: str, subject: str, body: str, calendar: str = "") -> Mail:
    """Queue one e-mail; posting the same key again returns the first one and sends nothing.

    `calendar`: an iCalendar text with its METHOD, joined so that a mail program offers to accept the invitation.
    """
    words = {"to": to, "subject": " ".join(subject.split())[:200], "body": body, "calendar": calendar}
    mail, created = Mail.objects.get_or_create(key=key, defaults=words)
    if created:
        transaction.on_commit(partial(deliver.enqueue, mail.pk))
    return mail


def move(mail: Mail | int, verb: str, **changes: Any) -> bool:
    """The only place that changes a state. False when somebody else was faster, or the table has no such move."""
    before, then = MOVES[verb]
    pk = mail if isinstance(mail, int) else mail.pk
    return bool(Mail.objects.filter(pk=pk, state__in=before).update(state=then, **changes))


@task()
def deliver(mail_id: int) -> None:
    """Send one queued e-mail. Whoever loses the claim does nothing."""
    if not move(mail_id, "claim", claimed_at=timezone.now()):
        return
    mail = Mail.objects.get(pk=mail_id)
    try:
        message = EmailMessage(mail.subject, mail.body, to=[mail.to])
        if mail.calendar:
            message.attach(_invitation(mail.calendar))
        message.send()
    except OSError as problem:
        move(mail, "fail", error=str(problem))
    else:
        move(mail, "confirm", sent_at=timezone.now(), error="")


def _invitation(calendar: str) -> MIMEPart:
    method = re.search(r"(?m)^METHOD:(\w+)", calendar)
    part = MIMEPart()
    params = {"method": method[1] if method else "PUBLISH"}
    part.set_content(calendar, subtype="calendar", charset="utf-8", params=params, filename="invitation.ics")
    return part


def in_trouble() -> QuerySet[Mail]:
    """What a person must look at: refused by the server, or left in the middle by a crash."""
    return Mail.objects.filter(Q(state=State.FAILED) | Q(state=State.SENDING, claimed_at__lt=timezone.now() - PATIENCE))


@transaction.atomic
def retry(mail: Mail, *, by: Any) -> bool:
    """Put a message in trouble back in the queue, because a person said so."""
    if not in_trouble().filter(pk=mail.pk).exists() or not move(mail, "retry"):
        return False
    journal.record(mail, "mail_retried", by=by)
    transaction.on_commit(partial(deliver.enqueue, mail.pk))
    return True


@transaction.atomic
def confirm(mail: Mail, *, by: Any) -> bool:
    """Say that a message left in the middle had in fact arrived: it will not leave again."""
    if not in_trouble().filter(pk=mail.pk).exists() or not move(mail, "confirm", sent_at=timezone.now()):
        return False
    journal.record(mail, "mail_confirmed", by=by)
    return True
