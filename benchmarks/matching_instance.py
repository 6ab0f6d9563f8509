"""The shared instance of the matching benchmarks: firms and projects of a synthetic country, after the dossier.

Firms gather round 2 000 places of very unequal size between the parallels 42.5 and 51; each has a sector (88 divisions,
unequal), a size class (5, mostly the smallest), the forms of engagement that it offers (5 bits, mostly none) and a
vector of 64 themes in int8: as much its sector's own direction as its own. Projects are drawn where firms are, with one
to four sectors, two to three forms and a vector between those of their sectors and one of their own.

    .venv/bin/python benchmarks/matching_instance.py 400000
"""

import sys
from typing import NamedTuple

import numpy as np

SECTORS, SIZES, FORMS, WIDTH, PLACES = 88, 5, 5, 64, 2_000
WEIGHTS = {"distance": 0.40, "likeness": 0.30, "sector": 0.15, "size": 0.05, "offers": 0.10}
SCALE_KM = 30.0
SIZE_VALUES = np.array([0.2, 0.5, 0.8, 1.0, 0.6])


class Country(NamedTuple):
    """n firms and p projects. affinity (p, 88): in [0, 1], 1 for a project's own sectors."""

    lat: np.ndarray
    lon: np.ndarray
    sector: np.ndarray
    size: np.ndarray
    offers: np.ndarray
    vectors: np.ndarray
    to_lat: np.ndarray
    to_lon: np.ndarray
    affinity: np.ndarray
    seeks: np.ndarray
    wanted: np.ndarray


def make(firms: int, projects: int, seed: int = 0) -> Country:
    rng = np.random.default_rng(seed)
    towns = rng.uniform((42.5, -4.5), (51.0, 8.0), (PLACES, 2))
    share = rng.pareto(1.1, PLACES) + 0.05
    spread = rng.uniform(0.02, 0.15, PLACES)
    town = rng.choice(PLACES, firms, p=share / share.sum())
    lat = np.round(towns[town, 0] + rng.normal(0, 1, firms) * spread[town], 5)
    lon = np.round(towns[town, 1] + rng.normal(0, 1, firms) * spread[town] * 1.4, 5)
    weight = rng.pareto(1.2, SECTORS) + 0.05
    sector = rng.choice(SECTORS, firms, p=weight / weight.sum()).astype(np.uint8)
    size = rng.choice(SIZES, firms, p=[0.75, 0.17, 0.05, 0.02, 0.01]).astype(np.uint8)
    bits = rng.random((firms, FORMS), dtype=np.float32) < np.float32(0.15)
    offers = (bits @ (1 << np.arange(FORMS))).astype(np.uint8)
    direction = _unit(rng.normal(0, 1, (SECTORS, WIDTH)))
    vectors = np.empty((firms, WIDTH), dtype=np.int8)
    for first in range(0, firms, 1 << 18):
        some = sector[first : first + (1 << 18)]
        noise = rng.standard_normal((len(some), WIDTH), dtype=np.float32) / np.float32(8)
        vectors[first : first + len(some)] = _int8(direction[some] + noise)
    at = rng.integers(0, firms, projects)
    affinity = np.round(rng.beta(0.4, 2, (projects, SECTORS)), 3)
    wanted = np.empty((projects, WIDTH), dtype=np.int8)
    for i in range(projects):
        own = rng.choice(SECTORS, rng.integers(1, 5), replace=False)
        affinity[i, own] = 1
        wanted[i] = _int8(_unit(direction[own].mean(0))[None] + rng.normal(0, 1, (1, WIDTH)) / 8)[0]
    seeks = np.array([(1 << rng.choice(FORMS, rng.integers(2, 4), replace=False)).sum() for _ in range(projects)])
    return Country(
        lat,
        lon,
        sector,
        size,
        offers,
        vectors,
        lat[at] + 0.01,
        lon[at] - 0.01,
        affinity,
        seeks.astype(np.uint8),
        wanted,
    )


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def _int8(rows: np.ndarray) -> np.ndarray:
    return np.rint(_unit(rows) * 256).clip(-127, 127).astype(np.int8)


def shares(seeks: int) -> np.ndarray:
    """The share of what is sought that each of the 32 sets of offers answers."""
    sets = np.arange(1 << FORMS)
    return np.array([int(s & seeks).bit_count() for s in sets]) / int(seeks).bit_count()


if __name__ == "__main__":
    it = make(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000, 10)
    print(f"{len(it.lat):,} firms; sectors {np.bincount(it.sector).max() / len(it.lat):.1%} at most in one")
    print(f"offers none {np.mean(it.offers == 0):.1%}; first project {it.to_lat[0]:.3f}, {it.to_lon[0]:.3f}")
