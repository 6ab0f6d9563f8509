"""The post: a message is written in the sender's transaction and leaves after it, once.

Delivery claims the row (queued → sending) before it speaks to the mail server and marks it sent after. If the
machine dies in between, the row stays `sending`: the office sees it and decides, and nothing leaves twice.
"""

from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from terreau.core.models import Mail


def post(key: str, *, to: str, subject: str, body: str) -> Mail:
    """Queue one e-mail; posting the same key again returns the first one and sends nothing."""
    mail, created = Mail.objects.get_or_create(key=key, defaults={"to": to, "subject": subject, "body": body})
    if created:
        transaction.on_commit(partial(deliver.enqueue, mail.pk))
    return mail


@task()
def deliver(mail_id: int) -> None:
    """Send one queued e-mail. Whoever loses the claim does nothing."""
    if not Mail.objects.filter(pk=mail_id, state=Mail.State.QUEUED).update(state=Mail.State.SENDING):
        return
    mail = Mail.objects.get(pk=mail_id)
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
    except OSError as problem:
        mail.state, mail.error = Mail.State.FAILED, str(problem)
    else:
        mail.state, mail.sent_at = Mail.State.SENT, timezone.now()
    mail.save(update_fields=["state", "error", "sent_at"])
