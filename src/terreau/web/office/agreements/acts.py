"""What the office does to an agreement: draw it, write it, offer it, take it back, end it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from terreau.core.moves import Refused
from terreau.funding import actions
from terreau.web.office.agreements.forms import AgreementForm, SureForm
from terreau.web.office.agreements.scope import agreement_or_404
from terreau.web.office.forms import ReasonForm
from terreau.web.office.gate import file_or_404, office_only, require
from terreau.web.ui.agreements.pages import done
from terreau.web.ui.territory_picker import searching


@office_only
@require_POST
def draft(request, reference):
    application = file_or_404(request, reference)
    require(request, "funding.draft_agreement")
    try:
        made = actions.draft_agreement(application, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("office:agreements")
    messages.success(request, _("La convention est préparée : relisez-la avant de la proposer."))
    return redirect("office:agreement", made.pk)


@office_only
@require_http_methods(["GET", "POST"])
def edit(request, pk):
    agreement = agreement_or_404(request, pk)
    require(request, "funding.edit_agreement", agreement)
    form = AgreementForm(request.POST or None, agreement=agreement)
    again = request.method == "POST" and searching(form)
    if (
        request.method == "POST"
        and not again
        and form.is_valid()
        and done(form, actions.edit_agreement, agreement, by=request.user, **form.changes())
    ):
        messages.success(request, _("Le texte est enregistré."))
        return redirect("office:agreement", pk)
    status = 422 if request.method == "POST" and not again else 200
    return render(request, "office/agreements/edit.html", {"agreement": agreement, "form": form}, status=status)


ACTS = {
    "offer": {
        "form": SureForm,
        "title": gettext_lazy("Proposer cette convention à la signature ?"),
        "text": gettext_lazy(
            "Le texte est figé, il prend son numéro, et le porteur est prévenu. Pour le changer ensuite, il faudra le "
            "retirer : les signatures déjà reçues ne compteront plus."
        ),
        "action": gettext_lazy("Proposer"),
        "done": gettext_lazy("La convention est proposée. Le porteur est prévenu."),
    },
    "recall": {
        "form": ReasonForm,
        "title": gettext_lazy("Retirer le texte proposé ?"),
        "text": gettext_lazy("Il redevient un projet. Son numéro reste ; les signatures reçues ne comptent plus."),
        "action": gettext_lazy("Retirer"),
        "done": gettext_lazy("Le texte est retiré."),
        "danger": True,
    },
    "lapse": {
        "form": ReasonForm,
        "title": gettext_lazy("Déclarer cette convention caduque ?"),
        "text": gettext_lazy("Elle ne sera pas signée. L’argent voté revient dans l’enveloppe."),
        "action": gettext_lazy("Déclarer caduque"),
        "done": gettext_lazy("La convention est caduque, l’argent revient dans l’enveloppe."),
        "danger": True,
    },
    "terminate": {
        "form": ReasonForm,
        "title": gettext_lazy("Résilier cette convention ?"),
        "text": gettext_lazy("Les versements à venir sont annulés. Ce qui est payé ou à payer ne change pas."),
        "action": gettext_lazy("Résilier"),
        "done": gettext_lazy("La convention est résiliée."),
        "danger": True,
    },
}


@office_only
@require_http_methods(["GET", "POST"])
def act(request, pk, verb):
    """Ask, then do."""
    agreement = agreement_or_404(request, pk)
    words = ACTS.get(verb)
    if words is None:
        raise Http404
    require(request, f"funding.{verb}", agreement)
    form = words["form"](request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, getattr(actions, verb), agreement, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, words["done"])
        return redirect("office:agreement", pk)
    back = reverse("office:agreement", args=[pk])
    status = 422 if request.method == "POST" else 200
    context = {**words, "form": form, "back": back, "items": [str(agreement)]}
    return render(request, "ui/confirm.html", context, status=status)
