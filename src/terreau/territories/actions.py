"""Basins: territories drawn from communes, across any official border."""

from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.methods import cartography
from terreau.territories import queries
from terreau.territories.models import Level, Outline, Territory

LARGEST = 2000  # communes; the largest département has 890


def members(places: Iterable[Territory]) -> list[Territory]:
    """The communes of places of any level, each once. ValueError, in words, when there are none or too many."""
    found: dict[int, Territory] = {}
    for place in places:
        found.update({commune.pk: commune for commune in queries.communes_of(place)})
    if not found:
        raise ValueError(_("Choisissez au moins une commune."))
    if len(found) > LARGEST:
        raise ValueError(_("Un bassin a au plus %(limit)s communes.") % {"limit": LARGEST})
    return list(found.values())


@transaction.atomic
def draw_basin(name: str, communes: Iterable[Territory], *, by: Any) -> Territory:
    """Make a basin. Its population is the sum of its communes, its outline their union."""
    parts = members(communes)
    basin = Territory(level=Level.BASIN, code=_next_code(), name=_named(name), author_id=by.pk if by else None)
    _describe(basin, parts)
    journal.record(basin, "draw", by=by, name=basin.name, communes=sorted(c.code for c in parts))
    return basin


@transaction.atomic
def redraw(basin: Territory, *, name: str, communes: Iterable[Territory], by: Any) -> Territory:
    """Change the name or the communes of a basin; what refers to it follows."""
    parts = members(communes)
    basin.name = _named(name)
    _describe(basin, parts)
    journal.record(basin, "redraw", by=by, name=basin.name, communes=sorted(c.code for c in parts))
    return basin


@transaction.atomic
def delete(basin: Territory, *, by: Any) -> None:
    """Delete a basin that nothing refers to. ValueError, in words, otherwise."""
    if used := uses(basin):
        raise ValueError(_("Ce bassin sert encore (%(count)s fois) : il ne peut pas être supprimé.") % {"count": used})
    journal.record(basin, "delete", by=by, name=basin.name)
    basin.delete()


def uses(basin: Territory) -> int:
    """How many rows elsewhere point to the basin, whichever step of the path they belong to."""
    total = 0
    relations: list[Any] = list(Territory._meta.get_fields(include_hidden=True))
    for relation in relations:
        if relation.one_to_many and relation.related_model._meta.app_label != "territories":
            total += relation.related_model.objects.filter(**{relation.field.name: basin}).count()
    return total


def _named(name: str) -> str:
    kept = " ".join(name.split())
    if not kept or len(kept) > 120:
        raise ValueError(_("Donnez un nom de 120 caractères au plus."))
    return kept


def _next_code() -> str:
    last = Territory.objects.filter(level=Level.BASIN).order_by("-code").values_list("code", flat=True).first()
    return f"B{int((last or 'B0')[1:]) + 1:05d}"


def _describe(basin: Territory, parts: Sequence[Territory]) -> None:
    """Save the basin with what follows from its communes."""
    heart = max(parts, key=lambda c: (c.population or 0, c.code))
    counted = [c.population for c in parts if c.population is not None]
    basin.population = sum(counted) if counted else None
    basin.area, basin.departement, basin.region = heart.area, heart.departement, heart.region
    texts = queries.outlines(parts)
    shape = cartography.union(shapely.from_geojson(list(texts.values()))) if texts else None
    if shape is not None:
        basin.longitude, basin.latitude = (round(float(v), 5) for v in shapely.get_coordinates(shape.centroid)[0])
    else:
        basin.longitude, basin.latitude = heart.longitude, heart.latitude
    basin.save()
    basin.parts.set(parts)
    Outline.objects.filter(territory=basin).delete()
    if shape is not None:
        light = cartography.simplify([shape], cartography.GRID * 10)[0]
        Outline.objects.create(territory=basin, geometry=shapely.to_geojson(light))
