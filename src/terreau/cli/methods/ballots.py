"""Ballots in a file of their own, beside a table of applications: one line a voter and a file they support."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np

from terreau.cli.methods.pabulib import integers, number
from terreau.cli.reading import open_table
from terreau.methods.selection.ballots import Ballots


def read(path: Path, names: Sequence[str]) -> tuple[Ballots, int]:
    """The ballots of a `voter,project[,points]` table and the scale of their points (10 for 1.5 point)."""
    table = open_table(path)
    places = {header.lower(): k for k, header in enumerate(table.headers)}
    for wanted in ("voter", "project"):
        if wanted not in places:
            raise ValueError(
                f"{path.name} : la colonne {wanted} manque ; attendues : voter, project et, s’il y a, points."
            )
    width = len(table.headers)

    def rows() -> Iterator[tuple[int, str, str, str]]:
        for line, cells in table.rows():
            cell = [text.strip() for text in [*cells, *[""] * width]]
            points = cell[places["points"]] if "points" in places else "1"
            yield line, cell[places["voter"]], cell[places["project"]], points

    return ballots_of(path, rows(), names)


def ballots_of(path: Path, rows: Iterable[tuple[int, str, str, str]], names: Sequence[str]) -> tuple[Ballots, int]:
    """From (line, voter, project, points) in any order; voters are numbered as they first appear.

    ValueError, in one line with the file and the line, for an unknown project, a pair given twice, unreadable points.
    A voter may stand alone, with no project: an empty ballot, which keeps its share.
    """
    rank = {name: i for i, name in enumerate(names)}
    given: dict[str, dict[int, Decimal]] = {}
    for line, voter, project, points in rows:
        place = f"{path.name}, ligne {line}"
        if not voter:
            raise ValueError(f"{place} : le votant n’est pas nommé.")
        ballot = given.setdefault(voter, {})
        if not project:
            continue
        if project not in rank:
            raise ValueError(f"{place} : « {project} » n’est pas un dossier de la sélection.")
        if rank[project] in ballot:
            raise ValueError(f"{place} : le votant « {voter} » soutient deux fois « {project} ».")
        ballot[rank[project]] = number(path, line, "nombre de points", points)
    *whole, scale = integers(path, [x for ballot in given.values() for x in ballot.values()])
    indptr = np.concatenate([[0], np.cumsum([len(ballot) for ballot in given.values()])]).astype(np.int64)
    projects = np.array([p for ballot in given.values() for p in ballot], dtype=np.int64)
    return Ballots(indptr, projects, np.array(whole, dtype=np.int64)), scale
