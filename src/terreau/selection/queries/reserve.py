"""What is left after the seal: the files in reserve, and the money that nobody holds."""

from django.db.models import QuerySet, Sum

from terreau.calls.models import Window
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.selection.lifecycle import Outcome
from terreau.selection.models import Decision


def reserve(window: Window) -> QuerySet[Decision]:
    """The sealed decisions that leave a file in reserve, and that nothing has followed; withdrawn files are gone."""
    waiting = Decision.objects.filter(committee__window=window, committee__sealed_at__isnull=False)
    waiting = waiting.filter(outcome=Outcome.RESERVE, application__state=State.RESERVE, followed_by=None)
    return waiting.select_related("application__holder", "application__region").order_by("application__reference")


def left_cents(window: Window) -> int:
    """The envelope less what its selected files were granted. What lapsed since is not known here."""
    selected = Application.objects.filter(window=window, state=State.SELECTED)
    return window.envelope_cents - (selected.aggregate(total=Sum("granted_cents"))["total"] or 0)
