"""Addresses of the territories, under /territoires/."""

from django.urls import path

from terreau.web.public.views import basins, territories, territories_picker

urlpatterns = [
    path("", territories.index, name="territories"),
    path("recherche/", territories_picker.territory_search, name="territory-search"),
    path("carte/", territories_picker.territory_map, name="territory-map"),
    path("choix/", territories_picker.territory_choice, name="territory-choice"),
    path("bassins/dessiner/", basins.draw, name="draw-basin"),
    path("bassins/<slug:code>/modifier/", basins.redraw, name="redraw-basin"),
    path("bassins/<slug:code>/supprimer/", basins.delete, name="delete-basin"),
    path("<slug:level>/<slug:code>/", territories.territory, name="territory"),
]
