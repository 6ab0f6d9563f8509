"""Where the directory lives beside the database, and the engine that reads it."""

import threading
from functools import lru_cache
from pathlib import Path

import duckdb
from django.conf import settings


def folder(name: str) -> Path:
    """`companies` or `associations`: a link to what is in use."""
    return Path(settings.HOME) / "reference" / name


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    """One in-memory engine a process; it writes nothing and reads what each question names."""
    engine = duckdb.connect(":memory:", config={"threads": "2", "memory_limit": "512MB"})
    engine.execute("SET parquet_metadata_cache = true")
    return engine


_opening = threading.Lock()


def cursor() -> duckdb.DuckDBPyConnection:
    with _opening:
        return _engine().cursor()
