"""The door of the office: who comes in, and which files exist for them."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from terreau.projects.queries import for_office
from terreau.selection.models import Recusal


def office_only(view):
    """A stranger to the office learns nothing, not even that the page exists."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.has_perm("projects.see_in_office"):
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def files_of(user):
    """The files of the office that exist for somebody: a recusal takes the file away."""
    recused = Recusal.objects.filter(application=OuterRef("pk"), member__user=user)
    return for_office(user).exclude(Exists(recused))


def file_or_404(request, reference):
    """The file, if it exists for this person."""
    files = files_of(request.user).select_related("call__funder", "window", "holder__commune", "region", "version")
    return get_object_or_404(files.prefetch_related("regions"), reference=reference)


def require(request, permission, thing=None):
    """The wrong moment, or the wrong role, for somebody who may know that the thing exists."""
    if not request.user.has_perm(permission, thing):
        raise PermissionDenied
