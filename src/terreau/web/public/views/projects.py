from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from terreau.projects.queries import public
from terreau.web.public.forms import ProjectFilters

ON_A_PAGE = 24


@login_not_required
def projects(request):
    """The selected projects: a form narrows them, the map and the list show the same ones."""
    everything = public.selected()
    rules = public.rules_in_force(everything.order_by().values_list("call_id", flat=True).distinct())
    editions = sorted(set(everything.order_by().values_list("call__edition", flat=True)), reverse=True)
    form = ProjectFilters(request.GET, rules=rules, regions=public.regions_of_projects(), editions=editions)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = public.matching(everything, wanted)
    page = Paginator(public.with_details(found), ON_A_PAGE).get_page(request.GET.get("page"))
    regions = public.count_by_region(found)
    context = {
        "form": form,
        "page": page,
        "cards": [described(project, rules[project.call_id]) for project in page],
        "regions": [(name, n, f"?region={code}") for code, name, n in regions],
        "areas": {code: n for code, _name, n in regions},
        "points": points(public.places(found)),
        "narrowed": any(wanted.values()),
    }
    return render(request, "public/projects.html", context)


def points(places):
    """The marks of the map, each with the page of its project."""
    return [
        {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "label": place.title,
            "url": reverse("public:project", args=[place.reference]),
        }
        for place in places
    ]


def described(project, rules):
    """A project with its keys in words."""
    return {
        "project": project,
        "kind": rules.label("kinds", project.kind) if project.kind else "",
        "domain": rules.label("domains", project.domain) if project.domain else "",
        "themes": [rules.label("themes", theme.key) for theme in project.themes.all()],
        "publics": [(rules.label("publics", t.public), t.expected) for t in project.targets.all()],
    }


@login_not_required
def project(request, reference):
    found = get_object_or_404(
        public.with_details(public.selected()).select_related("window").prefetch_related("partners"),
        reference=reference,
    )
    rules = public.rules_in_force([found.call_id])[found.call_id]
    outlines = list(found.territories.all()) or list(found.regions.all())
    return render(request, "public/project.html", {**described(found, rules), "outlines": outlines})
