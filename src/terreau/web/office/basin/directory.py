from django.core.paginator import Paginator
from django.shortcuts import render

from terreau.engagement.models import CompanyProfile
from terreau.engagement.queries import basin as queries
from terreau.engagement.reference import directory as reference
from terreau.territories.queries import by_keys
from terreau.web.office.basin.forms import DirectoryFilters
from terreau.web.office.basin.scope import team_only
from terreau.web.office.views.region import regions_of

ON_A_PAGE = 50
REGIONS = 4  # with more, a list says first where or who: a page is never the whole country


@team_only
def directory(request):
    """Who is in one's régions, account or not, as the official registers have them."""
    if not reference.is_loaded():
        return render(request, "office/basin/directory.html")
    form = DirectoryFilters(request.GET or None)
    told = form.cleaned_data if form.is_valid() else {}
    regions = [region.pk for region in regions_of(request.user)]
    wanted = asked(regions, told)
    context = {"form": form, "narrowed": any(told.values()), "loaded_at": reference.loaded_at()}
    if len(regions) <= REGIONS or told.get("territory") or wanted.number:
        context |= found(wanted, regions, request.GET.get("page"))
    return render(request, "office/basin/directory.html", context)


def asked(regions, told):
    territory = next(iter(by_keys(told.get("territory", []))), None)
    return reference.Asked(
        communes=queries.commune_codes(regions, territory),
        text=told.get("q", ""),
        kind=told.get("kind", ""),
        division=told.get("division", ""),
        size=told.get("size", ""),
        is_sse=told.get("is_sse", False),
    )


def found(wanted, regions, number):
    """A page of the list, each firm with its account here."""
    listed = reference.Listed(wanted)
    page = Paginator(listed, ON_A_PAGE).get_page(number)
    known = queries.accounts(queries.organisations(regions), [one.siret for one in page], [one.rna for one in page])
    sizes = dict(CompanyProfile.Size.choices)
    rows = [
        {"firm": one, "account": known.get(one.siren) or known.get(one.rna), "size": sizes.get(one.size)}
        for one in page
    ]
    return {"page": page, "rows": rows, "total": listed.total}
