from django.core.paginator import Paginator
from django.shortcuts import render

from terreau.engagement.lifecycle import Form
from terreau.engagement.queries import basin as queries
from terreau.engagement.queries import words
from terreau.territories.queries import by_keys
from terreau.web.office.basin.forms import BasinFilters
from terreau.web.office.basin.scope import organisations_of, team_only

ON_A_PAGE = 50


@team_only
def basin(request):
    """Who is there: firms, associations, public actors, narrowed by what one looks for."""
    form = BasinFilters(request.GET or None)
    told = form.cleaned_data if form.is_valid() else {}
    wanted = queries.Wanted(
        territory=next(iter(by_keys(told.get("territory", []))), None),
        kind=told.get("kind", ""),
        offer=told.get("offer", ""),
        theme=told.get("theme", ""),
        text=told.get("q", ""),
    )
    found = queries.counted(queries.narrowed(organisations_of(request.user), wanted))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    labels = words.themes()
    rows = [{"organisation": one, **said(getattr(one, "company_profile", None), labels)} for one in page]
    context = {"form": form, "page": page, "rows": rows, "narrowed": any(told.values())}
    return render(request, "office/basin/basin.html", context)


def said(profile, labels):
    """The answers of a firm, in words."""
    if profile is None:
        return {"offers": [], "themes": [], "listed": False}
    return {
        "offers": [Form(key).label for key in profile.offers if key in Form],
        "themes": [labels.get(key, key) for key in profile.themes],
        "listed": profile.is_listed,
    }
