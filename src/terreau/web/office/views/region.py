"""A région as its delegate sees it: where projects are, where none is, who is there."""

from django.core.paginator import Paginator
from django.shortcuts import render

from terreau.projects.queries import coverage, listing
from terreau.territories.models import Level, Territory
from terreau.web.office.gate import files_of, office_only
from terreau.web.office.views.home import call_of


@office_only
def region(request):
    choices = regions_of(request.user)
    chosen = [r for r in choices if r.code == request.GET.get("region")] or choices[:1]
    scope = files_of(request.user)
    calls, call = call_of(request, scope)
    ids = [r.pk for r in chosen]
    files = listing.narrowed(scope, listing.Filters({"region": tuple(r.code for r in chosen)})).filter(call=call)
    departements = coverage.coverage(files, ids, Level.DEPARTEMENT)
    text = request.GET.get("q", "").strip()[:100]
    context = {
        "choices": choices,
        "region": chosen[0] if chosen else None,
        "calls": calls,
        "call": call,
        "departements": departements,
        "empty": [place.territory for place in departements if not place.files],
        "zones": coverage.coverage(files, ids, Level.ZONE),
        "unplaced": coverage.unplaced(files),
        "text": text,
        "may_enter_basin": request.user.has_perm("engagement.see_basin"),
        "page": Paginator(found(coverage.directory(ids), text), 50).get_page(request.GET.get("page")),
    }
    return render(request, "office/region.html", context)


def regions_of(user):
    """A delegate's régions; every région for the national office."""
    regions = Territory.objects.filter(level=Level.REGION)
    if not user.has_perm("projects.see_everywhere"):
        regions = regions.filter(pk__in=user.region_ids())
    return sorted(regions, key=lambda r: listing.fold(r.name))


def found(organisations, text):
    """Those whose name or commune holds every word, accents aside."""
    words = listing.fold(text).split()
    if not words:
        return organisations
    names = organisations.values_list("pk", "name", "commune__name")
    return organisations.filter(
        pk__in=[pk for pk, *said in names if all(w in listing.fold(" ".join(said)) for w in words)]
    )
