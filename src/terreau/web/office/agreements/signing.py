from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terreau.funding import actions, queries
from terreau.web.office.agreements.forms import ReadCopyForm
from terreau.web.office.agreements.scope import agreement_or_404
from terreau.web.office.gate import office_only, require
from terreau.web.ui.agreements import pages


@office_only
@require_http_methods(["GET", "POST"])
def sign(request, pk):
    agreement = agreement_or_404(request, pk)
    require(request, "funding.sign_for_funder", agreement)
    return pages.sign(request, agreement, "funder", reverse("office:agreement", args=[pk]))


@office_only
@require_http_methods(["GET", "POST"])
def copy(request, pk):
    """The office's own signed copy; the holder's, received by post, is read as the holder's."""
    agreement = agreement_or_404(request, pk)
    require(request, "funding.read_copies", agreement)
    return pages.copy(request, agreement, "funder", reverse("office:agreement", args=[pk]))


@office_only
@require_http_methods(["GET", "POST"])
def read_copy(request, pk, document):
    """A copy that the machine could not compare: accept it with a reason, or set it aside."""
    agreement = agreement_or_404(request, pk)
    amendment = queries.open_amendment(agreement)
    target = amendment if amendment and amendment.digest else agreement
    require(request, "funding.read_copies", target)
    copy = get_object_or_404(queries.copies_to_read(agreement), pk=document)
    form = ReadCopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and decided(request, form, target, copy):
        return redirect("office:agreement", pk)
    status = 422 if request.method == "POST" else 200
    context = {"agreement": agreement, "target": target, "copy": copy, "form": form}
    return render(request, "office/agreements/copy.html", context, status=status)


def decided(request, form, target, copy):
    said = dict(form.cleaned_data)
    if "refuse" in request.POST:
        if not pages.done(form, actions.set_copy_aside, target, copy, reason=said["reason"], by=request.user):
            return False
        messages.success(request, _("La copie est écartée, le porteur est prévenu."))
        return True
    if not pages.done(form, actions.accept_copy, target, copy, by=request.user, **said):
        return False
    messages.success(request, _("La signature est enregistrée."))
    return True
