"""Maps drawn by the server: shapes of places as SVG paths, placed on a page of fixed size.

France is drawn once for each level and kept in memory: metropolitan France in Lambert-93 and, under it, each
overseas région in a box of its own, at its own scale.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from terreau.methods import cartography
from terreau.methods.cartography import Frame
from terreau.territories import queries
from terreau.territories.models import Area, Level, Outline, Territory

WIDTH, HEIGHT = 600.0, 660.0
METROPOLE_HEIGHT = 560.0
BOX, GAP = 108.0, 15.0
OVERSEAS = {  # région: name in the box, west, south, east, north
    "01": ("Guadeloupe", (-61.82, 15.82, -60.99, 16.52)),
    "02": ("Martinique", (-61.24, 14.38, -60.8, 14.89)),
    "03": ("Guyane", (-54.61, 2.1, -51.6, 5.76)),
    "04": ("La Réunion", (55.2, -21.4, 55.85, -20.86)),
    "06": ("Mayotte", (45.0, -13.02, 45.31, -12.62)),
}
METROPOLE = (-4.8, 41.35, 9.57, 51.1)


@dataclass(frozen=True)
class Shape:
    """A place drawn on a map: its path, where its middle is, and the page that it leads to."""

    key: str
    code: str
    name: str
    path: str
    x: float
    y: float
    url: str = ""


@dataclass(frozen=True)
class Mark:
    """A point to draw on the map of a territory, named shortly; `key` tells it at length."""

    key: str
    name: str
    latitude: float
    longitude: float
    url: str = ""
    code: str = ""


@dataclass(frozen=True)
class Box:
    """The frame of an overseas région."""

    name: str
    x: float
    y: float
    width: float
    height: float
    label_y: float


@lru_cache(maxsize=1)
def frames() -> dict[str, Frame]:
    """Where each part of France is drawn: the empty key is metropolitan France."""
    placed = {"": cartography.frame(METROPOLE, width=WIDTH, height=METROPOLE_HEIGHT)}
    for rank, (code, (_name, bounds)) in enumerate(OVERSEAS.items()):
        left = rank * (BOX + GAP) + 6
        placed[code] = cartography.frame(bounds, left=left, top=METROPOLE_HEIGHT + 8, width=BOX - 12, height=BOX - 38)
    return placed


def boxes() -> list[Box]:
    top = METROPOLE_HEIGHT + 2
    return [
        Box(name, rank * (BOX + GAP), top, BOX, BOX - 12, HEIGHT - 10)
        for rank, (name, _bounds) in enumerate(OVERSEAS.values())
    ]


def part_of(longitude: float, latitude: float) -> str | None:
    """Which part of France a point is in: empty for the metropole, a région's code, or None for elsewhere."""
    inside = [
        code
        for code, (_name, (west, south, east, north)) in OVERSEAS.items()
        if west - 0.3 <= longitude <= east + 0.3 and south - 0.3 <= latitude <= north + 0.3
    ]
    if inside:
        return inside[0]
    return "" if cartography.in_metropole((longitude, latitude, longitude, latitude)) else None


def place(longitude: float, latitude: float) -> tuple[float, float] | None:
    """Where a point stands on the map of France."""
    part = part_of(longitude, latitude)
    if part is None:
        return None
    x, y = frames()[part].place(np.array([[longitude, latitude]]))[0]
    return round(float(x), 1), round(float(y), 1)


def france(level: str) -> list[Shape]:
    """The régions or départements of France, drawn."""
    return _france(level, str(queries.stamp()))


@lru_cache(maxsize=4)
def _france(level: str, _stamp: str) -> list[Shape]:
    rows = Outline.objects.filter(territory__level=level, territory__current=True).select_related("territory")
    groups: dict[str, list[Outline]] = {}
    for row in rows.order_by("territory__code"):
        longitude, latitude = row.territory.longitude, row.territory.latitude
        if longitude is None or latitude is None:
            longitude, latitude = shapely.get_coordinates(shapely.centroid(shapely.from_geojson(row.geometry)))[0]
        part = part_of(longitude, latitude)
        if part is not None:
            groups.setdefault(part, []).append(row)
    return [
        shape
        for part, held in groups.items()
        for shape in drawn([(r.territory, r.geometry) for r in held], frames()[part], detail=1.2)
    ]


def forget() -> None:
    """Draw France anew at the next page."""
    _france.cache_clear()


def drawn(places: Sequence[tuple[Territory, str]], on: Frame, *, detail: float = 0.7) -> list[Shape]:
    """Each place as a path in the frame."""
    if not places:
        return []
    flat = cartography.flatten(shapely.from_geojson([text for _place, text in places]), on, detail=detail)
    shapes = []
    for (territory, _text), shape in zip(places, flat, strict=True):
        middle = shapely.get_coordinates(shapely.point_on_surface(shape))
        x, y = middle[0] if len(middle) else (on.left, on.top)
        shapes.append(
            Shape(
                territory.key,
                territory.code,
                territory.name,
                cartography.path(shape),
                round(float(x), 1),
                round(float(y), 1),
            )
        )
    return [shape for shape in shapes if shape.path]


@dataclass(frozen=True)
class Picture:
    """A map of some territories: them, what surrounds them, and a few towns to find one's way."""

    shapes: list[Shape]
    around: list[Shape]
    towns: list[Shape]
    width: float
    height: float

    @property
    def linked(self) -> bool:
        return any(town.url for town in self.towns)


def bounds(outlines: Iterable[str]) -> tuple[float, float, float, float]:
    """West, south, east and north of some outlines."""
    west, south, east, north = shapely.total_bounds(shapely.from_geojson(list(outlines)))
    return float(west), float(south), float(east), float(north)


def pictures(territories: Iterable[Territory], towns: Sequence[Territory | Mark] = ()) -> list[Picture]:
    """One picture for each part of France that the territories are in."""
    listed = [t for t in territories if t.area != Area.COM]
    texts = queries.outlines(listed)
    groups: dict[str, list[tuple[Territory, str]]] = {}
    for territory in listed:
        if text := texts.get(territory.pk):
            groups.setdefault(_part(territory), []).append((territory, text))
    return [_picture(held, [t for t in towns if _part(t) == part]) for part, held in groups.items()]


def _part(territory: Territory | Mark) -> str:
    if territory.longitude is None or territory.latitude is None:
        return ""
    return part_of(territory.longitude, territory.latitude) or ""


def _picture(held: Sequence[tuple[Territory, str]], towns: Sequence[Territory | Mark]) -> Picture:
    west, south, east, north = bounds(text for _territory, text in held)
    margin = max(0.15 * max(east - west, north - south), 0.02)
    view = (west - margin, south - margin, east + margin, north + margin)
    width, height = 600.0, 440.0
    on = cartography.frame(view, width=width, height=height)
    around = [] if max(east - west, north - south) > 5 else _around(view, held)
    marks = [
        Shape(t.key, t.code, t.name, "", *_point(on, t.longitude, t.latitude), getattr(t, "url", ""))
        for t in towns
        if t.longitude is not None and t.latitude is not None
    ]
    return Picture(drawn(held, on), drawn(around, on), marks, width, height)


def _point(on: Frame, longitude: float, latitude: float) -> tuple[float, float]:
    x, y = on.place(np.array([[longitude, latitude]]))[0]
    return round(float(x), 1), round(float(y), 1)


def _around(view: tuple[float, float, float, float], held: Sequence[Any]) -> list[tuple[Territory, str]]:
    """What surrounds a territory: communes near a small one, départements near a large one."""
    west, south, east, north = view
    small = max(east - west, north - south) < 0.6
    near = Outline.objects.filter(territory__current=True).exclude(territory__in=[t.pk for t, _text in held])
    if small:
        near = near.filter(
            territory__level=Level.COMMUNE,
            territory__longitude__range=(west - 0.12, east + 0.12),
            territory__latitude__range=(south - 0.08, north + 0.08),
        )
    else:
        near = near.filter(
            territory__level=Level.DEPARTEMENT,
            territory__longitude__range=(west - 1.5, east + 1.5),
            territory__latitude__range=(south - 1.2, north + 1.2),
        )
    return [(row.territory, row.geometry) for row in near.select_related("territory")[:400]]
