"""What the worker does every morning about firms."""

from django.tasks import task
from django.utils import timezone

from terreau.engagement.actions.proposals import propose_all


@task()
def propose_today() -> None:
    """Every ranking anew. `terreau serve` asks for it once a day; asked for twice, it changes nothing more."""
    propose_all(timezone.localdate())
