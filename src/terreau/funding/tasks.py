"""What the worker does every day."""

from django.tasks import task
from django.utils import timezone

from terreau.funding.actions.reminders import remind


@task()
def remind_today() -> None:
    """Today's reminders. `terreau serve` asks for it once a day; asked for twice, it sends nothing twice."""
    remind(timezone.localdate())
