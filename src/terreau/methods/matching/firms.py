"""What is known of the firms, as columns, and what a project asks of them, as one value for each code of a column."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from terreau.methods.matching.units import LARGEST, Floats, Rows, Vectors

type Codes = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Firms:
    """n firms **in the order of their identifiers**: among equal scores the smaller row comes first.

    lat, lon (n,): degrees. columns: name → code of each firm (n,), from 0; widths: how many codes each column has.
    key: the column with the heaviest table, by which the index cuts its cells. vectors (n, v) int8 or None.
    """

    lat: Floats
    lon: Floats
    columns: Mapping[str, Codes]
    widths: Mapping[str, int]
    key: str = "sector"
    vectors: Vectors | None = None

    def __len__(self) -> int:
        return len(self.lat)

    @property
    def others(self) -> tuple[str, ...]:
        """The columns apart from the key, in the order in which the index keeps them."""
        return tuple(name for name in self.columns if name != self.key)


@dataclass(frozen=True, eq=False)
class Query:
    """What one project asks. score = distance·exp(−km/scale) + Σ tables[part][code] + likeness·cosine.

    tables: part → (column, weighted value of each of its codes); several parts may look at one column.
    hidden: rows of firms that are not to be proposed (refused, full, postponed).
    """

    lat: float
    lon: float
    distance: float
    scale_km: float
    tables: Mapping[str, tuple[str, Floats]]
    vector: Vectors | None = None
    likeness: float = 0.0
    hidden: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int32))


class BadQuery(ValueError):  # noqa: N818 - named after what it is
    """The question cannot be put: code and value."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value}")
        self.code, self.value = code, value


def check_firms(firms: Firms) -> None:
    """BadQuery where a place or a code is not one."""
    for name, values, bound in (("lat", firms.lat, 90), ("lon", firms.lon, 180)):
        if not (np.abs(values) <= bound).all():
            raise BadQuery("not-a-place", name)
    for name, codes in firms.columns.items():
        if len(codes) != len(firms) or (len(codes) and (codes.min() < 0 or codes.max() >= firms.widths[name])):
            raise BadQuery("not-a-code", name)
    if firms.key not in firms.columns:
        raise BadQuery("no-key", firms.key)


def check_query(query: Query, widths: Mapping[str, int]) -> None:
    """BadQuery where a weight would break the order or the arithmetic."""
    if not (abs(query.lat) <= 90 and abs(query.lon) <= 180):
        raise BadQuery("not-a-place", f"{query.lat}, {query.lon}")
    if not (query.scale_km > 0 and np.isfinite(query.scale_km)):
        raise BadQuery("scale-not-positive", str(query.scale_km))
    for weight in (query.distance, query.likeness):
        if not 0 <= weight <= LARGEST:
            raise BadQuery("weight-out-of-bounds", str(weight))
    for part, (column, values) in query.tables.items():
        if column not in widths or len(values) != widths[column]:
            raise BadQuery("wrong-table", part)
        if len(values) and not (np.abs(values) <= LARGEST).all():
            raise BadQuery("weight-out-of-bounds", part)
