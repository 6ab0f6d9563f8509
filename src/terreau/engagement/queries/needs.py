"""What projects seek."""

from django.db.models import Count, Q, QuerySet

from terreau.engagement.lifecycle import CommitmentState
from terreau.engagement.models import Need
from terreau.projects.models import Application


def needs_of(application: Application) -> QuerySet[Need]:
    """The needs of a project, open ones first, each with the number of commitments that answer it."""
    answered = Count("commitments", filter=~Q(commitments__state=CommitmentState.WITHDRAWN))
    return application.needs.annotate(answered=answered).order_by("-state", "starts_on", "id")
