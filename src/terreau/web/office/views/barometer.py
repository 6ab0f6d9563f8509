"""The years of the barometer: what each would show and hide, then its publication, once."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from terreau.core.moves import Refused
from terreau.engagement.actions.barometer import close_edition
from terreau.engagement.queries import barometer as queries
from terreau.web.office.gate import office_only, require

TABLES = {
    (): gettext_lazy("Le total de l’année"),
    ("size",): gettext_lazy("Par taille d’entreprise"),
    ("declaration",): gettext_lazy("Déclarés ou non"),
    ("kind",): gettext_lazy("Par nature"),
    ("region",): gettext_lazy("Par région"),
    ("declaration", "size"): gettext_lazy("Par taille et par déclaration"),
    ("kind", "size"): gettext_lazy("Par taille et par nature"),
}


class PublishForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("Je sais qu’une année publiée ne se corrige plus et ne se retire plus."),
        error_messages={"required": gettext_lazy("Cochez cette case\u00a0: publier est définitif.")},
    )


@office_only
def years(request):
    require(request, "engagement.see_barometer_years")
    rows = [
        {"told": one, "is_over": request.user.has_perm("engagement.publish_barometer", one.year), "next": one.year + 1}
        for one in queries.years()
    ]
    return render(request, "office/barometer.html", {"rows": rows})


@office_only
@require_http_methods(["GET", "POST"])
def year(request, number):
    """One year that is over: the count of cells, the warning, the button; afterwards, why there is none."""
    require(request, "engagement.see_barometer_years")
    told = next((one for one in queries.years() if one.year == number), None)
    if told is None:
        raise Http404
    require(request, "engagement.publish_barometer", number)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and (told.edition or form.is_valid()):
        return publish(request, number)
    content = told.edition.content if told.edition else queries.content(number)
    context = {"told": told, "form": form, "content": content, **(tallied(content["cells"]) if content else {})}
    return render(request, "office/barometer_year.html", context, status=422 if request.method == "POST" else 200)


def publish(request, number):
    try:
        close_edition(number, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Le baromètre %(year)s est publié.") % {"year": number})
    return redirect("office:barometer-year", number)


def tallied(cells):
    """How many cells each table shows, leaves at zero and hides; never a figure that will not be published."""
    counts = Counter((tuple(sorted(cell["of"])), state_of(cell)) for cell in cells)
    tables = [
        {"label": label, **{state: counts[dimensions, state] for state in ("shown", "zero", "hidden")}}
        for dimensions, label in TABLES.items()
    ]
    total = next(cell for cell in cells if not cell["of"])
    hidden = sum(table["hidden"] for table in tables)
    return {"tables": tables, "total": total, "hidden": hidden, "cells": len(cells)}


def state_of(cell):
    if cell["hidden"]:
        return "hidden"
    return "shown" if cell["cents"] else "zero"
