"""The gifts that a structure received: recorded, corrected, confirmed, receipted."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from terreau.accounts.actions import create_organisation
from terreau.accounts.models import LegalForm, Organisation
from terreau.core.moves import Refused
from terreau.engagement.actions import gifts as actions
from terreau.engagement.actions import receipts
from terreau.engagement.models import Gift
from terreau.engagement.queries.receipts import obstacles
from terreau.engagement.queries.worth import told_of
from terreau.web.applicant.receipts.forms import ConfirmForm, RecordForm
from terreau.web.applicant.receipts.scope import gift_of, structure_of
from terreau.web.ui.gifts.forms import GiftForm, kind_asked, legal_form_of
from terreau.web.ui.gifts.pages import attempted, commitment_asked, kinds, preview, shown, started

VERBS = ("correct_gift", "withdraw_gift", "confirm_gift", "issue_receipt")


@require_http_methods(["GET", "POST"])
def record(request, pk):
    structure = structure_of(request, pk)
    commitment = commitment_asked(request, application__holder=structure)
    kind = kind_asked(request, commitment.form if commitment else Gift.Kind.MONEY)
    data = request.POST or (request.GET if request.htmx else None)
    initial = started(commitment)
    if commitment:
        initial |= {"siret": commitment.company.siret_shown, "donor_form": legal_form_of(commitment.company)}
    form = RecordForm(data, kind=kind, structure=structure, initial=initial)
    if request.htmx:
        return preview(request, form)
    if request.method == "POST" and form.is_valid() and (gift := recorded(request, structure, form, commitment)):
        messages.success(request, _("Le don est enregistré."))
        return redirect("applicant:receipts-gift", structure.pk, gift.pk)
    context = {"structure": structure, "form": form, "kinds": kinds(request, kind)}
    return render(request, "applicant/receipts/record.html", context, status=422 if form.errors else 200)


@transaction.atomic
def recorded(request, structure, form, commitment):
    """The gift, and the firm where it was not known; or None with the reasons in the form."""
    donor = form.donor or create_organisation(
        kind=Organisation.Kind.COMPANY, legal_form=LegalForm.COMPANY, **form.identity(), by=request.user
    )
    told, project = form.told(), form.cleaned_data["project"]
    same = commitment if commitment and commitment.company_id == donor.pk else None
    about = {"application": project or (same and same.application), "commitment": same, "by": request.user}
    benefit = form.cleaned_data["return_cents"] or 0
    gift = attempted(form, partial(actions.record, donor, structure, told, return_cents=benefit, **about))
    transaction.set_rollback(gift is None)
    return gift


@require_GET
def gift(request, pk, gift):
    return page(request, *gift_of(request, pk, gift), ConfirmForm())


def page(request, structure, found, form, *, status=200):
    context = shown(found) | {
        "structure": structure,
        "form": form,
        "obstacles": obstacles(found),
        "may": {verb: request.user.has_perm(f"engagement.{verb}", found) for verb in VERBS},
    }
    return render(request, "applicant/receipts/gift.html", context, status=status)


@require_POST
def confirm(request, pk, gift):
    structure, found = gift_of(request, pk, gift, "confirm_gift")
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            actions.confirm(found, form.cleaned_data["return_cents"], by=request.user)
        except Refused as refusal:
            form.add_error("return_cents", refusal.reasons)
        else:
            messages.success(request, _("Le don est confirmé."))
            return redirect("applicant:receipts-gift", structure.pk, found.pk)
    return page(request, structure, found, form, status=422)


@require_http_methods(["GET", "POST"])
def edit(request, pk, gift):
    structure, found = gift_of(request, pk, gift, "correct_gift")
    kind = kind_asked(request, found.kind)
    told = told_of(found) if kind == found.kind else None
    form = GiftForm(request.POST or (request.GET if request.htmx else None), kind=kind, told=told)
    if request.htmx:
        return preview(request, form)
    correct = partial(actions.correct, found, by=request.user)
    if request.method == "POST" and form.is_valid() and attempted(form, lambda: correct(form.told())):
        messages.success(request, _("Le don est corrigé\u00a0: confirmez-le de nouveau."))
        return redirect("applicant:receipts-gift", structure.pk, found.pk)
    context = {"structure": structure, "form": form, "gift": found, "kinds": kinds(request, kind)}
    return render(request, "applicant/receipts/record.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request, pk, gift):
    structure, found = gift_of(request, pk, gift, "withdraw_gift")
    if request.method == "POST":
        try:
            actions.withdraw(found, by=request.user)
            messages.success(request, _("Le don est retiré."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("applicant:receipts", structure.pk)
    context = {
        "title": _("Retirer ce don\u00a0?"),
        "text": _("Il a été enregistré par erreur. L’entreprise ne le verra plus."),
        "action": _("Retirer ce don"),
        "danger": True,
        "back": request.path.removesuffix("retirer/"),
    }
    return render(request, "ui/confirm.html", context)


@require_POST
def issue(request, pk, gift):
    structure, found = gift_of(request, pk, gift, "issue_receipt")
    try:
        receipt = receipts.issue(found, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Le reçu n° %s est délivré. L’entreprise en est prévenue.") % receipt)
    return redirect("applicant:receipts-gift", structure.pk, found.pk)
