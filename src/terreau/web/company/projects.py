"""The projects proposed to a firm: a list and a map, an answer to each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.core.moves import Refused
from terreau.engagement.actions import proposals as actions
from terreau.engagement.lifecycle import Answer
from terreau.engagement.models import CompanyProfile
from terreau.engagement.queries import proposals as queries
from terreau.engagement.queries import words
from terreau.territories.models import Level, Territory
from terreau.web.company.scope import company_of
from terreau.web.ui import proposals as telling
from terreau.web.ui.maps import Mark


def projects(request, pk):
    company = company_of(request, pk)
    profile = CompanyProfile.objects.filter(organisation=company).first()
    labels, today = words.themes(), timezone.localdate()
    cards = [card_of(proposal, profile, labels) for proposal in queries.to_company(company)]
    open_cards = [card for card in cards if telling.waits(card["proposal"], today)]
    open_cards.sort(key=lambda c: (not c["wanted"], not c["proposal"].parts.get("introduced")))
    for rank, card in enumerate(open_cards, 1):
        card["rank"] = rank
    context = {
        "company": company,
        "profile": profile,
        "cards": open_cards,
        "answered": [c for c in cards if c not in open_cards],
        "places": places(company),
        "marks": marks(company, open_cards),
        "may_answer": request.user.has_perm("engagement.tell_profile", company),
        "method": telling.method(),
    }
    return render(request, "company/projects.html", context)


def card_of(proposal, profile, labels):
    """A proposal with its words: what it seeks, what both share, why."""
    application = proposal.application
    themes = [theme.key for theme in application.themes.all()]
    sought = list(dict.fromkeys(need.form for need in application.open_needs))
    held = profile or CompanyProfile()
    shared = [key for key in themes if key in held.themes], [key for key in sought if key in held.offers]
    return {
        "proposal": proposal,
        "application": application,
        "needs": application.open_needs,
        "why": telling.why(proposal, *shared, labels),
        "reasons": telling.reasons(themes, sought, labels),
        "wanted": bool(proposal.parts.get("wanted")),
    }


def places(company):
    """What the map shows: the départements of the firm's région, or nothing while nobody knows where it is."""
    region = company.commune.region if company.commune else None
    return Territory.objects.filter(level=Level.DEPARTEMENT, region=region, current=True) if region else []


def marks(company, cards):
    """The firm's seat, and each project by its rank in the list."""
    found = []
    for card in cards:
        application = card["application"]
        where = next(iter(application.territories.all()), application.holder.commune)
        if where is not None and where.latitude is not None:
            name = f"{card['rank']}. {application.title}"
            url = f"#projet-{card['proposal'].pk}"
            found.append(Mark(name, str(card["rank"]), where.latitude, where.longitude, url))
    seat = company.commune
    if seat is not None and seat.latitude is not None:
        found.append(Mark(seat.name, _("vous"), seat.latitude, seat.longitude))
    return found


@require_POST
def refresh(request, pk):
    """Look again: new projects, new needs, what was put off and has come due."""
    company = company_of(request, pk)
    if not request.user.has_perm("engagement.tell_profile", company):
        raise PermissionDenied
    count = actions.propose_projects(company, timezone.localdate(), by=request.user)
    messages.success(request, _("Projets trouvés : %(n)d.") % {"n": count})
    return redirect("company:projects", pk)


@require_POST
def answer(request, pk, proposal):
    company = company_of(request, pk)
    found = get_object_or_404(queries.to_company(company), pk=proposal)
    if not request.user.has_perm("engagement.answer_for_company", found):
        raise PermissionDenied
    try:
        actions.answer(found, **telling.answered(request.POST), day=timezone.localdate(), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('company:projects', args=[pk])}#projet-{proposal}")
    if found.answer == Answer.YES:
        messages.success(request, _("Merci. La structure est prévenue : convenez ensemble de la suite."))
    else:
        messages.success(request, _("C’est noté : la suite de vos propositions en tient compte."))
    return redirect("company:projects", pk)
