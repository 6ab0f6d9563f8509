"""Reads Pabulib files (`.pb`): a call's projects, its budget and every ballot. Format: pabulib.org/format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path

import numpy as np

from terreau.cli.reading import Row, pabulib_sections
from terreau.methods.selection.ballots import Ballots
from terreau.methods.selection.instance import Floats, Ints

LARGEST = 2**53  # beyond it, amounts would no longer be exact in floating point
KINDS = ("approval", "choose-1", "ordinal", "cumulative", "scoring")


@dataclass(frozen=True, eq=False)
class Pabulib:
    """A whole `.pb` file. Amounts are integers, in 1/`scale` of the currency's unit (10 for 12.5); p projects.

    names: the projects' identifiers, by which ties are broken; columns: header of PROJECTS → its p cells; votes: (p,)
    as written, otherwise the number of ballots that name the project; score: (p,) as written, or None; ballots: their
    points are integers, in 1/`point_scale` of a point; budget: None where META does not say.
    """

    meta: dict[str, str]
    names: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    costs: Ints
    budget: int | None
    scale: int
    votes: Floats
    score: Floats | None
    ballots: Ballots
    point_scale: int

    @property
    def merit(self) -> Floats:
        """What counts in the choice of a portfolio: the score where there is one, else the votes."""
        return self.votes if self.score is None else self.score


def read(path: Path) -> Pabulib:
    """ValueError, in one line with the file and the line, for what is wrong."""
    if not path.is_file():
        raise ValueError(f"le fichier {path} n’existe pas.")
    meta, projects, votes = pabulib_sections(path)
    if len(projects) < 2:
        raise ValueError(f"{path.name} : la section PROJECTS est vide ou absente.")
    lines = [line for line, _cells in projects[1:]]
    columns = _columns(path, projects)
    names = _names(path, lines, columns)
    amounts = [number(path, line, "coût", text) for line, text in zip(lines, columns["cost"], strict=True)]
    limit = [number(path, 0, "budget", meta["budget"])] if "budget" in meta else []
    *costs, scale = integers(path, [*amounts, *limit])
    budget = costs.pop() if limit else None
    ballots, point_scale = _ballots(path, meta.get("vote_type", "approval"), names, votes)
    named = np.bincount(ballots.projects, minlength=len(names)).astype(np.float64)
    written = {h: _figures(path, lines, columns, h) for h in ("votes", "score")}
    voted = named if written["votes"] is None else written["votes"]
    whole = np.array(costs, dtype=np.int64)
    return Pabulib(meta, names, columns, whole, budget, scale, voted, written["score"], ballots, point_scale)


def _columns(path: Path, rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    headers = [header.strip() for header in rows[0][1]]
    for wanted in ("project_id", "cost"):
        if wanted not in headers:
            raise ValueError(f"{path.name}, ligne {rows[0][0]} : la colonne {wanted} manque à la section PROJECTS.")
    padded = [[cell.strip() for cell in (cells + [""] * len(headers))[: len(headers)]] for _line, cells in rows[1:]]
    return {header: tuple(row[k] for row in padded) for k, header in enumerate(headers)}


def _names(path: Path, lines: Sequence[int], columns: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    seen: set[str] = set()
    for line, name in zip(lines, columns["project_id"], strict=True):
        if not name or name in seen:
            what = f"le projet « {name} » figure deux fois" if name else "un projet n’a pas d’identifiant"
            raise ValueError(f"{path.name}, ligne {line} : {what}.")
        seen.add(name)
    return columns["project_id"]


def number(path: Path, line: int, what: str, text: str) -> Decimal:
    """A figure of zero or more; a comma may stand for the point."""
    try:
        value = Decimal(text.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        place = f"{path.name}, ligne {line}" if line else path.name
        raise ValueError(f"{place} : {what} illisible ou négatif, « {text} ».")
    return value


def integers(path: Path, values: Sequence[Decimal]) -> list[int]:
    """The values times the smallest power of ten that makes each an integer, then that power."""
    decimals = max((-int(v.normalize().as_tuple().exponent) for v in values), default=0)
    scale = 10 ** max(0, decimals)
    whole = [int(v * scale) for v in values]
    if sum(whole) >= LARGEST:
        raise ValueError(f"{path.name} : des montants trop grands ou trop précis pour être comptés exactement.")
    return [*whole, scale]


def _figures(path: Path, lines: Sequence[int], columns: dict[str, tuple[str, ...]], header: str) -> Floats | None:
    """A column of figures, None where it is absent or has no figure at all."""
    texts = columns.get(header, ())
    if not any(texts):
        return None
    figures = [float(number(path, n, header, t)) if t else 0.0 for n, t in zip(lines, texts, strict=True)]
    return np.array(figures)


def _ballots(path: Path, kind: str, names: Sequence[str], rows: Iterable[Row]) -> tuple[Ballots, int]:
    if kind not in KINDS:
        raise ValueError(f"{path.name} : type de vote inconnu, « {kind} » ; sont lus {', '.join(KINDS)}.")
    flow = iter(rows)
    line, headers = next(flow, (0, []))
    places = {header.strip(): k for k, header in enumerate(headers)}
    if not places:
        return Ballots.of([]), 1
    if "vote" not in places:
        raise ValueError(f"{path.name}, ligne {line} : la colonne vote manque à la section VOTES.")
    taken = list(flow)
    votes = _cells(taken, places["vote"])
    points = _cells(taken, places["points"]) if kind in {"cumulative", "scoring"} and "points" in places else None
    return _counted(path, names, [line for line, _cells in taken], votes, points)


def _cells(rows: Iterable[Row], place: int) -> list[list[str]]:
    """One column of comma-separated lists; « none » and an absent cell are empty lists."""
    texts = [cells[place].strip() if len(cells) > place else "" for _line, cells in rows]
    return [text.split(",") if text and text.lower() != "none" else [] for text in texts]


def _counted(
    path: Path, names: Sequence[str], lines: Sequence[int], votes: list[list[str]], points: list[list[str]] | None
) -> tuple[Ballots, int]:
    number = {name: i for i, name in enumerate(names)}
    try:
        projects = [number[name] for name in chain.from_iterable(votes)]
    except KeyError:
        votes, projects = _tidy(path, number, lines, votes)
    indptr = np.zeros(len(votes) + 1, dtype=np.int64)
    np.cumsum([len(vote) for vote in votes], out=indptr[1:])
    given, scale = _points(path, lines, votes, points)
    return _without_doubles(Ballots(indptr, np.array(projects, dtype=np.int64), given)), scale


def _tidy(
    path: Path, number: dict[str, int], lines: Sequence[int], votes: list[list[str]]
) -> tuple[list[list[str]], list[int]]:
    """The slow way, with spaces and empty names dropped, that knows the line of an unknown project."""
    clean = [[name.strip() for name in vote if name.strip()] for vote in votes]
    for line, vote in zip(lines, clean, strict=True):
        if unknown := next((name for name in vote if name not in number), None):
            raise ValueError(f"{path.name}, ligne {line} : vote pour un projet inconnu, « {unknown} ».")
    return clean, [number[name] for vote in clean for name in vote]


def _points(
    path: Path, lines: Sequence[int], votes: list[list[str]], points: list[list[str]] | None
) -> tuple[Ints, int]:
    """Points beside each vote, as integers, and their scale; one point each where the file has none."""
    if points is None:
        return np.ones(sum(map(len, votes)), dtype=np.int64), 1
    for line, vote, given in zip(lines, votes, points, strict=True):
        if len(vote) != len(given):
            raise ValueError(f"{path.name}, ligne {line} : {len(vote)} projets mais {len(given)} nombres de points.")
    read_once: dict[str, Decimal] = {}
    for line, given in zip(lines, points, strict=True):
        for text in given:
            if text not in read_once:
                read_once[text] = number(path, line, "nombre de points", text)
    *whole, scale = integers(path, list(read_once.values()))
    value = dict(zip(read_once, whole, strict=True))
    return np.array([value[text] for given in points for text in given], dtype=np.int64), scale


def _without_doubles(ballots: Ballots) -> Ballots:
    """Each project once a ballot; its last points stand."""
    voter = np.repeat(np.arange(len(ballots)), np.diff(ballots.indptr))
    width = int(ballots.projects.max(initial=0)) + 1
    key = voter * width + ballots.projects
    kept = len(key) - 1 - np.unique(key[::-1], return_index=True)[1]
    if len(kept) == len(key):
        return ballots
    kept.sort()
    indptr = np.searchsorted(voter[kept], np.arange(len(ballots) + 1)).astype(np.int64)
    return Ballots(indptr, ballots.projects[kept], ballots.points[kept])
