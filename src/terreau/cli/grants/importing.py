"""Reads a file of published grants row by row; takes all of it in, or none of it."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import typer
from django.db import transaction

from terreau.cli.applications.checking import Fault
from terreau.cli.applications.importing import tell
from terreau.cli.applications.loading import SHOWN
from terreau.cli.reading import Table, open_table
from terreau.funding.actions import history
from terreau.funding.models import GrantSource
from terreau.funding.rulebook import grants


class Rows:
    """The good rows of a table as they come; faults are told on the way, corrections once each at the end."""

    def __init__(self, table: Table, reader: grants.Reader) -> None:
        self.table, self.reader = table, reader
        self.read, self.bad, self.shown = 0, 0, 0
        self.corrected: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], int] = {}
        self.seen: dict[bytes, int] = {}  # key of a row: its line

    def __iter__(self) -> Iterator[grants.PublishedGrant]:
        for line, cells in self.table.rows():
            self.read += 1
            reading = self.reader.read(cells)
            for correction in reading.corrections:
                self.corrected[correction] += 1
                self.first.setdefault(correction, line)
            if reading.grant and self._is_new(reading, line):
                yield reading.grant
            else:
                self._refuse(line, reading.faults)

    def _is_new(self, reading: grants.Reading, line: int) -> bool:
        former = self.seen.setdefault(bytes.fromhex(grants.row_key(reading.grant)), line) if reading.grant else line
        if former != line:
            reading.faults.append(grants.Fault("–", f"la même subvention est déjà à la ligne {former}."))
        return former == line

    def _refuse(self, line: int, faults: list[grants.Fault]) -> None:
        self.bad += 1
        for fault in faults:
            self.shown += 1
            if self.shown <= SHOWN:
                tell(str(Fault(line, fault.column, fault.reason)))
        if self.shown >= SHOWN > self.shown - len(faults):
            tell(f"… les {SHOWN} premières fautes sont montrées.")

    def tell_corrections(self) -> None:
        for (column, what), times in self.corrected.items():
            where = f"ligne {self.first[column, what]}" if times == 1 else f"{times} lignes"
            tell(f"· colonne « {column} » : {what} ({where})")


def run(file: Path, *, dry_run: bool, only_good: bool) -> None:
    """ValueError where nothing was taken in; the faults are on the error stream by then."""
    table = open_table(file)
    reader = grants.reader(table.headers)
    if reader is None:
        raise ValueError(
            f"{file.name} : ni les colonnes SCDL « subventions », ni celles de 360Giving "
            f"(colonnes du fichier : {', '.join(table.headers[:12])})."
        )
    tell(f"{file.name} : {table.read_as} ; standard reconnu : {reader.label}, colonnes de la version {reader.version}.")
    for remark in reader.remarks:
        tell(f"· {remark}")
    rows = Rows(table, reader)
    with transaction.atomic():
        taken = history.take_in(rows, standard=_standard(reader), name=file.name, digest=_digest(file), by=None)
        rows.tell_corrections()
        _require(rows, only_good=only_good)
        if dry_run:
            transaction.set_rollback(True)
    verb = "seraient ajoutées" if dry_run else "ajoutées"
    typer.echo(
        f"{rows.read} lignes lues ; subventions {verb} : {taken.added} ; mises à jour : {taken.changed} ; "
        f"déjà là : {taken.known} ; lignes laissées : {rows.bad}."
    )


def _require(rows: Rows, *, only_good: bool) -> None:
    if not rows.read:
        raise ValueError("le fichier n’a aucune ligne sous son en-tête.")
    if rows.bad and not only_good:
        raise ValueError(
            f"{rows.bad} mauvaise(s) ligne(s) sur {rows.read} : rien n’a été importé. "
            "Corrigez-les, ou prenez les autres avec --only-good."
        )


def _standard(reader: grants.Reader) -> str:
    return GrantSource.Standard.GIVING if reader.label == "360Giving" else GrantSource.Standard.SCDL


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
