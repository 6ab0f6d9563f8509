from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts import queries
from terreau.engagement.lifecycle import Answer, CommitmentState
from terreau.engagement.models import CompanyProfile, Proposal
from terreau.engagement.queries import commitments
from terreau.projects.queries.public import selected
from terreau.web.company.scope import companies_of, company_of

SOONEST = 3  # dates on the first page


def home(request):
    """To one's firm; whoever acts for several chooses."""
    companies = list(companies_of(request.user))
    if not companies:
        raise Http404
    if len(companies) == 1:
        return redirect("company:overview", companies[0].pk)
    return render(request, "company/home.html", {"companies": companies})


def overview(request, pk):
    """What to do next, what waits for an answer, who acts here, the projects of the région."""
    company = company_of(request, pk)
    region = company.commune.region if company.commune else None
    context = {
        "company": company,
        "steps": first_steps(company),
        "asked": commitments.to_answer(company),
        "coming": commitments.coming(company, timezone.localdate())[:SOONEST],
        "members": queries.members(company),
        "may_invite": request.user.has_perm("accounts.invite", company),
        "region": region,
        "projects": selected().filter(regions=region)[:30] if region else [],
    }
    return render(request, "company/overview.html", context)


def first_steps(company):
    """From the SIRET to a first commitment, with where one is; the first that is not done is current."""
    profile = CompanyProfile.objects.filter(organisation=company).first()
    willing = company.proposals.filter(reader=Proposal.Reader.COMPANY, answer=Answer.YES).exists()
    committed = company.commitments.exclude(state=CommitmentState.WITHDRAWN).exists()
    told = [
        (_("Votre entreprise"), reverse("member:organisation", args=[company.pk]), company.commune is not None),
        (_("Trois questions"), reverse("company:profile", args=[company.pk]), bool(profile and profile.offers)),
        (_("Un projet près de vous"), reverse("company:projects", args=[company.pk]), willing or committed),
        (_("Un engagement"), reverse("company:commitments", args=[company.pk]), committed),
    ]
    here = next((label for label, _url, done in told if not done), "")
    states = ["done" if done else "current" if label == here else "todo" for label, _url, done in told]
    return [{"label": label, "url": url, "state": s} for (label, url, _done), s in zip(told, states, strict=True)]
