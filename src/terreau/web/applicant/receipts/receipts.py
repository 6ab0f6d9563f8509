"""One receipt: what it says, its PDF, its void."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.engagement.actions import receipts as actions
from terreau.web.applicant.receipts.forms import VoidForm
from terreau.web.applicant.receipts.scope import receipt_of
from terreau.web.ui.gifts.pages import attempted
from terreau.web.ui.gifts.pages import paper as pdf


@require_GET
def paper(request, pk, receipt):
    _structure, found = receipt_of(request, pk, receipt)
    return pdf(found)


@require_http_methods(["GET", "POST"])
def void(request, pk, receipt):
    structure, found = receipt_of(request, pk, receipt, "void_receipt")
    form = VoidForm(request.POST or None)
    if form.is_valid():
        act = partial(actions.void, found, form.cleaned_data["reason"], by=request.user)
        if attempted(form, act):
            messages.success(request, _("Le reçu n° %s est annulé. Corrigez le don, puis délivrez le nouveau.") % found)
            return redirect("applicant:receipts-gift", structure.pk, found.gift_id)
    context = {
        "title": _("Annuler le reçu n° %s\u00a0?") % found,
        "text": _("Son numéro reste pris, le PDF porte « annulé », l’entreprise est prévenue. Rien n’est effacé."),
        "form": form,
        "action": _("Annuler ce reçu"),
        "danger": True,
        "back": redirect("applicant:receipts-gift", structure.pk, found.gift_id).url,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
