"""Which applications exist for whom: outside of it, a stranger gets a 404."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from terreau.accounts.models import Role
from terreau.projects.lifecycle import FILED
from terreau.projects.models import Application

NATIONAL = (Role.OFFICER, Role.CHAIR, Role.ADMINISTRATOR)


def for_office(user: Any) -> QuerySet[Application]:
    """Every filed application for the national office; those of their régions, or shared with them, for a delegate.

    A reopened file is the holder's draft again; it has been submitted once, so the office keeps sight of it.
    """
    filed = Application.objects.filter(Q(state__in=FILED) | Q(submitted_at__isnull=False))
    if user.has_role(*NATIONAL):
        return filed
    if user.has_role(Role.DELEGATE):
        regions = user.region_ids()
        shared = Application.regions.through.objects.filter(application_id=OuterRef("pk"), territory_id__in=regions)
        return filed.filter(Q(region_id__in=regions) | Exists(shared))
    return Application.objects.none()
