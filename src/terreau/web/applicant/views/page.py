"""What the pages of a file share: loading it (strangers get 404, the wrong moment 403), the frame of a step."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from terreau.projects import queries

UNSAVED = "unsaved"  # in the session: what was posted when it had ended, given back after signing in


def load(request, reference, permission="projects.view"):
    files = queries.for_holder(request.user).select_related("call", "window", "holder__commune", "version")
    application = get_object_or_404(files.defer("version__content"), reference=reference)
    if not request.user.has_perm(permission, application):
        raise PermissionDenied
    return application


def session_ended():
    """For a script: nobody is signed in any more; it keeps the text and says so."""
    return HttpResponse(status=401, headers={"Cache-Control": "no-store"})


def frame(request, course, key):
    """What every step shows around its questions."""
    application, missing = course.application, course.missing()
    return {
        "application": application,
        "steps": course.navigation(key, missing),
        "here": course.steps[key],
        "before": course.before(key),
        "lacking": [item for item in missing if item.step == key],
        "unmerged": [item for item in missing if item.step == "conflicts"],
        "writable": request.user.has_perm("projects.write", application),
        "present": queries.present(application, besides=request.user),
        "writer": uuid4().hex[:12],
    }


def base(data, key):
    text = data.get(f"base-{key}", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def clock():
    return timezone.localtime().strftime("%H:%M")


def unsaved(request):
    """What was posted to this page when the session had ended, once; None when nothing waits."""
    kept = request.session.get(UNSAVED) or {}
    if request.method != "GET" or kept.get("path") != request.path:
        return None
    del request.session[UNSAVED]
    posted = QueryDict(mutable=True)
    for name, values in kept["posted"].items():
        posted.setlist(name, values)
    return posted
