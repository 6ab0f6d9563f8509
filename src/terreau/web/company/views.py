from django.http import Http404
from django.shortcuts import render

from terreau.accounts import queries
from terreau.accounts.models import Role
from terreau.projects.queries.public import selected


def home(request):
    """The firm's identity, the colleagues who act for it, the projects near its seat."""
    if not request.user.has_perm("accounts.enter_company"):
        raise Http404
    mine = {m.organisation_id for m in request.user.active_memberships if m.role in {Role.CONTACT, Role.MENTOR}}
    companies = [o for o in queries.organisations(request.user).select_related("commune__region") if o.pk in mine]
    regions = {c.commune.region_id: c.commune.region for c in companies if c.commune and c.commune.region_id}
    context = {
        "companies": [(company, queries.members(company)) for company in companies],
        "regions": list(regions.values()),
        "projects": nearby(regions)[:30],
    }
    return render(request, "company/home.html", context)


def nearby(regions):
    """The selected projects of these régions, the newest editions first."""
    return selected().filter(regions__in=regions).distinct() if regions else selected().none()
