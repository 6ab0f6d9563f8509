"""The partners of a project, as those who work on its file see them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from terreau.projects.lifecycle import State
from terreau.web.applicant.views import page


def load(request, reference):
    """A supported project of this person; before the selection is announced there is no such page."""
    application = page.load(request, reference)
    if application.shown_state != State.SELECTED:
        raise Http404
    return application


def require(request, permission, thing):
    if not request.user.has_perm(permission, thing):
        raise PermissionDenied
