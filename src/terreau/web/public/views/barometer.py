import csv

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from terreau.engagement.queries import barometer as queries
from terreau.engagement.rulebook import national
from terreau.territories.models import Level, Territory
from terreau.web.public import barometer

COLUMNS = (
    ("annee", _("entier"), _("Année civile des dons.")),
    ("taille", _("texte"), _("micro, sme, midcap, large : catégories du décret 2008-1354 ; vide : toutes.")),
    ("declaration", _("texte"), _("statement, receipt, none ; vide : toutes.")),
    ("nature", _("texte"), _("money, goods, skills ; vide : toutes.")),
    ("region", _("texte"), _("Code officiel de la région du siège de l’entreprise ; vide : toutes.")),
    ("donateurs", _("entier"), _("Entreprises distinctes ; vide si secret, ou non compté par nature de don.")),
    ("montant_eur", _("décimal"), _("Somme des dons, en euros ; vide si secret.")),
    ("statut", _("texte"), _("publie, ou s : couvert par le secret statistique. Un zéro publié est un vrai zéro.")),
)


@login_not_required
def latest(request):
    """The newest closed year: figures are frozen, whatever happens to gifts later."""
    return show(request, queries.editions().first())


@login_not_required
def edition(request, year):
    return show(request, get_object_or_404(queries.editions(), year=year))


def show(request, found):
    context = {"edition": found, "editions": list(queries.editions()), "surveys": national.SURVEYS}
    if found:
        figures = barometer.Edition(found.content)
        regions, nothing = figures.regions(region_names())
        context |= {
            "total": figures.cell(),
            "sizes": figures.by("size", barometer.SIZES),
            "kinds": figures.by("kind", barometer.KINDS),
            "declared": figures.cross("declaration", barometer.DECLARATIONS),
            "given": figures.cross("kind", barometer.KINDS),
            "regions": regions,
            "nothing": nothing,
            "precisions": barometer.precisions(),
            "beside": barometer.beside(figures),
            "columns": COLUMNS,
        }
    return render(request, "public/barometer.html", context)


def region_names():
    return dict(Territory.objects.filter(level=Level.REGION, current=True).order_by("name").values_list("code", "name"))


@login_not_required
def as_csv(_request, year):
    found = get_object_or_404(queries.editions(), year=year)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="barometre-{year}.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    writer = csv.writer(response, delimiter=";")
    writer.writerow([name for name, _kind, _meaning in COLUMNS])
    for cell in found.content["cells"]:
        of = [cell["of"].get(dimension, "") for dimension in ("size", "declaration", "kind", "region")]
        cents = "" if cell["cents"] is None else f"{cell['cents'] / 100:.2f}"
        donors = "" if cell["donors"] is None else cell["donors"]
        writer.writerow([year, *of, donors, cents, "s" if cell["hidden"] else "publie"])
    return response
