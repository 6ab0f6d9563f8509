"""What was asked back comes in or is given up; the file closes: a question each, then the act."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.funding.actions import settlement as actions
from terreau.funding.lifecycle import ClawbackState
from terreau.funding.models import Clawback
from terreau.web.office.follow.forms import RecoverForm, WaiveForm
from terreau.web.office.follow.project import agreement_or_404
from terreau.web.office.gate import files_of, office_only


def asked_or_404(request, pk):
    waiting = Clawback.objects.filter(agreement__application__in=files_of(request.user), state=ClawbackState.CLAIMED)
    clawback = get_object_or_404(waiting.select_related("agreement__application"), pk=pk)
    if not request.user.has_perm("funding.claim"):
        raise PermissionDenied
    return clawback


@office_only
def recover(request, pk):
    clawback = asked_or_404(request, pk)
    form = RecoverForm(request.POST or None, initial={"amount": euros(clawback.amount_cents).strip("€\u00a0")})
    words = {"title": _("Noter un reversement reçu"), "action": _("Noter"), "text": clawback.reason}
    return settle(
        request,
        clawback,
        form,
        words,
        lambda said: actions.recover(clawback, cents=said["amount"], on=said["on"], by=request.user),
    )


@office_only
def waive(request, pk):
    clawback = asked_or_404(request, pk)
    form = WaiveForm(request.POST or None)
    words = {
        "title": _("Renoncer à ce reversement ?"),
        "action": _("Renoncer"),
        "text": clawback.reason,
        "danger": True,
    }
    return settle(
        request,
        clawback,
        form,
        words,
        lambda said: actions.waive(clawback, reason=said["reason"], by=request.user),
    )


def settle(request, clawback, form, words, act):
    reference = clawback.agreement.application.reference
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, " ".join(refusal.reasons))
        except ValueError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("office:follow-project", reference)
    back = reverse("office:follow-project", args=[reference])
    context = {**words, "form": form, "back": back, "items": [f"{clawback.agreement} : {euros(clawback.amount_cents)}"]}
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@office_only
def close(request, reference):
    agreement = agreement_or_404(request, reference)
    if not request.user.has_perm("funding.close", agreement):
        raise PermissionDenied
    back = reverse("office:follow-project", args=[reference])
    if request.method == "POST":
        try:
            actions.close(agreement, by=request.user)
            messages.success(request, _("La convention est close, le porteur est prévenu."))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.reasons))
        return redirect(back)
    context = {
        "title": _("Clore la convention %(number)s ?") % {"number": agreement.number},
        "text": _("Plus rien ne sera versé ni demandé. Les suivis après la fin restent attendus."),
        "action": _("Clore"),
        "back": back,
    }
    return render(request, "ui/confirm.html", context)
