"""What firms committed to for a project, as those who work on its file see it."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.accounts.models import Organisation
from terreau.engagement.actions import commitments as actions
from terreau.engagement.queries import commitments as queries
from terreau.engagement.queries.entitlements import held_by
from terreau.web.applicant.board.scope import load, require
from terreau.web.ui.commitments import pages
from terreau.web.ui.commitments.forms import OfferForm
from terreau.web.ui.commitments.papers import printed
from terreau.web.ui.gifts.pages import attempted


def found_in(request, reference, pk):
    application = load(request, reference)
    found = get_object_or_404(queries.of_project(application), pk=pk)
    found.application = application  # it knows the reader's role
    return application, found


@require_GET
def commitment(request, reference, pk):
    application, found = found_in(request, reference, pk)
    context = pages.shown(request, found) | {
        "base": "applicant/base.html",
        "application": application,
        "here_url": reverse("applicant:partners-commitment", args=[reference, pk]),
        "here": {"label": found.title},
    }
    if held_by(request.user).filter(pk=application.holder_id).exists() and queries.awaits_a_gift(found):
        record = reverse("applicant:receipts-record", args=[application.holder_id])
        context["gift_url"] = f"{record}?engagement={pk}"
    return render(request, "ui/commitment/page.html", context)


@require_http_methods(["GET", "POST"])
def act(request, reference, pk, word):
    _application, found = found_in(request, reference, pk)
    return pages.act(request, found, word, back=reverse("applicant:partners-commitment", args=[reference, pk]))


@require_GET
def sheet(request, reference, pk, sheet):
    _application, found = found_in(request, reference, pk)
    return printed(found, sheet)


@require_http_methods(["GET", "POST"])
def ask(request, reference, company):
    """Ask something of a firm that agreed to be asked; it accepts or withdraws."""
    application = load(request, reference)
    require(request, "engagement.seek", application)
    asked = get_object_or_404(Organisation, pk=company, kind=Organisation.Kind.COMPANY)
    if not queries.may_be_asked(asked, application):
        raise Http404
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        propose = partial(actions.propose, asked, application, form.offer(), by=request.user, by_company=False)
        if made := attempted(form, propose):
            return redirect("applicant:partners-commitment", reference, made.pk)
    context = {
        "title": _("Proposer un engagement à %s") % asked.name,
        "text": _("L’entreprise reçoit un e-mail, et accepte ou non. Rien n’est convenu avant sa réponse."),
        "action": _("Proposer cet engagement"),
        "back": reverse("applicant:partners", args=[reference]),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
