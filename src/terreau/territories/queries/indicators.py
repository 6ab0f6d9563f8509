"""Indicators of a territory, read from the Parquet files that `terreau data load` keeps: never from the database."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
from django.conf import settings

from terreau.territories.models import Level, Territory

KIND = {  # the names of levels in the data pack
    Level.COMMUNE: "commune",
    Level.EPCI: "epci",
    Level.DEPARTEMENT: "departement",
    Level.REGION: "region",
    Level.ZONE: "zone_emploi",
}
LATEST = """
    SELECT c.indicator, c.label, c.unit, c.theme, c.note, c.quality, c.additive, v.source, v.period, v.value
    FROM (
        SELECT indicator, arg_max(value, period) AS value, max(period) AS period, arg_max(source, period) AS source
        FROM read_parquet($values) WHERE territory_type = $kind AND code = $code AND indicator IN $keys GROUP BY 1
    ) v JOIN read_parquet($catalogue) c USING (indicator)
"""


@dataclass(frozen=True)
class Value:
    """The latest value of one indicator in one territory, with all that is needed to read it rightly."""

    key: str
    label: str
    unit: str
    theme: str
    note: str
    quality: str
    additive: bool
    source: str
    period: str
    value: float


def folder() -> Path:
    return Path(settings.HOME) / "reference" / "indicators"


def indicators_loaded() -> bool:
    return (folder() / "values.parquet").exists()


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    """One in-memory engine a process; it has nothing to write to and reads what each question names."""
    return duckdb.connect(":memory:", config={"threads": "2", "memory_limit": "256MB"})


_opening = threading.Lock()


def _cursor() -> duckdb.DuckDBPyConnection:
    with _opening:
        return _engine().cursor()


def indicator_values(territory: Territory, keys: Collection[str]) -> list[Value]:
    """The latest value of each indicator asked for, in the order asked; none where the pack is not loaded."""
    if not indicators_loaded() or territory.level not in KIND or not keys:
        return []
    question = {
        "values": str(folder() / "values.parquet"),
        "catalogue": str(folder() / "catalogue.parquet"),
        "kind": KIND[Level(territory.level)],
        "code": territory.code,
        "keys": list(keys),
    }
    rows = [Value(*row) for row in _cursor().execute(LATEST, question).fetchall()]
    order = {key: rank for rank, key in enumerate(keys)}
    return sorted(rows, key=lambda row: order[row.key])


EVERYWHERE = """
    SELECT code, arg_max(value, period) FROM read_parquet($values)
    WHERE territory_type = $kind AND indicator = $key GROUP BY code
"""


def indicator_everywhere(level: Level, key: str) -> dict[str, float]:
    """The latest value of one indicator by code, for every territory of a level; empty where the pack is not loaded."""
    kept = folder() / "values.parquet"
    if not kept.exists() or level not in KIND:
        return {}
    return dict(_everywhere(str(kept), kept.stat().st_mtime_ns, KIND[level], key))


@lru_cache(maxsize=16)
def _everywhere(kept: str, _as_of: int, kind: str, key: str) -> dict[str, float]:
    question = {"values": kept, "kind": kind, "key": key}
    return {code: float(value) for code, value in _cursor().execute(EVERYWHERE, question).fetchall()}
