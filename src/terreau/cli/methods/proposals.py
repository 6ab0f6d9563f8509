"""The answer of `terreau match`: one row a proposal, and why in one sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from terreau.cli.methods.firms import FirmsFile
from terreau.cli.methods.matching import ProjectsFile, Settings
from terreau.cli.methods.writing import Sheet
from terreau.methods.matching.diversity import shared
from terreau.methods.matching.firms import Query
from terreau.methods.matching.index import build
from terreau.methods.matching.parts import Parts, parts, telling
from terreau.methods.matching.search import Best, Searcher

WORDS = {
    "distance": "à {km} km",
    "travel": "proche en temps de trajet",
    "sector": "du secteur recherché",
    "theme": "mêmes thèmes",
    "offers": "propose ce qui est cherché",
    "size": "taille souhaitée",
    "affinity": "métier qui s’engage sur ces thèmes",
    "text": "métier proche du texte",
    "basin": "même bassin d’emploi",
}


@dataclass(frozen=True, eq=False)
class Found:
    """Proposals by project (or by firm, where firms were asked for), in the order of the file."""

    names: Sequence[str]
    lists: list[tuple[int, Parts, list[int]]]  # project, parts, rank of each match
    firm: dict[int, Any]
    size: int
    seconds: float
    cost: float | None = None


def found(
    known: FirmsFile,
    them: ProjectsFile,
    asked: list[Query],
    top: int,
    *,
    threads: int,
    firms: list[str],
    most: int | None,
) -> Found:
    begin = perf_counter()
    searcher, cost = Searcher(build(known.firms), known.firms.widths), None
    if firms:
        lists = list(_of_firms(searcher, known, them, asked, top, firms))
    else:
        if most:
            order = sorted(range(len(asked)), key=lambda p: them.names[p])
            under = shared(searcher, [asked[p] for p in order], top, most, threads)
            best, cost = (
                [one for _, one in sorted(zip(order, under.lists, strict=True), key=lambda pair: pair[0])],
                under.cost,
            )
        else:
            best = list(searcher.best_of_all(asked, top, threads))
        made = (parts(searcher, query, one) for query, one in zip(asked, best, strict=True))
        lists = [(p, told, list(range(1, len(told.rows) + 1))) for p, told in enumerate(made)]
    rows = known.names(row for _, told, _ in lists for row in told.rows.tolist())
    return Found(them.names, lists, rows, len(known.firms), perf_counter() - begin, cost)


def _of_firms(
    searcher: Searcher, known: FirmsFile, them: ProjectsFile, asked: list[Query], top: int, firms: list[str]
) -> Iterator[tuple[int, Parts, list[int]]]:
    rows = known.rows(firms)
    if missing := [name for name in firms if name not in rows]:
        raise ValueError(f"--firm : « {missing[0]} » n’est pas dans le fichier des entreprises.")
    order = sorted(range(len(asked)), key=lambda p: them.names[p])
    spots = np.concatenate([np.flatnonzero(searcher.index.row == rows[name]) for name in dict.fromkeys(firms)])
    spots = spots.astype(np.int32)
    for spot, (places, units) in zip(spots, searcher.projects([asked[p] for p in order], spots, top), strict=True):
        for rank, (place, score) in enumerate(zip(places.tolist(), units, strict=True), 1):
            one = Best(searcher.index.row[[spot]], np.array([spot]), np.array([score]))
            yield order[place], parts(searcher, asked[order[place]], one), [rank]


def sheet(it: Found) -> Sheet:
    names = list(it.lists[0][1].values) if it.lists else []
    return Sheet(("project", "firm", "rank", "score", "distance_km", *names), _rows(it))


def _rows(it: Found) -> Iterator[tuple[Any, ...]]:
    for place, told, ranks in it.lists:
        firms = (it.firm[row] for row in told.rows.tolist())
        columns = (told.score.tolist(), told.km.tolist(), *(values.tolist() for values in told.values.values()))
        yield from zip([it.names[place]] * len(ranks), firms, ranks, *columns, strict=True)


def document(it: Found, told: Settings) -> dict[str, Any]:
    plain = {name: getattr(told.plain, name) for name in ("distance", "sector", "theme", "offers", "size", "scale_km")}
    headers = ("project", *sheet(it).headers[1:])
    matches = [dict(zip(headers, row, strict=True)) for row in _rows(it)]
    for one, words in zip(matches, _sentences(it), strict=True):
        one["why"] = words
    return {
        "firms": it.size,
        "projects": len(it.names),
        "weights": {**plain, "size_values": dict(told.plain.size_values)},
        "cost_of_sharing": it.cost,
        "seconds": round(it.seconds, 3),
        "matches": matches,
    }


def _sentences(it: Found) -> Iterator[str]:
    for _, told, ranks in it.lists:
        for match in range(len(ranks)):
            said = [WORDS[name].format(km=_short(float(told.km[match]))) for name in telling(told, match)]
            yield (", ".join(said)[:1].upper() + ", ".join(said)[1:] + ".") if said else ""


def _short(km: float) -> str:
    return "moins de 1" if km < 1 else f"{km:.0f}"


def summary(it: Found) -> str:
    count = sum(len(ranks) for _, _, ranks in it.lists)
    told = f"{it.size} entreprises, {len(it.names)} projets, {count} propositions en {it.seconds:.1f} s."
    if it.cost is not None:
        told += f" Le partage coûte {100 * it.cost:.2f} % du score total."
    return told
