"""How a new directory is made aside, by streaming, and takes the place of the one in use."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np

from terreau.engagement.reference.files import BadFile
from terreau.engagement.reference.home import folder
from terreau.territories.reference.swap import turn

MEMORY = "3GB"  # of DuckDB while it loads; more goes to a temporary folder
Progress = Callable[[str, float], None]


@contextmanager
def making(name: str) -> Iterator[Path]:
    """A folder to write the next `name` in; at the end it takes the place of the one in use, or nothing changes."""
    pointer = folder(name)
    pointer.parent.mkdir(parents=True, exist_ok=True)
    with (pointer.parent / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadFile("un autre chargement est en cours ; attendez sa fin.") from None
        for left in pointer.parent.glob(f"making-{name}-*"):
            shutil.rmtree(left)
        stamp = f"{name}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        draft = pointer.parent / f"making-{stamp}"
        draft.mkdir()
        try:
            (draft / "work").mkdir()
            yield draft
            shutil.rmtree(draft / "work")
            turn(draft.rename(pointer.parent / stamp), pointer)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def loader(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that keeps what it stages in a file of `work`; its troubles are told in one line."""
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "preserve_insertion_order": "false",
        "temp_directory": str(work / "spill"),
    }
    base = duckdb.connect(str(work / "staged.duckdb"), config=options)
    base.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    try:
        yield base
    except duckdb.Error as problem:
        told = " ".join(str(problem).split("\n", 1)[0].split())
        raise BadFile(f"le chargement s’arrête : {told[:300]}") from None
    except OSError as problem:
        raise BadFile(f"le chargement s’arrête : {problem.strerror or problem}.") from None
    finally:
        base.close()


def register_communes(base: duckdb.DuckDBPyConnection, codes: dict[str, str]) -> None:
    """A table `commune_of`: every code that is written → the commune of today."""
    columns = {"code": list(codes), "today": list(codes.values())}
    base.register("given", {name: np.array(values, dtype=object) for name, values in columns.items()})
    base.execute("CREATE TEMP TABLE commune_of AS SELECT code::VARCHAR AS code, today::VARCHAR AS today FROM given")


class Steps:
    """Runs statements one after the other, each a known share of the whole, and tells how far it is."""

    def __init__(self, base: duckdb.DuckDBPyConnection, progress: Progress) -> None:
        self.base, self.progress, self.done = base, progress, 0.0

    def run(self, label: str, share: float, statement: str) -> None:
        self.progress(label, self.done)
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(self.base.execute, statement)
            try:
                while not running.done():
                    time.sleep(0.05)
                    part = max(self.base.query_progress(), 0.0) / 100
                    self.progress(label, self.done + share * min(part, 1.0))
            except BaseException:
                self.base.interrupt()
                raise
            running.result()
        self.done += share
