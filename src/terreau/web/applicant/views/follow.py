from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from terreau.funding.actions import reports as actions
from terreau.funding.lifecycle import AWAITED_REPORTS, InstalmentState
from terreau.funding.models import Agreement
from terreau.funding.queries import reports as queries
from terreau.projects.models import Application
from terreau.web.applicant.report_form import REVIEW, STEPS
from terreau.web.applicant.views.page import load


def follow(request, reference):
    """What a supported project owes and when, what it has received, what was said of its reports."""
    application = load(request, reference)
    agreement = get_object_or_404(Agreement, application=application, state__in=queries.FOLLOWED)
    today = timezone.localdate()
    reports = queries.reports_of(Application.objects.filter(pk=application.pk)).prefetch_related("reviews")
    for report in reports:
        report.agreement.application = application  # it knows the reader's role
    rows = [
        {
            "report": report,
            "late": queries.is_late(report, today),
            "days": abs((report.due_on - today).days),
            "awaited": report.state in AWAITED_REPORTS,
            "may_open": request.user.has_perm("funding.open_report", report),
            "may_write": request.user.has_perm("funding.write_report", report),
            "review": list(report.reviews.all())[-1:],
        }
        for report in reports
    ]
    context = {
        "application": application,
        "agreement": agreement,
        "rows": rows,
        "instalments": agreement.instalments.exclude(state=InstalmentState.CANCELLED),
        "received": queries.received(agreement),
        "clawbacks": agreement.clawbacks.all(),
    }
    return render(request, "applicant/follow.html", context)


@require_POST
def open_report(request, reference, pk):
    """Begin a report, or go on with it."""
    application = load(request, reference)
    report = report_or_404(application, pk)
    if request.user.has_perm("funding.open_report", report):
        actions.open_report(report, by=request.user)
        return redirect("applicant:report-step", reference, pk, next(iter(STEPS)))
    return redirect("applicant:report-step", reference, pk, REVIEW)


def report_or_404(application, pk):
    found = queries.reports_of(Application.objects.filter(pk=application.pk))
    report = get_object_or_404(found.prefetch_related("lines", "counts"), pk=pk)
    report.agreement.application = application
    return report
