"""The door of the builder: calls exist for those who prepare them, and the moment decides of the rest."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from terreau.calls import queries


def preparers_only(view):
    """Whoever prepares no call learns nothing of them here."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.has_perm("calls.list"):
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def call_or_404(request, slug):
    return get_object_or_404(queries.for_office(request.user), slug=slug)


def editable(request, slug):
    """A call that may still be written: 404 for strangers, 403 once archived."""
    call = call_or_404(request, slug)
    require(request, "calls.write", call)
    return call


def require(request, permission, call=None):
    if not request.user.has_perm(permission, call):
        raise PermissionDenied


def posted(request):
    """What a form is bound to: the data of a POST, even an empty one."""
    return request.POST if request.method == "POST" else None
