"""The basin of a regional team: strangers get 404, the rest of the office 403."""

from functools import wraps

from django.shortcuts import get_object_or_404

from terreau.engagement.queries import basin as queries
from terreau.web.office.gate import office_only, require
from terreau.web.office.views.region import regions_of


def team_only(view):
    """Delegates and programme officers; those who oversee have no business in the notes of the field."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        require(request, "engagement.see_basin")
        return view(request, *args, **kwargs)

    return office_only(gated)


def organisations_of(user):
    """The organisations of one's régions; of every région for the national office."""
    return queries.organisations([region.pk for region in regions_of(user)])


def organisation_or_404(request, pk):
    return get_object_or_404(organisations_of(request.user), pk=pk)
