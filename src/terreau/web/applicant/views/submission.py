from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from terreau.projects import actions, lifecycle, queries
from terreau.web.applicant import receipt as receipts
from terreau.web.applicant.course import Course
from terreau.web.applicant.views.page import frame, load
from terreau.web.ui import downloads


def review(request, reference):
    """The whole file as it would be read, with everything missing linked to its field."""
    application = load(request, reference)
    course = Course(application)
    context = frame(request, course, "review") | {
        "missing": course.missing(),
        "content": queries.content(application, by=request.user, at=timezone.now()),
        "checks": queries.checks(application),
        "may_submit": request.user.has_perm("projects.submit", application),
        "may_complete": request.user.has_perm("projects.complete", application),
        "late": application.state == lifecycle.State.DRAFT and actions.is_late(application),
    }
    return render(request, "applicant/review.html", context)


@require_POST
def submit(request, reference):
    verb = "complete" if "complete" in request.POST else "submit"
    application = load(request, reference, f"projects.{verb}")
    try:
        act = actions.send_back if verb == "complete" else actions.submit
        submission = act(application, by=request.user)
    except actions.NotReady as refusal:
        count = len(refusal.args[0])
        messages.error(request, _("Il reste %(count)s point(s) à compléter avant le dépôt.") % {"count": count})
        return redirect("applicant:review", reference)
    except actions.TooLate as refusal:
        messages.error(request, too_late(refusal))
        return redirect("applicant:file", reference)
    messages.success(request, _("Dossier déposé. Reçu n° %(number)s.") % {"number": submission.number})
    return redirect("applicant:file", reference)


def too_late(refusal):
    deadline = formats.date_format(timezone.localtime(refusal.args[0]), "DATETIME_FORMAT")
    return _(
        "La date limite est passée (%(deadline)s) : ce dossier n’a pas pu être déposé. "
        "Rien n’est perdu : il reste en brouillon, et vous pouvez écrire au financeur."
    ) % {"deadline": deadline}


@require_GET
def receipt(request, reference, number):
    """The proof of what was submitted, made from the frozen snapshot."""
    application = load(request, reference)
    submission = get_object_or_404(application.submissions, number=number)
    return downloads.pdf(receipts.pdf(submission), f"recu-{application.reference}-{number}")
