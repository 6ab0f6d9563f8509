from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.funding.lifecycle import AWAITED_REPORTS, ReportKind, ReportState
from terreau.funding.queries import reports as queries
from terreau.funding.queries.risks import at_risk
from terreau.web.office.gate import files_of, office_only
from terreau.web.office.views.region import regions_of

STAGES = (
    ("a-lire", _("À lire")),
    ("en-retard", _("En retard")),
    ("attendus", _("Attendus")),
    ("acceptes", _("Acceptés")),
    ("tous", _("Tous")),
)
PER_PAGE = 50


@office_only
def reports(request):
    """The reports of one's files: to read, late, to come; filtered by région and kind."""
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "") for name in ("etat", "region", "nature")}
    chosen = asked["etat"] if asked["etat"] in dict(STAGES) else "a-lire"
    found = queries.reports_of(files_of(request.user)).select_related("agreement__application__region")
    if asked["region"]:
        found = found.filter(agreement__application__region__code=asked["region"])
    if asked["nature"] in ReportKind.values:
        found = found.filter(kind=asked["nature"])
    page = Paginator(of_stage(found, chosen, today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [
            {"report": one, "late": queries.is_late(one, today), "days": abs((one.due_on - today).days)} for one in page
        ],
        "page": page,
        "stages": STAGES,
        "asked": asked | {"etat": chosen},
        "regions": regions_of(request.user),
        "kinds": ReportKind.choices,
    }
    return render(request, "office/follow/reports.html", context)


def of_stage(found, stage, today):
    if stage == "a-lire":
        return found.filter(state=ReportState.SUBMITTED).order_by("submitted_at")
    if stage == "en-retard":
        return found.filter(state__in=AWAITED_REPORTS, due_on__lt=today)
    if stage == "attendus":
        return found.filter(state__in=AWAITED_REPORTS, due_on__gte=today)
    if stage == "acceptes":
        return found.filter(state__in=[ReportState.ACCEPTED, ReportState.PARTIAL]).order_by("-submitted_at")
    return found


@office_only
def risks(request):
    """Running projects that break a stated rule, with the reason."""
    found = at_risk(files_of(request.user), timezone.localdate())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/follow/risks.html", {"page": page})
