"""The best firms of each project: exact, the same whatever the batch, the threads or the order of the rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from terreau.methods.matching.firms import Query, check_query
from terreau.methods.matching.index import Index, points
from terreau.methods.matching.search_kernels import Asked, scan, scores_of, search
from terreau.methods.matching.units import UNIT, Rows, Units, as_units, inverse_lengths

STEPS = 4096  # of the table of decays
REACH = 16  # scales that it covers
NONE = -(1 << 62)  # below any score, and far from what would overflow


@dataclass(frozen=True, eq=False)
class Best:
    """The best of one query, the best first: rows of firms, their positions in the index, scores in units."""

    rows: Rows
    spots: Rows
    units: Units


@dataclass(frozen=True, eq=False)
class Searcher:
    """An index with the names of its columns. Threads share it; processes map the same files."""

    index: Index
    widths: Mapping[str, int]
    key: str = "sector"

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(name for name in self.widths if name != self.key)

    def codes(self, column: str, spots: Rows) -> Rows:
        """The code of a column for the firms at these positions."""
        if column != self.key:
            of_profile: Rows = self.index.profiles[self.index.profile[spots], self.others.index(column)]
            return of_profile
        starts = self.index.starts
        leaf = np.searchsorted(starts[:, 0], spots, side="right") - 1
        return (np.sum(starts[leaf] <= spots[:, None], axis=1) - 1).astype(np.int32)

    def best(self, query: Query, k: int) -> Best:
        """The k best firms of one project."""
        return self._ranked(query, k, lambda asked, heap: search(self.index, asked, heap))

    def best_of_all(self, queries: Iterable[Query], k: int, threads: int = 1) -> Iterator[Best]:
        """As `best` for each query, in order; with `threads` at work at once."""
        if threads <= 1:
            yield from (self.best(query, k) for query in queries)
            return
        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(lambda query: self.best(query, k), queries)

    def projects(self, queries: Sequence[Query], spots: Rows, k: int) -> list[tuple[Rows, Units]]:
        """The other way round: for the firm at each position, its k best projects (their places) and the scores.

        Among equals the first query comes first. A project that hides the firm is left out.
        """
        units = np.empty((len(spots), len(queries)), dtype=np.int64)
        keys = self.codes(self.key, spots)
        for place, query in enumerate(queries):
            check_query(query, self.widths)
            asked = self.asked(query)
            units[:, place] = scores_of(self.index, asked, spots, asked.by_key[keys])
            units[np.isin(self.index.row[spots], query.hidden), place] = NONE
        order = np.argsort(-units, axis=1, kind="stable")[:, :k].astype(np.int32)
        ranked = np.take_along_axis(units, order, axis=1)
        return [(row[of > NONE], of[of > NONE]) for row, of in zip(order, ranked, strict=True)]

    def scanned(self, query: Query, k: int) -> Best:
        """What `best` must give, by scoring every firm."""
        starts = self.index.starts
        key_of = np.repeat(np.tile(np.arange(starts.shape[1] - 1), len(starts)), np.diff(starts, axis=1).ravel())
        keys = key_of.astype(np.int32)
        return self._ranked(query, k, lambda asked, heap: scan(self.index, asked, keys, heap))

    def _ranked(self, query: Query, k: int, fill: Callable[[Asked, tuple[Units, Rows, Rows]], None]) -> Best:
        check_query(query, self.widths)
        size = min(k, len(self.index.row))
        if size <= 0:
            return Best(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
        heap = np.full(size, NONE), np.full(size, np.iinfo(np.int32).max, np.int32), np.full(size, -1, np.int32)
        fill(self.asked(query), heap)
        scores, rows, spots = heap
        order = np.lexsort((rows, -scores))
        order = order[spots[order] >= 0]
        return Best(rows[order], spots[order], scores[order])

    def asked(self, query: Query) -> Asked:
        """The query as the loops read it."""
        by_column = {name: np.zeros(width, dtype=np.int64) for name, width in self.widths.items()}
        for column, values in query.tables.values():
            by_column[column] += as_units(values)
        by_key = by_column[self.key]
        by_profile = np.zeros(len(self.index.profiles), dtype=np.int64)
        for place, name in enumerate(self.others):
            by_profile += by_column[name][self.index.profiles[:, place]]
        vectors = self.index.vectors.shape[1]
        alike = query.vector is not None and vectors > 0 and query.likeness > 0
        vector = query.vector if alike and query.vector is not None else np.zeros(vectors, dtype=np.int8)
        inverse = float(inverse_lengths(vector[None])[0]) if vectors else 0.0
        step = REACH * query.scale_km / STEPS
        return Asked(
            float(query.lat),
            float(query.lon),
            float(query.distance),
            float(query.scale_km),
            float(query.likeness),
            points(np.array(query.lat), np.array(query.lon)),
            as_units(query.distance * np.exp(-np.arange(STEPS) * (step / query.scale_km))) + 1,
            step,
            by_key,
            np.argsort(-by_key, kind="stable").astype(np.int32),
            by_profile,
            int(by_profile.max(initial=0)),
            vector.astype(np.int32),
            inverse,
            int(query.likeness * UNIT) + 2 if alike else 0,
            int(query.likeness * UNIT * inverse * self.index.longest[0]) + 2,
            np.unique(query.hidden).astype(np.int32),
        )
