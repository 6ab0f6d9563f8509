"""Reads about territories."""

from terreau.territories.queries.finder import plain, search, stamp
from terreau.territories.queries.indicators import (
    Value,
    indicator_everywhere,
    indicator_values,
    indicators_loaded,
)
from terreau.territories.queries.places import (
    by_code,
    by_keys,
    communes_of,
    current_commune,
    inside,
    missing,
    nearest,
    outlines,
    regions_of,
    sources,
    with_parents,
)

__all__ = [
    "Value",
    "by_code",
    "by_keys",
    "communes_of",
    "current_commune",
    "indicator_everywhere",
    "indicator_values",
    "indicators_loaded",
    "inside",
    "missing",
    "nearest",
    "outlines",
    "plain",
    "regions_of",
    "search",
    "sources",
    "stamp",
    "with_parents",
]
