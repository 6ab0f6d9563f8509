"""Maps for every page: {% france_map %}, {% territory_map %}. Each comes with its words: title, table or list."""

from bisect import bisect_left
from itertools import count

from django import template
from django.utils.translation import gettext as _

from terreau.territories.models import Level
from terreau.web.ui import maps

register = template.Library()
numbers = count(1)
CLASSES = 5


def steps(values):
    """The upper bounds of at most five classes with about as many places in each; zero is apart."""
    found = sorted(v for v in values if v)
    if not found:
        return []
    bounds = {found[min(len(found) - 1, len(found) * (n + 1) // CLASSES)] for n in range(CLASSES)}
    return sorted(bounds)


def read(item, name, default=""):
    return item.get(name, default) if isinstance(item, dict) else getattr(item, name, default)


def marks(points):
    """The points of a map, the largest first so that no small one is hidden."""
    placed = []
    top = max((float(read(p, "value", 1) or 0) for p in points), default=0) or 1
    for point in points:
        latitude, longitude = read(point, "latitude", None), read(point, "longitude", None)
        where = maps.place(longitude, latitude) if latitude is not None and longitude is not None else None
        value = float(read(point, "value", 1) or 0)
        label = read(point, "label") or read(point, "name") or str(point)
        mark = {"label": label, "url": read(point, "url"), "value": value}
        if where:
            mark |= {"x": where[0], "y": where[1], "r": round(4 + 8 * (value / top) ** 0.5, 1) if top > 1 else 5}
        placed.append(mark)
    return sorted(placed, key=lambda m: -m["value"])


@register.inclusion_tag("ui/maps/france.html")
def france_map(title, areas=None, points=None, **options):
    """France by région (or `level="departement"`), with its overseas régions.

    `areas` maps a code to a number; `link` is an address with {code} in it; `unit` says what is counted.
    `points` are objects or dicts with latitude, longitude, label (or name), and maybe url and value. A table or a
    list says the same as the drawing; `listing=False` drops it where the page has its own.
    """
    level = options.get("level", Level.REGION.value)
    link, areas = options.get("link", ""), areas or {}
    bounds = steps(areas.values())
    shapes = [
        {
            "shape": shape,
            "value": areas.get(shape.code, 0),
            "rank": bisect_left(bounds, areas[shape.code]) + 1 if areas.get(shape.code) else 0,
            "url": link.replace("{code}", shape.code) if link else "",
        }
        for shape in maps.france(level)
    ]
    points = marks(points or [])
    return {
        "id": f"map-{next(numbers)}",
        "title": title,
        "description": options.get("description", ""),
        "unit": options.get("unit") or _("Nombre"),
        "head": Level(level).label,
        "choropleth": bool(areas),
        "shapes": shapes,
        "rows": sorted(shapes, key=lambda s: (-s["value"], s["shape"].name)),
        "legend": [(rank + 1, ([0, *bounds][rank], bound)) for rank, bound in enumerate(bounds)],
        "points": [p for p in points if "x" in p],
        "marks": points,
        "listing": options.get("listing", True),
        "boxes": maps.boxes(),
        "view": f"0 0 {maps.WIDTH:g} {maps.HEIGHT:g}",
    }


@register.inclusion_tag("ui/maps/territory.html")
def territory_map(territories, title="", towns=()):
    """The outline of one or several territories among what surrounds them."""
    listed = [territories] if hasattr(territories, "level") else list(territories)
    names = ", ".join(t.name for t in listed[:5]) + ("…" if len(listed) > 5 else "")
    return {
        "id": f"map-{next(numbers)}",
        "title": title or _("Carte : %(names)s") % {"names": names},
        "pictures": maps.pictures(listed, towns),
        "territories": listed,
    }
