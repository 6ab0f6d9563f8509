"""Shapes and maps: union and simplification of neighbouring areas, projection, and paths that SVG understands.

Everything works on longitudes and latitudes (degrees, WGS 84). Metropolitan France is drawn in Lambert-93 (the
official conic projection: Insee and IGN draw with it), each overseas territory in a local projection of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

GRID = 1e-4  # degrees: eleven metres, the precision of what is kept
SLIVER = 1e-4  # square degrees: about a square kilometre
Floats = NDArray[np.float64]

# Lambert-93 as IGN publishes it: GRS 80, parallels 44° and 49°, origin 46°30′ N 3° E.
ECCENTRICITY = 0.0818191910428158
SEMI_MAJOR = 6_378_137.0
PARALLELS = (44.0, 49.0)
ORIGIN = (3.0, 46.5)
FALSE_EASTING, FALSE_NORTHING = 700_000.0, 6_600_000.0
METROPOLE = (-5.8, 41.0, 10.2, 51.5)  # west, south, east, north


def union(shapes: Sequence[Geometry]) -> Geometry:
    """The area covered by neighbouring shapes. Exact where they share their edges, tolerant where they do not.

    Where edges disagree a little, slivers stay between them: holes under a square kilometre are filled.
    """
    try:
        joined = shapely.coverage_union_all(list(shapes))
        if joined.is_valid:
            return filled(joined)
    except shapely.errors.GEOSException:
        pass
    return filled(shapely.union_all(shapely.make_valid(list(shapes))))


def filled(shape: Geometry, smallest: float = SLIVER) -> Geometry:
    """The shape without its holes smaller than `smallest` square degrees."""
    polygons = [
        shapely.Polygon(p.exterior, [hole for hole in p.interiors if shapely.Polygon(hole).area >= smallest])
        for p in shapely.get_parts(shape)
        if p.geom_type == "Polygon"
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def simplify(shapes: Sequence[Geometry], tolerance: float) -> list[Geometry]:
    """Neighbours simplified together, so that a border stays one border; `tolerance` in degrees."""
    if not len(shapes):
        return []
    light = shapely.coverage_simplify(np.asarray(shapes, dtype=object), tolerance)
    return list(shapely.set_precision(light, GRID))


def _conformal(latitude: Floats) -> Floats:
    sine = np.sin(latitude)
    half = (1 - ECCENTRICITY * sine) / (1 + ECCENTRICITY * sine)
    return np.asarray(np.tan(np.pi / 4 - latitude / 2) / half ** (ECCENTRICITY / 2))


def _scale(latitude: Floats) -> Floats:
    return np.asarray(np.cos(latitude) / np.sqrt(1 - (ECCENTRICITY * np.sin(latitude)) ** 2))


def lambert93(points: Floats) -> Floats:
    """Eastings and northings in metres of an (n, 2) array of longitudes and latitudes."""
    first, second = np.radians(np.array(PARALLELS))
    exponent = np.log(_scale(first) / _scale(second)) / np.log(_conformal(first) / _conformal(second))
    radius = SEMI_MAJOR * _scale(first) / (exponent * _conformal(first) ** exponent)
    origin = radius * _conformal(np.radians(np.array(ORIGIN[1]))) ** exponent
    rho = radius * _conformal(np.radians(points[:, 1])) ** exponent
    theta = exponent * np.radians(points[:, 0] - ORIGIN[0])
    return np.column_stack([FALSE_EASTING + rho * np.sin(theta), FALSE_NORTHING + origin - rho * np.cos(theta)])


def local(points: Floats, *, latitude: float) -> Floats:
    """Metres on a plane that touches the earth at `latitude`: right to a thousandth within a hundred kilometres."""
    degree = np.radians(1) * SEMI_MAJOR
    return np.column_stack([points[:, 0] * degree * np.cos(np.radians(latitude)), points[:, 1] * degree])


def in_metropole(bounds: Sequence[float]) -> bool:
    west, south, east, north = METROPOLE
    return west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north


@dataclass(frozen=True)
class Frame:
    """A rectangle of the page and the piece of earth drawn in it. `latitude` is None where Lambert-93 serves."""

    left: float
    top: float
    width: float
    height: float
    origin: tuple[float, float]  # projected metres at the top left corner
    scale: float  # page units in a metre
    latitude: float | None = None

    def place(self, points: Floats) -> Floats:
        """Page positions of longitudes and latitudes."""
        flat = lambert93(points) if self.latitude is None else local(points, latitude=self.latitude)
        x = self.left + (flat[:, 0] - self.origin[0]) * self.scale
        y = self.top + (self.origin[1] - flat[:, 1]) * self.scale
        return np.column_stack([x, y])


def frame(bounds: Sequence[float], *, left: float = 0, top: float = 0, width: float, height: float) -> Frame:
    """The largest drawing of `bounds` (west, south, east, north) that fits the rectangle, centred in it."""
    west, south, east, north = bounds
    latitude = None if in_metropole(bounds) else (south + north) / 2
    edge = np.linspace(0, 1, 9)
    around = np.concatenate(
        [np.column_stack([west + (east - west) * edge, np.full(9, side)]) for side in (south, north)]
        + [np.column_stack([np.full(9, side), south + (north - south) * edge]) for side in (west, east)]
    )
    flat = lambert93(around) if latitude is None else local(around, latitude=latitude)
    low, high = flat.min(axis=0), flat.max(axis=0)
    span = np.maximum(high - low, 1.0)
    scale = float(min(width / span[0], height / span[1]))
    x = low[0] - (width / scale - span[0]) / 2
    y = high[1] + (height / scale - span[1]) / 2
    return Frame(left, top, width, height, (float(x), float(y)), scale, latitude)


def flatten(shapes: Iterable[Geometry], on: Frame, *, detail: float = 0.7) -> list[Geometry]:
    """Shapes placed on the page, neighbours still sharing their borders; `detail` in page units."""
    placed = [shapely.transform(shape, on.place) for shape in shapes]
    if not placed:
        return []
    return list(shapely.coverage_simplify(np.asarray(placed, dtype=object), detail))


def path(shape: Geometry, *, smallest: float = 0.6) -> str:
    """An SVG path in tenths of a unit. Rings smaller than `smallest` square units are left out, never the largest."""
    polygons = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and not p.is_empty]
    if not polygons:
        return ""
    largest = max(polygons, key=lambda p: p.area)
    rings = []
    for polygon in polygons:
        if polygon is largest or polygon.area >= smallest:
            rings.append(polygon.exterior)
            rings.extend(hole for hole in polygon.interiors if shapely.Polygon(hole).area >= smallest)
    return "".join(_ring(np.asarray(ring.coords)) for ring in rings)


def _ring(points: Floats) -> str:
    """`M x y l dx dy …`: a start, then steps, all in tenths so that rounding never drifts."""
    tenths = np.rint(points * 10).astype(int)[:-1].tolist()
    kept = [tenths[0]] + [after for before, after in pairwise(tenths) if after != before]
    steps = "".join(
        f"{_tenth(after[0] - before[0])}{_tenth(after[1] - before[1], spaced=True)}" + " "
        for before, after in pairwise(kept)
    )
    return f"M{kept[0][0] / 10:g} {kept[0][1] / 10:g}l{steps.strip()}z" if steps else ""


def _tenth(value: int, *, spaced: bool = False) -> str:
    text = f"{value / 10:g}"
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    return text if not spaced or text.startswith("-") else f" {text}"
