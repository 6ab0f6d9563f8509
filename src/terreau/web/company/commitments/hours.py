"""The log of hours of a commitment, kept by whoever acts for the firm: a contact, or the mentor."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.core.moves import WrongMoment
from terreau.engagement.actions import work as actions
from terreau.web.company.commitments.pages import load, page
from terreau.web.ui.commitments.forms import HoursForm
from terreau.web.ui.gifts.pages import attempted


@require_POST
def log(request, pk, commitment):
    company, found = load(request, pk, commitment)
    if not request.user.has_perm("engagement.log_work", found):
        raise PermissionDenied
    form = HoursForm(request.POST)
    if form.is_valid() and attempted(form, partial(actions.log, found, **form.line(), by=request.user)):
        messages.success(request, _("Le temps est noté."))
        return redirect("company:commitment", pk, commitment)
    return page(request, company, found, form)


@require_POST
def strike(request, pk, commitment, line):
    _company, found = load(request, pk, commitment)
    struck = get_object_or_404(found.log, pk=line)
    if not (
        request.user.has_perm("engagement.log_work", found) and request.user.has_perm("engagement.strike_work", struck)
    ):
        raise PermissionDenied
    try:
        actions.strike(struck, by=request.user)
    except WrongMoment as late:
        raise PermissionDenied from late
    messages.success(request, _("La ligne est retirée."))
    return redirect("company:commitment", pk, commitment)
