"""The one place where the state of an application changes."""

from typing import Any

from django.db import transaction

from terreau.core import journal
from terreau.projects import lifecycle
from terreau.projects.models import Application


@transaction.atomic
def move(application: Application, verb: str, *, by: Any, **details: Any) -> Application:
    """Bring the file to the state that `verb` leads to; `WrongMoment` where it leads nowhere.

    The row is locked and its state read again: of two people deciding at once, the second is refused.
    """
    held = Application.objects.select_for_update().only("state").get(pk=application.pk)
    application.state = lifecycle.after(held.state, verb)
    application.save(update_fields=["state", "updated_at"])
    journal.record(application, verb, by=by, **details)
    return application
