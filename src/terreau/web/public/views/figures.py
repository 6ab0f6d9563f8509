import csv

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from terreau.calls import queries as calls
from terreau.projects.queries import public


@login_not_required
def latest(_request):
    """The address of the menu: the figures of the newest edition that has a selection."""
    edition = public.latest_edition()
    if edition is None:
        raise Http404
    return redirect("public:edition-figures", edition.slug)


@login_not_required
def figures(request, slug):
    call = get_object_or_404(calls.public_calls(), slug=slug)
    found = public.edition_figures(call)
    context = {
        "call": call,
        "figures": found,
        "editions": calls.public_calls().prefetch_related(None).order_by("-edition", "title"),
        "region_rows": [(row.label or _("Région non précisée"), row.filed) for row in found.regions],
        "money_rows": [(row.label or _("Région non précisée"), row.granted_cents) for row in by_money(found.regions)],
        "areas": {row.key: row.filed for row in found.regions if row.key},
        "theme_rows": [(row.label, row.filed) for row in found.themes],
        "people_rows": [(row.label, row.expected) for row in found.publics],
    }
    return render(request, "public/figures.html", context)


def by_money(rows):
    return sorted((row for row in rows if row.granted_cents), key=lambda row: -row.granted_cents)


COLUMNS = ("dimension", "code", "libelle", "deposes", "retenus", "demande_eur", "accorde_eur", "personnes_attendues")


@login_not_required
def figures_csv(_request, slug):
    """The same figures as an open table: one line a value of each dimension; people only where they are known."""
    call = get_object_or_404(calls.public_calls(), slug=slug)
    found = public.edition_figures(call)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="chiffres-{call.slug}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(COLUMNS)
    groups = {"ensemble": [found.total], "region": found.regions, "type": found.kinds, "theme": found.themes}
    for dimension, rows in groups.items():
        writer.writerows(line(dimension, row, people=dimension == "ensemble") for row in rows)
    writer.writerows(line("public", row, people=True, money=False) for row in found.publics)
    return response


def line(dimension, row, *, people, money=True):
    amounts = [f"{cents / 100:.2f}" if money else "" for cents in (row.requested_cents, row.granted_cents)]
    return [dimension, row.key, row.label, row.filed, row.selected, *amounts, row.expected if people else ""]
