"""What the choice of territories asks for while one types and clicks. Open to all: the geography is public."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from terreau.methods import cartography
from terreau.territories import queries
from terreau.territories.models import Level, Territory
from terreau.web.ui import maps

LIMIT = 12


def levels_of(request):
    """The levels asked for, `levels=commune,epci`; all of them when none is known."""
    asked = ",".join(request.GET.getlist("levels")).split(",")
    return [level for level in asked if level in Level.values] or None


def as_json(territory: Territory) -> dict:
    return {
        "key": territory.key,
        "level": territory.level,
        "code": territory.code,
        "name": territory.name,
        "departement": territory.departement.code if territory.departement else None,
        "population": territory.population,
        "former_name": territory.found_as or None,
        "url": territory.get_absolute_url(),
    }


@login_not_required
@require_GET
@vary_on_headers("Accept", "HX-Request")
@cache_control(max_age=60)
def territory_search(request):
    name = request.GET.get("name", "")
    text = (request.GET.get("q") or request.GET.get(f"{name}-q", ""))[:100]
    found = queries.search(text, levels=levels_of(request), limit=LIMIT)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"query": text, "results": [as_json(t) for t in found]})
    template = "ui/territory_picker.html#results" if name else "public/territories/index.html#territory-results"
    return render(request, template, {"name": name, "query": text, "found": found})


@login_not_required
@require_GET
@cache_control(max_age=60)
def territory_map(request):
    parent = queries.by_code(Level.DEPARTEMENT, request.GET.get("in", "").partition(":")[2])
    levels = levels_of(request)
    context = {
        "name": request.GET.get("name", ""),
        "levels": ",".join(levels or []),
        "parent": parent,
        "may_add_parent": not levels or Level.DEPARTEMENT in levels,
    }
    if parent:
        context |= inside(parent)
        context["title"] = _("Communes : %(name)s") % {"name": parent.name}
    else:
        context |= {"shapes": maps.france(Level.DEPARTEMENT), "view": f"0 0 {maps.WIDTH:g} {maps.HEIGHT:g}"}
        context["title"] = _("Départements de France")
    return render(request, "ui/territory_picker.html#map", context)


def inside(parent: Territory) -> dict:
    """The communes of a département, drawn."""
    members = list(queries.communes_of(parent).order_by("code"))
    texts = queries.outlines([parent, *members])
    held = [(t, texts[t.pk]) for t in members if t.pk in texts]
    if not held:
        return {"shapes": [], "view": "0 0 600 20"}
    on = cartography.frame(maps.bounds(texts[t.pk] for t, _text in held), width=600, height=520)
    return {"shapes": maps.drawn(held, on, detail=1.0), "view": "0 0 600 520"}


@login_not_required
@require_GET
def territory_choice(request):
    found = queries.by_keys([request.GET.get("key", "")])
    if not found:
        raise Http404
    context = {"name": request.GET.get("name", ""), "territory": found[0], "ticked": True}
    return render(request, "ui/territory_picker.html#option", context)
