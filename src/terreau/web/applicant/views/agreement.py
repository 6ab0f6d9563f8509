"""The agreement as its holder reads it: the text, what it asks, when money comes, what can be asked and signed."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from terreau.funding import queries
from terreau.funding.models import Agreement
from terreau.web.applicant.views.page import load
from terreau.web.ui.agreements import pages


def agreement_or_404(request, reference):
    """The agreement of a file of theirs, once its text was offered."""
    application = load(request, reference)
    related = ("application__call__funder", "holder__commune", "document")
    found = Agreement.objects.select_related(*related).prefetch_related("territories")
    agreement = get_object_or_404(found, application=application)
    if not request.user.has_perm("funding.read_as_holder", agreement):
        raise Http404
    agreement.application.viewer_id = application.viewer_id
    agreement.application.viewer_role = application.viewer_role
    return agreement


def target_or_404(request, reference, number):
    """The agreement, or one of its amendments."""
    agreement = agreement_or_404(request, reference)
    if number is None:
        return agreement
    amendment = get_object_or_404(agreement.amendments.select_related("document"), number=number)
    amendment.agreement = agreement
    return amendment


def require(request, permission, thing):
    """Theirs to know, not theirs to do, or not now."""
    if not request.user.has_perm(permission, thing):
        raise PermissionDenied


def back(reference):
    return reverse("applicant:agreement", args=[reference])


@require_GET
def agreement(request, reference):
    found = agreement_or_404(request, reference)
    amendment = queries.open_amendment(found)
    if amendment is not None:
        amendment.agreement = found
    context = pages.shown(found) | {
        "application": found.application,
        "sign": request.user.has_perm("funding.sign_for_holder", found),
        "sign_amendment": amendment and request.user.has_perm("funding.sign_for_holder", amendment),
        "amendment": amendment,
        "may_ask": amendment is None and request.user.has_perm("funding.ask_amendment", found),
        "may_record": request.user.has_perm("funding.record_contract", found),
        "copies": queries.copies_to_read(found),
    }
    return render(request, "applicant/agreement.html", context)


@require_GET
def paper(request, reference, number=None):
    target = target_or_404(request, reference, number)
    if target.document is None:
        raise Http404
    return pages.paper(target)


@require_http_methods(["GET", "POST"])
def sign(request, reference, number=None):
    target = target_or_404(request, reference, number)
    require(request, "funding.sign_for_holder", target)
    return pages.sign(request, target, "holder", back(reference))


@require_http_methods(["GET", "POST"])
def copy(request, reference, number=None):
    target = target_or_404(request, reference, number)
    require(request, "funding.sign_for_holder", target)
    return pages.copy(request, target, "holder", back(reference))


@require_http_methods(["GET", "POST"])
def amend(request, reference):
    found = agreement_or_404(request, reference)
    require(request, "funding.ask_amendment", found)
    return pages.amend(request, found, back(reference))


@require_http_methods(["GET", "POST"])
def contract(request, reference):
    found = agreement_or_404(request, reference)
    require(request, "funding.record_contract", found)
    return pages.contract(request, found, back(reference))
