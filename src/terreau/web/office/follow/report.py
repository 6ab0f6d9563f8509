from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from terreau.core import money
from terreau.core.moves import Refused, WrongMoment
from terreau.funding.actions import reviews as actions
from terreau.funding.lifecycle import ReportKind
from terreau.funding.queries import reports as queries
from terreau.funding.queries.settlement import case_of, obstacles_to_settlement
from terreau.funding.rulebook import balance, financial_report
from terreau.projects.rulebook import EXPENSES
from terreau.web.office.follow.forms import ReviewForm
from terreau.web.office.gate import files_of, office_only

VERBS = {"return": "funding.return_report", "accept": "funding.accept_report"}


@office_only
def report(request, pk):
    """One report beside what was planned, and what may be answered."""
    found = queries.reports_of(files_of(request.user)).prefetch_related("lines", "counts")
    report = get_object_or_404(found, pk=pk)
    form, typed, problem = ReviewForm(request.POST or None), {}, ""
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb not in VERBS or not request.user.has_perm(VERBS[verb], report):
            raise PermissionDenied
        typed = {name: value for name, value in request.POST.items() if name.startswith(("refused-", "reason-"))}
        try:
            if form.is_valid():
                answer(report, verb, form.cleaned_data["message"], typed, by=request.user)
                messages.success(request, _("C’est enregistré, le porteur est prévenu."))
                return redirect("office:follow-report", pk)
        except (ValueError, Refused, WrongMoment) as refusal:
            problem = " ".join(refusal.reasons) if isinstance(refusal, Refused) else str(refusal)
    status = 422 if request.method == "POST" else 200
    return render(request, "office/follow/report.html", page(request, report, form, typed, problem), status=status)


def answer(report, verb, message, typed, *, by):
    if verb == "return":
        return actions.return_report(report, message=message, by=by)
    return actions.accept_report(report, message=message, refusals=refusals_of(typed), by=by)


def refusals_of(typed):
    """The amounts refused in what was posted; ValueError, in words, for one that cannot be read."""
    keys = [
        name.removeprefix("refused-") for name, value in typed.items() if name.startswith("refused-") and value.strip()
    ]
    return [actions.Refusal(key, money.parse(typed[f"refused-{key}"]), typed.get(f"reason-{key}", "")) for key in keys]


def page(request, report, form, typed, problem):
    said, sections = queries.answers(report), queries.rules_of(report).asked(report.kind)
    lines = queries.lines(report) if queries.has_figures(report) else []
    final = report.kind == ReportKind.FINAL
    struck = final and report.submitted_at
    return {
        "report": report,
        "form": form,
        "problem": problem,
        "texts": [(s.title, said[s.key].value if s.key in said else "") for s in sections],
        "sides": financial_report.sides(lines) if lines else [],
        "counts": queries.counts(report),
        "documents": queries.attachments(report),
        "reviews": report.reviews.select_related("by"),
        "submissions": report.submissions.defer("content").select_related("by"),
        "refusable": [
            {"line": x, "cents": typed.get(f"refused-{x.key}", ""), "reason": typed.get(f"reason-{x.key}", "")}
            for x in lines
            if x.rubric in EXPENSES and x.actual_cents
        ],
        "balance": balance.settle(case_of(report)) if struck else None,
        "obstacles": obstacles_to_settlement(report.agreement) if struck else [],
        "may": {verb: request.user.has_perm(name, report) for verb, name in VERBS.items()},
    }
