from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import FUNDER_ROLES
from terreau.funding.actions.rules import set_reporting
from terreau.funding.models import ReportingRules
from terreau.funding.queries.reports import rules_on
from terreau.web.office.follow.forms import ParametersForm, question_forms
from terreau.web.office.gate import office_only, require


@office_only
def parameters(request):
    """What the funder asks of its reports: in force, dated, with its sources."""
    require(request, "funding.set_reporting")
    funder = next(m.organisation for m in request.user.active_memberships if m.role in FUNDER_ROLES)
    current = rules_on(funder.pk, timezone.localdate())
    form = ParametersForm(request.POST or None, current=current)
    questions = question_forms(request.POST or None, current)
    if request.method == "POST" and form.is_valid() and questions.is_valid():
        said = form.cleaned_data
        values = said["values"] | {"sections": questions.sections()}
        try:
            set_reporting(funder, values, applies_from=said["applies_from"], source=said["source"], by=request.user)
        except ValueError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Les paramètres sont enregistrés."))
            return redirect("office:follow-rules")
    versions = ReportingRules.objects.filter(funder=funder).select_related("entered_by")
    context = {"form": form, "questions": questions, "versions": versions}
    refused = form.errors or (questions.is_bound and not questions.is_valid())
    return render(request, "office/follow/parameters.html", context, status=422 if refused else 200)
