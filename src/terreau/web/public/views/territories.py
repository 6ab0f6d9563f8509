"""The pages of the territories: search, and one page for each place. Open to all."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from terreau.funding.queries import history
from terreau.projects.models import Application
from terreau.projects.queries import public as published
from terreau.territories import queries
from terreau.territories.models import Area, Level, Territory

PAGE = 50
INSIDE = {  # which levels a page lists, beside the communes
    Level.REGION: [Level.DEPARTEMENT],
    Level.DEPARTEMENT: [Level.EPCI, Level.ZONE],
    Level.EPCI: [Level.DEPARTEMENT, Level.ZONE],
    Level.ZONE: [Level.DEPARTEMENT, Level.EPCI],
    Level.BASIN: [Level.DEPARTEMENT, Level.ZONE, Level.EPCI],
}
HEADS = {
    Level.DEPARTEMENT: _("Départements"),
    Level.EPCI: _("Intercommunalités"),
    Level.ZONE: _("Zones d’emploi"),
}
ILO = "taux_chomage_localise"  # by zone only; never beside the census rate without its name
CENSUS = _("Insee, recensement.")
HEADLINES = {  # key of the catalogue: plain label, what to know
    ILO: (
        _("Taux de chômage (au sens du Bureau international du travail)"),
        _("Insee, données corrigées des variations saisonnières."),
    ),
    "taux_chomage_rp": (
        _("Chômage des 15-64 ans déclaré au recensement"),
        _("Insee, recensement. Plus élevé d’environ quatre points que le taux du Bureau international du travail."),
    ),
    "revenu_median_uc": (_("Revenu disponible médian par unité de consommation"), _("Insee, Filosofi.")),
    "taux_pauvrete": (_("Taux de pauvreté, au seuil de 60 % du revenu médian"), _("Insee, Filosofi.")),
    "part_cadres": (_("Cadres et professions intellectuelles supérieures parmi les 15 ans et plus"), CENSUS),
    "part_bac3_plus": (_("Diplômés de niveau bac+3 et plus parmi les 15 ans et plus sortis d’études"), CENSUS),
    "part_65p": (_("Habitants de 65 ans et plus"), CENSUS),
    "evol_population_an": (_("Évolution de la population par an, de 2016 à 2022"), CENSUS),
    "evol_emploi_prive_an_19_24": (_("Évolution de l’emploi salarié privé par an, de 2019 à 2024"), _("Urssaf.")),
    "concentration_emploi": (_("Emplois sur place pour 100 actifs occupés qui y habitent"), CENSUS),
    "etablissements": (_("Établissements actifs"), _("Insee, base SIDE. Corse non renseignée.")),
    "part_voiture_travail": (
        _("Femmes en emploi qui vont travailler en voiture"),
        _("Insee, recensement. La source ne porte que sur les femmes, hors Corse."),
    ),
}


@login_not_required
@require_GET
def index(request):
    text = request.GET.get("q", "")[:100]
    found = queries.search(text, limit=30)
    regions = sorted(Territory.objects.filter(level=Level.REGION, current=True), key=lambda r: queries.plain(r.name))
    context = {
        "query": text,
        "found": found,
        "regions": [r for r in regions if r.area != Area.COM],
        "collectivities": [r for r in regions if r.area == Area.COM],
        "sources": queries.sources(),
        "missing": queries.missing(),
        "may_draw": request.user.is_authenticated and request.user.has_perm("territories.draw_basin"),
    }
    return render(request, "public/territories/index.html", context)


@login_not_required
@require_GET
def territory(request, level, code):
    place = queries.by_code(level, code.upper())
    if place is None:
        today = queries.current_commune(code) if level == Level.COMMUNE else None
        if today is None:
            raise Http404
        return redirect(today, permanent=True)
    context = {"territory": place, "sources": queries.sources(), "missing": queries.missing()}
    context |= members(place, request.GET.get("page")) | figures(place)
    context["projects"] = projects_in(place)[:20]
    context["other_grants"] = history.others_in(place)[:10]
    context["may_redraw"] = place.level == Level.BASIN and may_redraw(request.user, place)
    return render(request, "public/territories/territory.html", context)


def may_redraw(user, basin: Territory) -> bool:
    return user.is_authenticated and user.has_perm("territories.redraw_basin", basin)


def projects_in(place: Territory):
    """The announced projects that name this place, what it is in, or what is in it."""
    selected = published.selected()
    if place.level == Level.REGION:
        return published.matching(selected, {"region": place.code})
    names = Application.territories.through.objects.filter(application=OuterRef("pk"))
    within = Q(territory=place) | Q(territory__in=queries.communes_of(place).values("pk"))
    if place.level == Level.COMMUNE:
        around = [t for t in (place.epci, place.departement, place.zone) if t]
        within |= Q(territory__in=around) | Q(territory__parts=place)
    return selected.filter(Exists(names.filter(within)))


def members(place: Territory, page) -> dict:
    """What is inside a territory, and what is near a commune."""
    if place.level == Level.COMMUNE:
        return {"towns": [], "near": queries.nearest(place), "former": place.former.all()}
    communes = queries.inside(place, Level.COMMUNE).select_related("departement")
    shown = Paginator(communes, PAGE).get_page(page)
    groups = [(HEADS[level], queries.inside(place, level)[:60]) for level in INSIDE[Level(place.level)]]
    return {
        "communes": shown,
        "towns": list(communes[:4]),
        "groups": [(head, list(rows)) for head, rows in groups],
        "regions": queries.inside(place, Level.REGION) if place.level != Level.REGION else [],
    }


def figures(place: Territory) -> dict:
    """The headline indicators. Unemployment: the ILO rate is that of the zone; elsewhere the census rate, named so."""
    apart = "taux_chomage_rp" if place.level == Level.ZONE else ILO
    values = queries.indicator_values(place, [key for key in HEADLINES if key != apart])
    zone = place.zone if place.level == Level.COMMUNE else None
    return {
        "indicators": [(*HEADLINES[value.key], value) for value in values],
        "zone_rate": next(iter(queries.indicator_values(zone, [ILO])), None) if zone else None,
        "with_pack": queries.indicators_loaded(),
    }
