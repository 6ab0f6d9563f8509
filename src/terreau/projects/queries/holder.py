"""What a holder sees: their files, who else is writing, what waits to be reconciled."""

from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from terreau.accounts.models import Membership, Role, User
from terreau.projects.models import Application, Collaborator, Revision

PRESENT = timedelta(minutes=5)
RANK = Case(*(When(role=role, then=Value(rank)) for rank, role in enumerate(Collaborator.Role)))


def for_holder(user: Any) -> QuerySet[Application]:
    """The files that somebody works on, each with their role; leaving the organisation closes them at once."""
    mine = Collaborator.objects.filter(membership__user_id=user.pk, membership__left_at=None)
    role = mine.filter(application=OuterRef("pk")).order_by(RANK).values("role")[:1]
    return Application.objects.filter(pk__in=mine.values("application_id")).annotate(
        viewer_id=Value(user.pk), viewer_role=Subquery(role, output_field=CharField())
    )


def holder_memberships(user: User) -> list[Membership]:
    """The memberships in whose name somebody may bring a project."""
    return [m for m in user.active_memberships if m.role == Role.HOLDER]


def present(application: Application, *, besides: User) -> list[str]:
    """Who else changed the file in the last minutes."""
    others = (
        application.answers.filter(updated_at__gte=timezone.now() - PRESENT)
        .exclude(updated_by=None)
        .exclude(updated_by=besides)
        .select_related("updated_by")
    )
    return sorted({str(answer.updated_by) for answer in others})


def unmerged(application: Application) -> QuerySet[Revision]:
    """Texts kept aside because two people wrote at once."""
    return (
        Revision.objects.filter(answer__application=application, unmerged=True)
        .select_related("answer__updated_by", "by")
        .order_by("answer__key", "id")
    )


def colleagues(application: Application) -> QuerySet[Membership]:
    """Members of the holder organisation who are not on the file yet."""
    return (
        Membership.objects.filter(organisation=application.holder_id, left_at=None, role=Role.HOLDER)
        .exclude(collaborations__application=application)
        .select_related("user")
        .order_by("user__last_name", "user__email")
    )
