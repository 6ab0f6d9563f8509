"""What a sealed committee does to a file: the decision is taken, then, once its letter has left, announced."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from terreau.core import journal
from terreau.projects.actions.moves import move
from terreau.projects.models import Application


@transaction.atomic
def settle(application: Application, verb: str, *, granted_cents: int | None, by: Any, **details: Any) -> Application:
    """Move the file by the committee's verb and keep the grant; nobody outside the office may know yet."""
    move(application, verb, by=by, granted_cents=granted_cents, **details)
    application.granted_cents, application.announced_at = granted_cents, None
    application.save(update_fields=["granted_cents", "announced_at"])
    return application


@transaction.atomic
def announce(application: Application, *, by: Any, **details: Any) -> Application:
    """The holder has been told: from now on the decision shows in their space and on the public site."""
    if application.announced_at is None:
        application.announced_at = timezone.now()
        application.save(update_fields=["announced_at"])
        journal.record(application, "announce", by=by, **details)
    return application
