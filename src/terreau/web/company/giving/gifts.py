"""What a firm gave, and the receipts it got. Read by its contacts alone."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.core.moves import Refused
from terreau.engagement.actions import gifts as actions
from terreau.engagement.models import Gift, Receipt
from terreau.engagement.queries import receipts as queries
from terreau.engagement.queries.worth import told_of
from terreau.web.company.giving.forms import GiveForm
from terreau.web.company.scope import contact_only
from terreau.web.ui.gifts.forms import GiftForm, kind_asked, legal_form_of
from terreau.web.ui.gifts.pages import attempted, commitment_asked, kinds, paper, preview, shown, started


@require_GET
def gifts(request, pk):
    company = contact_only(request, pk)
    found = list(queries.gifts_from(company))
    context = {
        "company": company,
        "gifts": found,
        "total": sum(gift.amount_cents for gift in found),
        "receipted": sum(gift.amount_cents for gift in found if gift.in_force),
        "here_label": _("Dons et reçus"),
    }
    return render(request, "company/giving/gifts.html", context)


@require_http_methods(["GET", "POST"])
def give(request, pk):
    company = contact_only(request, pk)
    commitment = commitment_asked(request, company=company)
    kind = kind_asked(request, commitment.form if commitment else Gift.Kind.MONEY)
    initial = {"donor_form": legal_form_of(company), "project": request.GET.get("projet", "")} | started(commitment)
    data = request.POST or (request.GET if request.htmx else None)
    form = GiveForm(data, kind=kind, initial=initial)
    if request.htmx:
        return preview(request, form)
    if request.method == "POST" and form.is_valid() and (gift := declared(request, company, form, commitment)):
        messages.success(request, _("Votre don est déclaré. La structure le confirme, puis délivre le reçu."))
        return redirect("company:gift", company.pk, gift.pk)
    context = {
        "company": company,
        "form": form,
        "commitment": commitment,
        "kinds": kinds(request, kind),
        "here_label": _("Déclarer un don"),
    }
    return render(request, "company/giving/give.html", context, status=422 if form.errors else 200)


def declared(request, company, form, commitment):
    """The gift, or None with the reasons in the form."""
    project = form.cleaned_data["project"]
    same = commitment if commitment and commitment.application_id == project.pk else None
    about = {"application": project, "commitment": same, "by": request.user}
    return attempted(form, partial(actions.declare, company, project.holder, form.told(), **about))


def gift_or_404(request, pk, gift):
    """A gift of this firm, with who is on each side."""
    company = contact_only(request, pk)
    found = Gift.objects.filter(donor=company).select_related("donor__commune", "recipient", "application")
    return company, get_object_or_404(found, pk=gift)


@require_GET
def gift(request, pk, gift):
    company, found = gift_or_404(request, pk, gift)
    may = {verb: request.user.has_perm(f"engagement.{verb}_gift", found) for verb in ("correct", "withdraw")}
    context = shown(found) | {"company": company, "may": may, "here_label": _("Don")}
    return render(request, "company/giving/gift.html", context)


@require_http_methods(["GET", "POST"])
def edit(request, pk, gift):
    company, found = gift_or_404(request, pk, gift)
    require(request, "correct", found)
    kind = kind_asked(request, found.kind)
    told = told_of(found) if kind == found.kind else None
    form = GiftForm(request.POST or (request.GET if request.htmx else None), kind=kind, told=told)
    if request.htmx:
        return preview(request, form)
    correct = partial(actions.correct, found, by=request.user)
    if request.method == "POST" and form.is_valid() and attempted(form, lambda: correct(form.told())):
        messages.success(request, _("Le don est corrigé. La structure le confirme de nouveau."))
        return redirect("company:gift", company.pk, found.pk)
    context = {
        "company": company,
        "form": form,
        "gift": found,
        "kinds": kinds(request, kind),
        "here_label": _("Corriger le don"),
    }
    return render(request, "company/giving/give.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request, pk, gift):
    company, found = gift_or_404(request, pk, gift)
    require(request, "withdraw", found)
    if request.method == "POST":
        try:
            actions.withdraw(found, by=request.user)
            messages.success(request, _("Le don est retiré."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("company:gifts", company.pk)
    context = {
        "title": _("Retirer ce don\u00a0?"),
        "text": _("Il a été déclaré par erreur. La structure ne le verra plus."),
        "action": _("Retirer ce don"),
        "danger": True,
        "back": request.path.removesuffix("retirer/"),
    }
    return render(request, "ui/confirm.html", context)


@require_GET
def receipt(request, pk, receipt):
    company = contact_only(request, pk)
    mine = Receipt.objects.filter(gift__donor=company)
    return paper(get_object_or_404(mine, pk=receipt))


def require(request, verb, gift):
    if not request.user.has_perm(f"engagement.{verb}_gift", gift):
        raise PermissionDenied
