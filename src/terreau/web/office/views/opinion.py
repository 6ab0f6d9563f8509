"""The delegate's reasoned opinion, on the call's grid; it saves itself."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from terreau.accounts.models import Role
from terreau.projects import queries
from terreau.selection import actions
from terreau.web.office.forms import OpinionForm
from terreau.web.office.gate import file_or_404, office_only, require


@office_only
def opinion(request, reference):
    application = file_or_404(request, reference)
    require(request, "selection.give_opinion", application)
    delegate = seat(request.user, application)
    kept = application.opinions.filter(delegate=delegate).first()
    form = OpinionForm(
        request.POST if request.method == "POST" else None,
        criteria=queries.rules_of(application).criteria,
        initial=written(kept),
    )
    if request.method == "POST" and form.is_valid():
        said = {"verdict": form.cleaned_data["verdict"], "text": form.cleaned_data["text"], "scores": form.scores()}
        kept = actions.record_opinion(application, delegate, **said, by=request.user)
        if not request.htmx:
            done = _("Votre avis est rendu.") if kept.rendered_at else _("Brouillon enregistré.")
            messages.success(request, done)
            return redirect("office:file" if kept.rendered_at else "office:opinion", reference)
    context = {"file": application, "form": form, "opinion": kept}
    return render(request, "office/opinion.html#saved" if request.htmx else "office/opinion.html", context)


def seat(user, application):
    """The membership in whose name the opinion is given: that of a région concerned."""
    concerned = {application.region_id} | {region.pk for region in application.regions.all()}
    for membership in user.active_memberships:
        if membership.role == Role.DELEGATE and concerned & {region.pk for region in membership.regions.all()}:
            return membership
    raise Http404


def written(kept):
    if kept is None:
        return {}
    scores = {f"score-{key}": value for key, value in kept.scores.items()}
    return {"verdict": kept.verdict, "text": kept.text, **scores}
