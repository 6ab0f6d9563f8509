"""Centroids and simplified outlines, made from the commune polygons of IGN and kept beside the database.

The polygons come from the data file of a package whose code is under another licence: the file is read, the package
is never imported. What is derived (14 MB) is cached under the instance's home, so that a rebuild takes seconds.
"""

import gzip
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import shapely
from django.conf import settings
from shapely import Geometry

from terreau.methods import cartography
from terreau.territories.models import Level
from terreau.territories.reference.packages import Cog
from terreau.territories.reference.polygons import polygons_file, read_polygons

RECIPE = "3"  # change it when the lines below make something else
COMMUNE_DETAIL, WIDE_DETAIL = 0.003, 0.01  # degrees
Place = tuple[float, float, str]  # longitude and latitude of the centroid, GeoJSON of the outline
Places = dict[str, dict[str, Place]]  # by level, by code


def unions(polygons: Mapping[str, Geometry], belongs: Mapping[str, str | None]) -> dict[str, Geometry]:
    """One shape for each group of communes; communes without a polygon or a group are left out."""
    groups: dict[str, list[Geometry]] = defaultdict(list)
    for commune, polygon in polygons.items():
        if group := belongs.get(commune):
            groups[group].append(polygon)
    return {group: cartography.union(shapes) for group, shapes in groups.items()}


def described(shapes: Mapping[str, Geometry], detail: float) -> dict[str, Place]:
    """The centroid of each shape as it is, and its outline simplified with its neighbours."""
    centres = shapely.get_coordinates(shapely.centroid(list(shapes.values())))
    light = shapely.to_geojson(cartography.simplify(list(shapes.values()), detail))
    return {
        code: (round(float(x), 5), round(float(y), 5), text)
        for code, (x, y), text in zip(shapes, centres, light, strict=True)
    }


def derive(cog: Cog, step: Callable[[str], None]) -> Places:
    """Every level from the commune polygons."""
    step("lecture des polygones")
    polygons, departements = read_polygons(cog)
    step("simplification des communes")
    places = {Level.COMMUNE.value: described(polygons, COMMUNE_DETAIL)}
    step("réunion par intercommunalité")
    places[Level.EPCI.value] = described(unions(polygons, cog.epci_of), WIDE_DETAIL / 2)
    step("réunion par département et région")
    places[Level.DEPARTEMENT.value] = described(departements, WIDE_DETAIL)
    regions = unions(departements, {d["code"]: d["region"] for d in cog.departements})
    places[Level.REGION.value] = described(regions, WIDE_DETAIL)
    return places


def cached(cog: Cog, step: Callable[[str], None]) -> Places:
    """What `derive` makes, kept under the instance's home until a package or the recipe changes."""
    stat = polygons_file().stat()
    facts = f"{RECIPE} {cog.version} {stat.st_size} {len(cog.communes)} {shapely.__version__}"
    folder = settings.HOME / "reference"
    kept = folder / f"outlines-{hashlib.sha256(facts.encode()).hexdigest()[:12]}.json.gz"
    if kept.exists():
        step("contours déjà calculés")
        with gzip.open(kept, "rt", encoding="utf-8") as file:
            return {level: {c: tuple(p) for c, p in rows.items()} for level, rows in json.load(file).items()}
    places = derive(cog, step)
    folder.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f"{kept.name}.{os.getpid()}.draft")  # two processes may build at once
    with gzip.open(draft, "wt", encoding="utf-8", compresslevel=3) as file:
        json.dump(places, file, separators=(",", ":"))
    for old in folder.glob("outlines-*.json.gz"):
        old.unlink(missing_ok=True)
    draft.rename(kept)
    return places


def middle(points: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """The middle of some points, where there is one."""
    listed = list(points)
    if not listed:
        return None
    x, y = np.mean(np.asarray(listed), axis=0)
    return round(float(x), 5), round(float(y), 5)
