from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.funding.actions.visits import record_visit
from terreau.funding.lifecycle import Account, AgreementState, ReportState
from terreau.funding.models import Agreement
from terreau.funding.queries import reports as queries
from terreau.funding.queries.balances import balances
from terreau.funding.queries.risks import facts_of
from terreau.funding.queries.settlement import obstacles_to_closing
from terreau.funding.rulebook.risks import risks
from terreau.web.office.follow.forms import VisitForm
from terreau.web.office.gate import files_of, office_only


def agreement_or_404(request, reference):
    found = Agreement.objects.filter(application__in=files_of(request.user), state__in=queries.FOLLOWED)
    related = ("application__call__funder", "application__region", "holder")
    return get_object_or_404(found.select_related(*related), application__reference=reference)


@office_only
def project(request, reference):
    """One supported project: its calendar, its money, its visits, what is wrong with it."""
    agreement = agreement_or_404(request, reference)
    may_note = request.user.has_perm("funding.note_visit", agreement)
    form = VisitForm(request.POST or None)
    if request.method == "POST":
        if not may_note:
            raise PermissionDenied
        if form.is_valid() and noted(agreement, form, by=request.user):
            messages.success(request, _("La visite est notée."))
            return redirect("office:follow-project", reference)
    today, held = timezone.localdate(), balances(agreement)
    rules = queries.rules_on(agreement.application.call.funder_id, today)
    reports = agreement.reports.exclude(state=ReportState.CANCELLED).select_related("instalment")
    context = {
        "agreement": agreement,
        "rows": [{"report": one, "late": queries.is_late(one, today)} for one in reports],
        "risks": risks(facts_of(agreement), today, rules),
        "visits": agreement.visits.select_related("by"),
        "form": form if may_note else None,
        "instalments": agreement.instalments.all(),
        "clawbacks": agreement.clawbacks.all(),
        "money": [(Account(name).label, held[name]) for name in SHOWN if held[name]],
        "obstacles": obstacles_to_closing(agreement),
        "may_close": request.user.has_perm("funding.close", agreement),
        "may_enter_basin": request.user.has_perm("engagement.see_basin") and agreement.state == AgreementState.SIGNED,
        "may_claim": request.user.has_perm("funding.claim"),
    }
    return render(request, "office/follow/project.html", context, status=422 if form.errors else 200)


SHOWN = (Account.COMMITTED, Account.PAYABLE, Account.IN_TRANSIT, Account.PAID, Account.RECOVERABLE)


def noted(agreement, form, *, by):
    """Keep the visit; False, with the reason on the form, when it cannot be."""
    try:
        record_visit(agreement, **form.cleaned_data, by=by)
    except ValueError as problem:
        form.add_error(None, str(problem))
        return False
    return True
