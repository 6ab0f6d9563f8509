"""Drawing a basin: a name and communes, chosen by search or on the map. For holders and the funder's staff."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from terreau.territories import actions, queries
from terreau.territories.models import Level, Territory
from terreau.web.ui.territory_picker import TerritoriesField, searching


class BasinForm(forms.Form):
    name = forms.CharField(label=_("Nom du bassin"), max_length=120)
    communes = TerritoriesField(
        label=_("Communes"),
        levels=[Level.COMMUNE, Level.EPCI],
        help_text=_("De n’importe quels départements. Une intercommunalité ajoute toutes ses communes."),
    )


def write(request, form, title, save):
    """Show the form again while it is searched in or wrong; otherwise save and go to the basin."""
    if form.is_bound and not searching(form) and form.is_valid():
        try:
            return redirect(save(form.cleaned_data["name"], queries.by_keys(form.cleaned_data["communes"])))
        except ValueError as problem:
            form.add_error("communes", str(problem))
    if form.is_bound and searching(form):
        form.errors.clear()
    return render(request, "public/territories/basin_form.html", {"form": form, "title": title})


@require_http_methods(["GET", "POST"])
def draw(request):
    if not request.user.has_perm("territories.draw_basin"):
        raise PermissionDenied
    form = BasinForm(request.POST or None)
    return write(
        request, form, _("Dessiner un bassin"), lambda name, places: actions.draw_basin(name, places, by=request.user)
    )


@require_http_methods(["GET", "POST"])
def redraw(request, code):
    basin = get_object_or_404(Territory, level=Level.BASIN, code=code)
    if not request.user.has_perm("territories.redraw_basin", basin):
        raise PermissionDenied
    kept = {"name": basin.name, "communes": [c.key for c in basin.parts.order_by("-population")]}
    form = BasinForm(request.POST or None, initial=kept)
    return write(
        request,
        form,
        _("Modifier le bassin"),
        lambda name, places: actions.redraw(basin, name=name, communes=places, by=request.user),
    )


@require_http_methods(["GET", "POST"])
def delete(request, code):
    basin = get_object_or_404(Territory, level=Level.BASIN, code=code)
    if not request.user.has_perm("territories.redraw_basin", basin):
        raise PermissionDenied
    problem = ""
    if request.method == "POST":
        try:
            actions.delete(basin, by=request.user)
        except ValueError as found:
            problem = str(found)
        else:
            return redirect("public:territories")
    return render(request, "public/territories/basin_delete.html", {"territory": basin, "problem": problem})
