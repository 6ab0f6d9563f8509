"""The national index of firms for `methods.matching`: made by the load, mapped once a process, shared by workers.

A firm here is an open, shown legal unit at its head office: a company, or a sole trader that employs. It stands in the
middle of its commune. Rows follow SIREN numbers; `sirens` is the way back. Directory firms said nothing of themes nor
of what they offer: these columns have one code, the empty set. Their size, division and zone d'emploi are known.
"""

# ruff: noqa: PLC0415 - numba and scipy come at the first use, not when the site starts
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from terreau.engagement.reference import kinds
from terreau.engagement.reference.home import folder

if TYPE_CHECKING:
    from terreau.methods.matching.firms import Query
    from terreau.methods.matching.parts import Parts
    from terreau.methods.matching.plain import Vocabulary
    from terreau.methods.matching.search import Searcher

FIRMS = f"""
    SELECT siren::INTEGER AS siren, place_of.number AS at, size_rank::UTINYINT AS size,
        coalesce(TRY_CAST(regexp_extract(naf, '^([0-9]{{2}})', 1) AS UTINYINT), 100)::UTINYINT AS sector
    FROM place JOIN place_of ON place_of.code = commune
    WHERE is_seat AND kind = '{kinds.FIRM}' AND (employs OR legal_category NOT LIKE '1%')
    ORDER BY siren
"""  # noqa: S608 - our own words


def write(base: duckdb.DuckDBPyConnection, draft: Path, communes: Mapping[str, tuple[Any, ...]]) -> int:
    """The index over the table `place`, in `draft`. communes: code → latitude, longitude, code of the zone."""
    from terreau.methods.matching.firms import Firms
    from terreau.methods.matching.index import build

    located = {code: place for code, place in communes.items() if place[0] is not None and place[1] is not None}
    zones = ["", *sorted({place[2] for place in located.values()} - {""})]
    table = {"code": np.array(list(located), dtype=object), "number": np.arange(len(located), dtype=np.int32)}
    base.register("given_places", table)
    base.execute("CREATE TEMP TABLE place_of AS SELECT * FROM given_places")
    found = base.execute(FIRMS).fetchnumpy()
    at = np.asarray(found["at"])
    places = np.array([place[:2] for place in located.values()], dtype=np.float64).reshape(-1, 2)
    zone_of = np.array([zones.index(place[2]) for place in located.values()], dtype=np.uint16)
    columns = {
        "sector": np.asarray(found["sector"]),
        "size": np.asarray(found["size"]),
        "themes": np.zeros(len(at), dtype=np.uint8),
        "offers": np.zeros(len(at), dtype=np.uint8),
        "basin": zone_of[at],
    }
    home = draft / "index"
    home.mkdir()
    np.save(home / "sirens.npy", np.asarray(found["siren"]))
    widths = vocabulary().widths | {"basin": len(zones)}
    build(Firms(places[at, 0], places[at, 1], columns, widths), _mapped(home))
    (home / "index.json").write_text(json.dumps({"zones": zones, "widths": widths}))
    return len(at)


def _mapped(home: Path) -> Any:
    """Each array of the index in a file of its own, written through a map."""

    def allocate(name: str, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
        if 0 in shape:  # nothing to map
            np.save(home / f"{name}.npy", np.empty(shape, dtype=dtype))
            return np.empty(shape, dtype=dtype)
        return np.lib.format.open_memmap(home / f"{name}.npy", mode="w+", dtype=dtype, shape=shape)

    return allocate


def vocabulary() -> "Vocabulary":
    """What the codes mean, for `plain.query`: sizes; nobody's themes; nobody's offers."""
    from terreau.methods.matching.plain import Sets, Vocabulary

    return Vocabulary(kinds.SIZES, Sets([[]]), Sets([[]]))


@dataclass(frozen=True, eq=False)
class National:
    """The index as mapped. sirens (n,): of each row, ascending; zones: code of each basin, the first being none."""

    searcher: "Searcher"
    sirens: NDArray[np.int32]
    zones: tuple[str, ...]

    def rows(self, sirens: Iterable[str]) -> NDArray[np.int32]:
        """Rows of these SIREN numbers, those that the index has: what `Query.hidden` takes."""
        wanted = np.array(sorted({int(siren) for siren in sirens}), dtype=np.int32)
        spots = np.searchsorted(self.sirens, wanted)
        spots = spots[spots < len(self.sirens)]
        return spots[self.sirens[spots] == wanted[: len(spots)]].astype(np.int32)

    def named(self, rows: Iterable[int]) -> list[str]:
        return [f"{siren:09}" for siren in self.sirens[np.asarray(list(rows), dtype=np.int64)].tolist()]

    def in_basin(self, zone: str, weight: float) -> NDArray[np.float64]:
        """The table of a part that looks at column `basin`: this weight in the zone, nothing elsewhere."""
        return np.array([weight if zone and code == zone else 0.0 for code in self.zones])

    def best(self, query: "Query", k: int = 50) -> tuple[list[str], "Parts"]:
        """The k best firms of the country, the best first: their SIREN numbers, and what each score is made of."""
        from terreau.methods.matching.parts import parts

        found = parts(self.searcher, query, self.searcher.best(query, k))
        return self.named(found.rows.tolist()), found


def national() -> National | None:
    """The index in use; None where no directory is loaded."""
    home = folder("companies").resolve() / "index"
    return _opened(home) if (home / "index.json").exists() else None


@lru_cache(maxsize=1)
def _opened(home: Path) -> National:
    """Mapped once a process and a load; a new load has a folder of another name."""
    from terreau.methods.matching.index import Index
    from terreau.methods.matching.search import Searcher

    told = json.loads((home / "index.json").read_text())
    arrays = [np.load(home / f"{name}.npy", mmap_mode="r") for name in Index._fields]
    widths = {name: int(width) for name, width in told["widths"].items()}
    return National(Searcher(Index(*arrays), widths), np.load(home / "sirens.npy", mmap_mode="r"), tuple(told["zones"]))
