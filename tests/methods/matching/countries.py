"""Small random countries, and the score of one pair written again in plain Python, without the code under test."""

import math

import numpy as np
from hypothesis import strategies as st

from terreau.methods.matching.firms import Firms, Query
from terreau.methods.matching.index import build
from terreau.methods.matching.search import Searcher

SECTORS, SIZES, OFFERS, WIDTH = 4, 3, 5, 8
UNITS = 10**12
fractions = st.sampled_from([0.0, 0.1, 0.2, 0.25, 1 / 3, 0.5, 0.7, 1.0])  # few values, so that scores are often equal
degrees = st.sampled_from([-0.3, 0.0, 0.1, 0.100001, 0.5, 2.0])


@st.composite
def countries(draw, least=1, most=40):
    """Firms on a few places, with few values; vectors for half of the countries."""
    n = draw(st.integers(least, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    middle = draw(st.sampled_from([(46.0, 2.0), (-21.0, 55.5), (89.0, 179.9), (0.0, -180.0)]))
    near = rng.choice([-0.2, -0.1, 0.0, 0.0, 0.05, 0.1, 0.9], (n, 2))
    return Firms(
        np.clip(middle[0] + near[:, 0], -90, 90),
        (middle[1] + near[:, 1] + 180) % 360 - 180,
        {
            "sector": rng.integers(0, SECTORS, n),
            "size": rng.integers(0, SIZES, n),
            "offers": rng.integers(0, OFFERS, n),
        },
        {"sector": SECTORS, "size": SIZES, "offers": OFFERS},
        vectors=rng.integers(-2, 3, (n, WIDTH)).astype(np.int8) if draw(st.booleans()) else None,
    )


@st.composite
def queries(draw, firms):
    place = draw(st.integers(0, len(firms) - 1))
    tables = {
        name: (column, np.array(draw(st.lists(fractions, min_size=width, max_size=width))))
        for name, (column, width) in {
            "sector": ("sector", SECTORS),
            "habit": ("sector", SECTORS),
            "size": ("size", SIZES),
            "offers": ("offers", OFFERS),
        }.items()
    }
    vector = draw(st.none() | st.lists(st.integers(-3, 3), min_size=WIDTH, max_size=WIDTH))
    return Query(
        float(np.clip(firms.lat[place] + draw(degrees), -90, 90)),
        float(np.clip(firms.lon[place] + draw(degrees), -180, 180)),
        draw(fractions),
        draw(st.sampled_from([0.5, 25.0, 1e5])),
        tables,
        None if vector is None else np.array(vector, dtype=np.int8),
        draw(fractions),
        np.array(draw(st.lists(st.integers(0, len(firms) - 1), max_size=4)), dtype=np.int32),
    )


def searcher(firms, leaf=3):
    return Searcher(build(firms, leaf=leaf), firms.widths)


def score(firms, query, row):
    """In units of 10⁻¹², part by part."""
    total = 0
    for column, values in query.tables.values():
        total += round(values[firms.columns[column][row]] * UNITS)
    phi, to_phi = math.radians(query.lat), math.radians(firms.lat[row])
    chord = math.sin((to_phi - phi) / 2) ** 2
    chord += math.cos(phi) * math.cos(to_phi) * math.sin(math.radians(firms.lon[row] - query.lon) / 2) ** 2
    km = 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, chord)))
    total += round(query.distance * math.exp(-km / query.scale_km) * UNITS)
    if firms.vectors is not None and query.vector is not None:
        mine, theirs = firms.vectors[row].astype(int).tolist(), query.vector.astype(int).tolist()
        lengths = math.sqrt(sum(v * v for v in mine)) * math.sqrt(sum(v * v for v in theirs))
        dot = sum(a * b for a, b in zip(mine, theirs, strict=True))
        total += round(query.likeness * dot / lengths * UNITS) if lengths else 0
    return total


def ranked(firms, query, k):
    """(rows, units) of the k best by sorting every pair."""
    hidden = set(query.hidden.tolist())
    scored = sorted((-score(firms, query, row), row) for row in range(len(firms)) if row not in hidden)[:k]
    return [row for _, row in scored], [-units for units, _ in scored]
