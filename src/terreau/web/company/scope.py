"""Which firms exist for whom in this space: those one acts for, as a contact or as a mentor."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from terreau.accounts.models import Organisation, Role

INSIDE = frozenset({Role.CONTACT, Role.MENTOR})


def companies_of(user):
    mine = {m.organisation_id for m in user.active_memberships if m.role in INSIDE}
    return Organisation.objects.filter(pk__in=mine).select_related("commune__region")


def company_of(request, pk):
    """The firm that this person acts for; 404 for everybody else."""
    return get_object_or_404(companies_of(request.user), pk=pk)


def is_contact(user, company) -> bool:
    return any(m.organisation_id == company.pk and m.role == Role.CONTACT for m in user.active_memberships)


def contact_only(request, pk):
    """The same, for what a mentor does not read (money, identity): 404 for a mentor too."""
    company = company_of(request, pk)
    if not is_contact(request.user, company):
        raise Http404
    return company
