from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from terreau.accounts import queries
from terreau.accounts.models import Role


def home(request):
    """The firm's identity, the colleagues who act for it, the projects near its seat."""
    if not request.user.has_perm("accounts.enter_company"):
        raise PermissionDenied
    mine = {m.organisation_id for m in request.user.active_memberships if m.role in {Role.CONTACT, Role.MENTOR}}
    companies = [o for o in queries.organisations(request.user).prefetch_related("commune__region") if o.pk in mine]
    context = {"companies": [(company, queries.members(company)) for company in companies]}
    return render(request, "company/home.html", context)
