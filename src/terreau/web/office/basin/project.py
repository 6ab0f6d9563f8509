from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core.moves import Refused
from terreau.engagement.actions import proposals as actions
from terreau.engagement.models import Proposal
from terreau.engagement.queries.needs import needs_of
from terreau.web.office.basin import national
from terreau.web.office.basin.forms import InviteForm
from terreau.web.office.basin.organisation import projects_of
from terreau.web.office.basin.scope import team_only
from terreau.web.office.gate import require
from terreau.web.ui import proposals as telling


@team_only
def project(request, reference):
    """One supported project among the firms of its basin: what it seeks, who was proposed, what each side said."""
    found = get_object_or_404(projects_of(request.user), reference=reference)
    proposals = found.proposals.exclude(company=None).select_related("company__commune")
    context = {
        "project": found,
        "needs": needs_of(found),
        "pairs": pairs(proposals),
        "firms": national.firms(found, timezone.localdate()),
        "method": telling.method(),
    }
    return render(request, "office/basin/project.html", context)


def pairs(proposals):
    """One row a firm: the answer of each side, the best score first."""
    rows = {}
    for proposal in proposals:
        row = rows.setdefault(proposal.company_id, {"company": proposal.company, "score": 0})
        row["score"] = max(row["score"], proposal.score)
        row["km"] = telling.distance(proposal.parts.get("km"))
        row[f"to_{proposal.reader}"] = proposal
    return sorted(rows.values(), key=lambda row: -row["score"])


@team_only
def introduce_new(request, reference, siret):
    """A firm of the directory, without an account: the delegate alone may write to it."""
    found = get_object_or_404(projects_of(request.user), reference=reference)
    firm = national.shown(siret)
    if firm is None:
        raise Http404
    require(request, "engagement.introduce", Proposal(application=found))
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.introduce_new(found, national.identity(firm), **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("L’invitation est partie."))
            return redirect("office:basin-project", reference)
    context = {
        "title": _("Présenter %(firm)s à ce projet ?") % {"firm": firm.name},
        "text": _("La personne reçoit une invitation en votre nom. Le projet ne la voit que si elle répond oui."),
        "action": _("Envoyer l’invitation"),
        "form": form,
        "back": reverse("office:basin-project", args=[reference]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
