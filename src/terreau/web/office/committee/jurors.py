"""The jury as the calibration sees it: severity and consistency of each juror, for the chair alone."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from terreau.selection import queries
from terreau.web.office.committee.scope import window_or_404
from terreau.web.office.gate import office_only, require

PAGE = 100
SEVERITY = {
    "severe": (_("note plus bas que les autres"), "warn"),
    "lenient": (_("note plus haut que les autres"), "info"),
    "usual": (_("aucun écart démontré"), ""),
}
CONSISTENCY = {
    "few": _("trop peu de lectures pour le dire"),
    "steady": _("plus régulière que celle du jury"),
    "usual": _("comme celle du jury"),
    "scattered": _("plus dispersée que celle du jury"),
}


@office_only
@require_GET
def jurors(request, pk):
    window = window_or_404(request, pk)
    require(request, "selection.see_jurors")
    hidden = queries.recused_files(request.user, window)
    report = queries.jury_report(window, hidden)
    context = {
        "window": window,
        "report": report,
        "hidden": len(hidden),
        "rows": [(one, *SEVERITY[one.severity], CONSISTENCY[one.consistency]) for one in report.jurors]
        if report
        else [],
        "page": Paginator(report.files if report else [], PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "office/committee/jurors.html", context)
