from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse

from terreau.calls import queries
from terreau.calls.lifecycle import State
from terreau.web.public import verdict
from terreau.web.public.forms import EligibilityForm
from terreau.web.public.views.calls import moment

KEPT = "eligibility"  # in the session: answers by call, so that the application starts with them


@login_not_required
def check(request, slug):
    """Two minutes, no account: the answers stay in the session of this browser."""
    call = get_object_or_404(queries.public_calls(), slug=slug)
    kept = request.session.get(KEPT, {})
    form = EligibilityForm(request.POST or None, rules=call.rules, initial=readable(kept.get(slug, {})))
    if request.method == "POST" and form.is_valid():
        request.session[KEPT] = {**kept, slug: form.kept()}
        return redirect(request.path + "#resultat")
    reasons = verdict.reasons(call.rules, readable(kept[slug])) if slug in kept and not form.is_bound else []
    context = {
        "call": call,
        "form": form,
        "reasons": reasons,
        "conclusion": verdict.conclusion(reasons) if reasons else "",
        "is_open": call.state == State.OPEN and any(moment(window) == "open" for window in call.rules.windows),
        "next_step": start_address(slug),
        "others": queries.open_calls().exclude(pk=call.pk) if reasons else [],
    }
    return render(request, "public/eligibility.html", context)


def start_address(slug):
    """Where an application starts; the page of the call while that space is not there."""
    try:
        return reverse("applicant:start", args=[slug])
    except NoReverseMatch:
        return reverse("public:call", args=[slug])


def readable(kept):
    """Session values as the form and the rules read them."""
    founded_on = kept.get("founded_on")
    return {**kept, "founded_on": date.fromisoformat(founded_on) if founded_on else None}
