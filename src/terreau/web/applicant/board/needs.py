from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from terreau.core.moves import Refused
from terreau.engagement.actions import needs as actions
from terreau.engagement.lifecycle import MOVES, NeedState
from terreau.web.applicant.board.forms import NeedForm
from terreau.web.applicant.board.scope import load, require

FIELDS = tuple(NeedForm.base_fields)
DONE = {
    "fill": gettext_lazy("Ce besoin est pourvu : il n’est plus proposé."),
    "close": gettext_lazy("Ce besoin est retiré."),
    "reopen": gettext_lazy("Ce besoin est de nouveau ouvert."),
}


def new(request, reference):
    application = load(request, reference)
    require(request, "engagement.seek", application)
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and kept(form, actions.add_need, application, by=request.user):
        messages.success(request, _("Votre besoin est enregistré."))
        return redirect("applicant:partners", reference)
    return page(request, application, form)


def change(request, reference, pk):
    application, need = need_or_404(request, reference, pk)
    require(request, "engagement.change_need", need)
    form = NeedForm(request.POST or None, initial={name: getattr(need, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid() and kept(form, actions.change_need, need, by=request.user):
        messages.success(request, _("Votre besoin est enregistré."))
        return redirect("applicant:partners", reference)
    return page(request, application, form, need)


@require_POST
def move(request, reference, pk, verb):
    _application, need = need_or_404(request, reference, pk)
    if verb not in MOVES[NeedState]:
        raise Http404
    require(request, f"engagement.{verb}_need", need)
    actions.move_need(need, verb, by=request.user)
    messages.success(request, DONE[verb])
    return redirect("applicant:partners", reference)


def need_or_404(request, reference, pk):
    """A need of a file that this person works on; the file knows the reader's role."""
    application = load(request, reference)
    need = get_object_or_404(application.needs, pk=pk)
    need.application = application
    return application, need


def kept(form, action, thing, *, by):
    """Do it; False, with the reasons on the form, when it cannot be."""
    try:
        action(thing, **form.cleaned_data, by=by)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    return True


def page(request, application, form, need=None):
    context = {"application": application, "form": form, "need": need}
    return render(request, "applicant/board/need.html", context, status=422 if form.errors else 200)
