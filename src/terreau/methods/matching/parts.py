"""What a score is made of, match by match, and which parts speak for it: codes and values, words being the caller's."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numba import njit

from terreau.methods.matching.firms import Query
from terreau.methods.matching.index import Index
from terreau.methods.matching.search import Best, Searcher
from terreau.methods.matching.search_kernels import Asked, product
from terreau.methods.matching.units import UNIT, Floats, Rows, Units, as_units, distance_units, kilometres, vector_units

TELLING = 0.05  # share of the score from which a part is worth a word


class Parts(NamedTuple):
    """For each match, the best first: the firm's row, its score, km, and the value of each part (they add up)."""

    rows: Rows
    score: Floats
    km: Floats
    values: Mapping[str, Floats]


def parts(searcher: Searcher, query: Query, best: Best) -> Parts:
    """The parts of these matches, weighted: their sum is the score."""
    asked = searcher.asked(query)
    km, distance, likeness = _measured(searcher.index, asked, best.spots)
    values = {"distance": distance / UNIT}
    for name, (column, table) in query.tables.items():
        values[name] = as_units(table)[searcher.codes(column, best.spots)] / UNIT
    if asked.alike > 0:
        values["likeness"] = likeness / UNIT
    return Parts(best.rows, best.units / UNIT, km, values)


@njit(cache=True)
def _measured(it: Index, asked: Asked, spots: Rows) -> tuple[Floats, Units, Units]:
    km, distance = np.empty(len(spots)), np.empty(len(spots), np.int64)
    likeness = np.zeros(len(spots), np.int64)
    for j in range(len(spots)):
        i = spots[j]
        km[j] = kilometres(asked.lat, asked.lon, it.place[i, 0], it.place[i, 1])
        distance[j] = distance_units(asked.distance, asked.scale, km[j])
        if asked.alike > 0:
            likeness[j] = vector_units(asked.likeness, product(it, asked, i), it.inverse[i], asked.inverse)
    return km, distance, likeness


def telling(found: Parts, match: int) -> list[str]:
    """The parts that make this match, the largest first: those that give a twentieth of its score or more."""
    values = {name: float(of[match]) for name, of in found.values.items()}
    least = TELLING * max(float(found.score[match]), 0.0)
    return sorted(
        (name for name, value in values.items() if value > 0 and value >= least), key=lambda n: (-values[n], n)
    )
