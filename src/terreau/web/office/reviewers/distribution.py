"""A whole distribution of the readings: asked, shown, then written. Without JavaScript."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from terreau.core.moves import Refused
from terreau.methods.assignment.instance import BadInstance
from terreau.selection import actions, queries
from terreau.web.office.gate import office_only, require
from terreau.web.office.reviewers import words
from terreau.web.office.reviewers.forms import DueForm, TermsForm
from terreau.web.office.reviewers.views import window_or_404


@office_only
@require_http_methods(["GET", "POST"])
def distribution(request, pk):
    """GET shows the form, and the proposal once something is asked; POST writes the proposal that was shown."""
    window = window_or_404(request, pk)
    if request.method == "GET":
        asked = "reviews" in request.GET
        form = TermsForm(request.GET) if asked else TermsForm(initial=usual(window))
        found = proposal(window, form) if asked else None
        return page(request, window, form, found)
    require(request, "selection.assign")
    form, due = TermsForm(request.POST), DueForm(request.POST)
    found = proposal(window, form)
    if found is None:
        return page(request, window, form, None, status=422)
    if found.digest != request.POST.get("digest"):
        messages.warning(request, _("Les lectures ont changé entre-temps : voici la proposition à jour."))
        return page(request, window, form, found, status=409)
    try:
        done = actions.assign_all(found, by=request.user, due_on=due.cleaned_data["due_on"] if due.is_valid() else None)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return page(request, window, form, found, status=409)
    tell(request, done)
    return redirect("office:reviewers", pk)


def usual(window):
    return TermsForm.usual(queries.assignable(window).count(), queries.jurors(window).count())


def proposal(window, form):
    """The proposal that the form asks for; None, with the problem on the form, where there is none to make."""
    if not form.is_valid():
        return None
    try:
        return queries.assignment_proposal(window, form.terms())
    except BadInstance as problem:
        for words_ in words.problems(problem):
            form.add_error(None, words_)
    return None


def page(request, window, form, found, *, status=200):
    context = {
        "window": window,
        "form": form,
        "due": DueForm(),
        "proposal": found,
        "may_assign": request.user.has_perm("selection.assign"),
    }
    if found is not None and found.pairs:
        context |= {
            "figures": words.figures(found),
            "loads": words.loads(found),
            "bars": [(str(load.juror.user), load.after) for load in words.loads(found)],
            "lines": words.lines(found),
        }
    elif found is not None:
        context["reasons"] = words.reasons(found)
    return render(request, "office/reviewers/distribution.html", context, status=status)


def tell(request, done):
    said = ngettext("%(count)d lecture confiée.", "%(count)d lectures confiées.", done.added) % {"count": done.added}
    if done.dropped:
        back = ngettext("%(count)d lecture reprise.", "%(count)d lectures reprises.", done.dropped)
        said = f"{said} {back % {'count': done.dropped}}"
    messages.success(request, said)
