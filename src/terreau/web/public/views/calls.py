from itertools import pairwise

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from terreau.accounts.models import LegalForm
from terreau.calls import queries
from terreau.calls.lifecycle import State
from terreau.calls.rulebook import SEATS

LEGAL_FORMS = dict(LegalForm.choices)


def moment(window):
    """Whether a window is to come, open or past."""
    now = timezone.now()
    if now < window.opens_at:
        return "upcoming"
    return "open" if now <= window.deadline else "past"


@login_not_required
def calls(request):
    found = list(queries.public_calls().order_by("-edition", "title"))
    for call in found:
        call.periods = [(window, moment(window)) for window in call.windows.all()]
    context = {
        "open": [call for call in found if call.state == State.OPEN],
        "closed": [call for call in found if call.state != State.OPEN],
    }
    return render(request, "public/calls.html", context)


@login_not_required
def call(request, slug):
    """The whole of a call on one page: who, when, how much, on which grounds, with which papers."""
    found = get_object_or_404(queries.public_calls(), slug=slug)
    rules = found.rules
    weight = sum(criterion.weight for criterion in rules.criteria)
    context = {
        "call": found,
        "version": found.current,
        "rules": rules,
        "periods": [(window, moment(window)) for window in rules.windows],
        "is_open": found.state == State.OPEN and any(moment(window) == "open" for window in rules.windows),
        "legal_forms": [LEGAL_FORMS.get(form, form) for form in rules.eligibility.legal_forms],
        "seats": [SEATS.get(seat, seat) for seat in rules.eligibility.seats],
        "criteria": [(criterion, criterion.weight / weight if weight else None) for criterion in rules.criteria],
    }
    return render(request, "public/call.html", context)


@login_not_required
def versions(request, slug):
    """What changed in the rules since they were first published, newest first."""
    found = get_object_or_404(queries.public_calls(), slug=slug)
    history = list(queries.history(found))
    changes = {new.pk: queries.changes(old, new) for new, old in pairwise(history)}
    context = {"call": found, "versions": [(version, changes.get(version.pk, [])) for version in history]}
    return render(request, "public/versions.html", context)
