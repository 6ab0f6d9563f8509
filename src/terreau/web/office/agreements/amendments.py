from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.funding import actions
from terreau.web.office.agreements.forms import AnswerForm
from terreau.web.office.agreements.scope import agreement_or_404, amendment_or_404
from terreau.web.office.gate import office_only, require
from terreau.web.ui.agreements import pages


@office_only
@require_http_methods(["GET", "POST"])
def ask(request, pk):
    agreement = agreement_or_404(request, pk)
    require(request, "funding.ask_amendment", agreement)
    return pages.amend(request, agreement, reverse("office:agreement", args=[pk]))


@office_only
@require_http_methods(["GET", "POST"])
def answer(request, pk, number):
    """What would change, and the answer."""
    amendment = amendment_or_404(request, pk, number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        verb = "refuse" if "refuse" in request.POST else "approve"
        require(request, f"funding.{verb}_amendment", amendment)
        act = actions.refuse_amendment if verb == "refuse" else actions.approve_amendment
        if form.is_valid() and pages.done(form, act, amendment, answer=form.cleaned_data["answer"], by=request.user):
            words = {"refuse": _("L’avenant est refusé."), "approve": _("L’avenant est accepté : il est à signer.")}
            messages.success(request, words[verb])
            return redirect("office:agreement", pk)
    context = {
        **pages.described(amendment),
        "agreement": amendment.agreement,
        "form": form,
        "may": {
            verb: request.user.has_perm(f"funding.{verb}", amendment)
            for verb in ("approve_amendment", "refuse_amendment", "sign_for_funder")
        },
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "office/agreements/amendment.html", context, status=status)


@office_only
@require_http_methods(["GET", "POST"])
def sign(request, pk, number):
    amendment = amendment_or_404(request, pk, number)
    require(request, "funding.sign_for_funder", amendment)
    return pages.sign(request, amendment, "funder", reverse("office:amendment", args=[pk, number]))


@office_only
@require_GET
def paper(request, pk, number):
    amendment = amendment_or_404(request, pk, number)
    if amendment.document is None:
        raise Http404
    return pages.paper(amendment)
