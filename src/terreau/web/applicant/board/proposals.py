from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.core.moves import Refused
from terreau.engagement.actions import proposals as actions
from terreau.engagement.lifecycle import Answer
from terreau.engagement.queries import proposals as queries
from terreau.web.applicant.board.scope import load, require
from terreau.web.ui import proposals as telling


@require_POST
def refresh(request, reference):
    """Look for firms again, among those that agreed to be proposed."""
    application = load(request, reference)
    require(request, "engagement.seek", application)
    count = actions.propose_matches(timezone.localdate(), only=application, by=request.user)
    messages.success(request, _("Entreprises trouvées : %(n)d.") % {"n": count})
    return redirect("applicant:partners", reference)


@require_POST
def answer(request, reference, pk):
    application = load(request, reference)
    proposal = get_object_or_404(queries.to_project(application), pk=pk)
    proposal.application = application
    require(request, "engagement.answer_for_project", proposal)
    try:
        actions.answer(proposal, **telling.answered(request.POST), day=timezone.localdate(), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = _("L’entreprise est prévenue. Sa réponse s’affichera ici.") if proposal.answer == Answer.YES else ""
        messages.success(request, said or _("C’est noté : la suite de vos propositions en tient compte."))
    return redirect("applicant:partners", reference)


def cards(application, proposals, needs, labels):
    """Each proposed firm with its words."""
    themes = [theme.key for theme in application.themes.all()]
    sought = list(dict.fromkeys(need.form for need in needs))
    found = []
    for proposal in proposals:
        profile = proposal.company.company_profile
        shared = [key for key in themes if key in profile.themes], [key for key in sought if key in profile.offers]
        found.append(
            {
                "proposal": proposal,
                "company": proposal.company,
                "profile": profile,
                "why": telling.why(proposal, *shared, labels),
                "reasons": telling.reasons(themes, sought, labels),
            }
        )
    return found
