"""Files written to a temporary name, then moved: a command that fails leaves nothing behind it."""

import csv
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

SHEETS = (".csv", ".xlsx", ".json")


@dataclass(frozen=True)
class Sheet:
    """Headers and rows of plain values (texts, numbers, None), for a .csv, .xlsx, .parquet or .json file."""

    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]


def check_outputs(inputs: Iterable[Path | None], *outputs: tuple[Path | None, tuple[str, ...]]) -> None:
    """Before any work: each output has a known ending, a folder to live in, and overwrites no input nor another."""
    taken = {path.resolve() for path in inputs if path}
    for path, endings in outputs:
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise ValueError(f"{path.name} : écrivez un fichier {' ou '.join(endings)}.")
        if not path.parent.is_dir():
            raise ValueError(f"le dossier {path.parent} n’existe pas.")
        if path.resolve() in taken:
            raise ValueError(f"{path.name} : ce fichier est déjà lu ou écrit par la commande.")
        taken.add(path.resolve())


def save(outputs: Mapping[Path, Any]) -> None:
    """Writes every file, then puts them all in place. A `Sheet` becomes a table; anything else is JSON."""
    with ExitStack() as undo:
        ready = []
        for path, content in outputs.items():
            try:
                with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
                    place = Path(file.name)
                undo.callback(place.unlink, missing_ok=True)
                _write(place, path.suffix.lower(), content)
                place.chmod(0o666 & ~_umask())
            except OSError as problem:
                raise ValueError(f"{path} ne peut être écrit ({problem.strerror}).") from None
            ready.append((place, path))
        for place, path in ready:
            place.replace(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write(place: Path, ending: str, content: Any) -> None:
    if not isinstance(content, Sheet):
        place.write_text(_json(content), encoding="utf-8")
    elif ending == ".json":
        rows = [dict(zip(content.headers, row, strict=True)) for row in content.rows]
        place.write_text(_json(rows), encoding="utf-8")
    elif ending == ".xlsx":
        _write_book(place, content)
    elif ending == ".parquet":
        _write_parquet(place, content)
    else:
        with place.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([content.headers, *content.rows])


def _json(content: Any) -> str:
    """Numbers of numpy become plain ones; what is not finite is refused."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False, default=lambda value: value.item()) + "\n"


def _write_parquet(place: Path, content: Sheet) -> None:
    """Columns of texts, integers or decimals, by what is in them."""
    import duckdb
    import numpy as np

    rows = list(content.rows)
    cells = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in content.headers]
    kinds = [object if any(isinstance(value, str) for value in column) else None for column in cells]
    columns = {f"c{i}": np.array(column, dtype=kind) for i, (column, kind) in enumerate(zip(cells, kinds, strict=True))}
    named = ", ".join(f'c{i} AS "{header}"' for i, header in enumerate(content.headers))
    with duckdb.connect() as base:
        base.register("columns", columns)
        base.execute(f"COPY (SELECT {named} FROM columns) TO '{str(place).replace("'", "''")}' (FORMAT parquet)")  # noqa: S608 - ours


def _write_book(place: Path, content: Sheet) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, value=header) for header in content.headers]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in content.rows:
        sheet.append([_safe(sheet, value) for value in row])
    book.save(place)


def _safe(sheet: Any, value: Any) -> Any:
    """A text that begins as a formula stays a text."""
    from openpyxl.cell import WriteOnlyCell

    if not (isinstance(value, str) and value[:1] == "="):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell
