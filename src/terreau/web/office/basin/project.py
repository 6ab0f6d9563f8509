from django.shortcuts import get_object_or_404, render

from terreau.engagement.queries.needs import needs_of
from terreau.web.office.basin.organisation import projects_of
from terreau.web.office.basin.scope import team_only
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
