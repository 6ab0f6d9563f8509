"""What a holder sees: their files, who else is writing, what waits to be reconciled."""

from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from terreau.accounts.models import Membership, Role, User
from terreau.projects.models import Application, Collaborator, Revision
from terreau.projects.queries.content import LATER

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


def unmerged(application: Application, prefix: str = "") -> QuerySet[Revision]:
    """Texts kept aside because two people wrote at once: the application’s own, or those whose key starts so."""
    aside = Revision.objects.filter(answer__application=application, unmerged=True)
    mine = aside.filter(answer__key__startswith=prefix) if prefix else aside.exclude(answer__key__contains=LATER)
    return mine.select_related("answer__updated_by", "by").order_by("answer__key", "id")


def writers(application: Application) -> QuerySet[User]:
    """Who works on the file today, readers left out."""
    return User.objects.filter(
        memberships__left_at=None,
        memberships__collaborations__application=application,
        memberships__collaborations__role__in=[Collaborator.Role.OWNER, Collaborator.Role.EDITOR],
    ).distinct()


def colleagues(application: Application) -> QuerySet[Membership]:
    """Members of the holder organisation who are not on the file yet."""
    return (
        Membership.objects.filter(organisation=application.holder_id, left_at=None, role=Role.HOLDER)
        .exclude(collaborations__application=application)
        .select_related("user")
        .order_by("user__last_name", "user__email")
    )
