from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terreau.funding import actions, queries
from terreau.web.office.agreements.forms import AidForm
from terreau.web.office.agreements.scope import agreement_or_404
from terreau.web.office.gate import office_only, require
from terreau.web.ui.agreements import pages


@office_only
@require_http_methods(["GET", "POST"])
def contract(request, pk):
    agreement = agreement_or_404(request, pk)
    require(request, "funding.record_contract", agreement)
    return pages.contract(request, agreement, reverse("office:agreement", args=[pk]))


@office_only
@require_http_methods(["GET", "POST"])
def aids(request, pk):
    """The aids that the group has declared, and one more."""
    agreement = agreement_or_404(request, pk)
    require(request, "funding.declare_aid", agreement)
    group = queries.group_of(agreement)
    form = AidForm(request.POST or None, initial={"siren": agreement.holder.siren, "regime": agreement.aid_regime})
    if (
        request.method == "POST"
        and form.is_valid()
        and pages.done(form, actions.declare_aid, group=group, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("L’aide est enregistrée."))
        return redirect("office:agreement-aids", pk)
    context = {"agreement": agreement, "group": group, "aids": queries.aids_of(group), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "office/agreements/aids.html", context, status=status)
