"""What a firm committed to, from its offer to the attestation."""

from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.engagement.actions import commitments as actions
from terreau.engagement.lifecycle import CommitmentState, NeedState
from terreau.engagement.queries import commitments as queries
from terreau.engagement.queries import sheets
from terreau.projects.queries.public import selected
from terreau.web.company.scope import company_of, contact_only, is_contact
from terreau.web.ui.commitments import pages
from terreau.web.ui.commitments.forms import HoursForm, OfferForm
from terreau.web.ui.gifts.pages import attempted

PER_PAGE = 30


@require_GET
def commitments(request, pk):
    """What the firm committed to, the newest first; filtered by state."""
    company = company_of(request, pk)
    found = queries.of_company(company)
    asked = request.GET.get("etat", "")
    if asked in CommitmentState.values:
        found = found.filter(state=asked)
    context = {
        "company": company,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "states": CommitmentState.choices,
        "asked": asked,
        "years": sheets.years(company) if is_contact(request.user, company) else [],
        "here_label": _("Engagements"),
    }
    return render(request, "company/commitments/list.html", context)


@require_http_methods(["GET", "POST"])
def commit(request, pk, reference):
    """Offer something to a supported project; `?besoin=` one thing that it seeks."""
    company = contact_only(request, pk)
    application = get_object_or_404(selected(), reference=reference)
    needs = application.needs.filter(state=NeedState.OPEN)
    need = needs.filter(pk=wanted).first() if (wanted := request.GET.get("besoin", "")).isdecimal() else None
    form = OfferForm(request.POST or None, initial={"form": need.form, "title": need.title} if need else None)
    if request.method == "POST" and form.is_valid():
        propose = partial(actions.propose, company, application, form.offer(need), by=request.user)
        if made := attempted(form, propose):
            return redirect("company:commitment", pk, made.pk)
    context = {
        "company": company,
        "application": application,
        "needs": needs,
        "form": form,
        "here_label": _("S’engager"),
    }
    return render(request, "company/commitments/commit.html", context, status=422 if form.errors else 200)


def load(request, pk, commitment):
    company = company_of(request, pk)
    return company, get_object_or_404(queries.of_company(company), pk=commitment)


@require_GET
def commitment(request, pk, commitment):
    company, found = load(request, pk, commitment)
    return page(request, company, found, HoursForm())


def page(request, company, found, hours):
    """The commitment as its firm reads it; `hours`: the line of the log being typed."""
    context = pages.shown(request, found) | {
        "base": "company/base.html",
        "company": company,
        "here_url": reverse("company:commitment", args=[company.pk, found.pk]),
        "here_label": found.title,
        "hours_form": hours if request.user.has_perm("engagement.log_work", found) else None,
    }
    if is_contact(request.user, company) and queries.awaits_a_gift(found):
        context["gift_url"] = f"{reverse('company:give', args=[company.pk])}?engagement={found.pk}"
    return render(request, "ui/commitment/page.html", context, status=422 if hours.errors else 200)


@require_http_methods(["GET", "POST"])
def act(request, pk, commitment, word):
    _company, found = load(request, pk, commitment)
    return pages.act(request, found, word, back=reverse("company:commitment", args=[pk, commitment]))
