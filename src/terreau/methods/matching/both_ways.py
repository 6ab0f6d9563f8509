"""Firms for each project and projects for a firm, by one score, with the memory of what its reader refused.

    distance·exp(−d/scale) + basin·[same labour basin] + theme·Σw_t/√(|T_f||T_p|) + offers·Σw_o/|S_p|
    + sector·affinity[division] + text·likeness[division] + size·table[size]

The sums run over what both have, w being 1, or less for what the reader refused; a reader who finds proposals too far
has a shorter scale. Exact, ties by key; firms for projects are shared out (`diversity`).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from terreau.methods.matching.diversity import shared
from terreau.methods.matching.firms import Firms, Query
from terreau.methods.matching.index import build
from terreau.methods.matching.parts import parts, telling
from terreau.methods.matching.plain import DIVISIONS, NO_DIVISION, Project, Sets, Vocabulary, Weights
from terreau.methods.matching.search import Best, Searcher
from terreau.methods.matching.units import Floats, Rows, kilometres


@dataclass(frozen=True)
class Worth(Weights):
    """What each part counts for. least: no proposal under this score; least_km: no scale shorter than this.

    farthest_km: no proposal beyond, whatever its score.
    """

    basin: float = 0.10
    text: float = 0.05
    least: float = 0.0
    least_km: float = 5.0
    farthest_km: float = math.inf


@dataclass(frozen=True)
class Taste:
    """What a reader refused: form or theme → what it still counts for; nearness multiplies the scale of distance."""

    forms: Mapping[str, float] = field(default_factory=dict)
    themes: Mapping[str, float] = field(default_factory=dict)
    nearness: float = 1.0


@dataclass(frozen=True)
class Firm:
    key: str
    lat: float
    lon: float
    division: int | None = None
    size: str = ""
    basin: str = ""
    themes: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wish:
    """A project (its `name` is its key), the labour basins that it reaches, what its sectors are worth to it.

    affinity, likeness: NAF division → [0, 1]. hidden: keys of firms that are not to be proposed.
    """

    project: Project
    basins: frozenset[str] = frozenset()
    affinity: Mapping[int, float] = field(default_factory=dict)
    likeness: Mapping[int, float] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    taste: Taste = field(default_factory=Taste)


@dataclass(frozen=True)
class Match:
    """One proposal; `parts` add up to the score, `telling` names those that make it, the largest first."""

    project: str
    firm: str
    score: float
    km: float
    parts: Mapping[str, float]
    telling: tuple[str, ...]


def query(wish: Wish, worth: Worth, taste: Taste, words: Vocabulary, basins: Sequence[str], hidden: Rows) -> Query:
    """What a project asks of an index with columns sector, size, themes, offers and basin; hidden: rows."""
    own = wish.project
    sizes = [worth.size_values.get(name, 0.0) for name in words.sizes]
    here = [1.0 if name and name in wish.basins else 0.0 for name in basins]
    across = np.sqrt(words.themes.sizes * len(own.themes))
    common = np.divide(_kept(words.themes, own.themes, taste.themes), across, out=across * 0, where=across > 0)
    answered = _kept(words.offers, own.seeks, taste.forms) / max(len(own.seeks), 1)
    return Query(
        own.lat,
        own.lon,
        worth.distance,
        max(worth.scale_km * taste.nearness, min(worth.least_km, worth.scale_km)),
        {
            "basin": ("basin", worth.basin * np.array(here)),
            "theme": ("themes", worth.theme * common),
            "offers": ("offers", worth.offers * answered),
            "sector": ("sector", worth.sector * _by_division(wish.affinity)),
            "text": ("sector", worth.text * _by_division(wish.likeness)),
            "size": ("size", worth.size * np.array(sizes)),
        },
        hidden=hidden,
    )


@dataclass(frozen=True, eq=False)
class _Field:
    firms: Sequence[Firm]
    words: Vocabulary
    basins: Mapping[str, int]
    searcher: Searcher

    def query(self, wish: Wish, worth: Worth, taste: Taste) -> Query:
        own, farthest = wish.project, worth.farthest_km
        hidden = [
            row
            for row, firm in enumerate(self.firms)
            if firm.key in wish.hidden or kilometres(own.lat, own.lon, firm.lat, firm.lon) > farthest
        ]
        return query(wish, worth, taste, self.words, list(self.basins), np.array(hidden, dtype=np.int32))

    def matches(self, wish: Wish, query: Query, best: Best, least: float) -> list[Match]:
        told = parts(self.searcher, query, best)
        found = []
        for place, row in enumerate(told.rows.tolist()):
            score = float(told.score[place])
            if score >= least:
                values = {name: float(of[place]) for name, of in told.values.items()}
                speaking = tuple(telling(told, place))
                key = self.firms[row].key
                found.append(Match(wish.project.name, key, score, float(told.km[place]), values, speaking))
        return found


def firms_for(wishes: Collection[Wish], firms: Collection[Firm], worth: Worth, k: int, most: int) -> list[Match]:
    """The best k firms of each project, no firm more than `most` times; by project, then by rank."""
    if not wishes or not firms:
        return []
    there = _field(firms)
    ordered = sorted(wishes, key=lambda wish: wish.project.name)
    asked = [there.query(wish, worth, wish.taste) for wish in ordered]
    lists = shared(there.searcher, asked, k, most).lists
    told = zip(ordered, asked, lists, strict=True)
    return [match for wish, query, best in told for match in there.matches(wish, query, best, worth.least)]


def projects_for(firm: Firm, wishes: Collection[Wish], worth: Worth, k: int, taste: Taste) -> list[Match]:
    """The best k projects of a firm, the best first; the taste is the firm's own."""
    there = _field([firm])
    ordered = sorted(wishes, key=lambda wish: wish.project.name)
    found = []
    for wish in ordered:
        query = there.query(wish, worth, taste)
        found += there.matches(wish, query, there.searcher.best(query, 1), worth.least)
    return sorted(found, key=lambda match: -match.score)[:k]


def _field(firms: Collection[Firm]) -> _Field:
    held = sorted(firms, key=lambda firm: firm.key)
    sizes, size = _coded([firm.size for firm in held])
    basins, basin = _coded([firm.basin for firm in held])
    themes, theme = _coded([firm.themes for firm in held])
    offers, offer = _coded([firm.offers for firm in held])
    words = Vocabulary(list(sizes), Sets(list(themes)), Sets(list(offers)))
    sector = [NO_DIVISION if firm.division is None else firm.division for firm in held]
    columns = {"sector": sector, "size": size, "themes": theme, "offers": offer, "basin": basin}
    made = Firms(
        np.array([firm.lat for firm in held]),
        np.array([firm.lon for firm in held]),
        {name: np.array(codes, dtype=np.int32) for name, codes in columns.items()},
        {**words.widths, "basin": len(basins)},
    )
    return _Field(held, words, basins, Searcher(build(made), made.widths))


def _coded[T](values: Sequence[T]) -> tuple[dict[T, int], list[int]]:
    codes: dict[T, int] = {}
    return codes, [codes.setdefault(value, len(codes)) for value in values]


def _kept(sets: Sets, words: frozenset[str], taste: Mapping[str, float]) -> Floats:
    """For each set, how many of these words it has, each counted for what it still is worth."""
    wanted = np.zeros(sets.held.shape[1])
    for word in words & sets.words.keys():
        wanted[sets.words[word]] = taste.get(word, 1.0)
    return np.asarray(sets.held @ wanted)


def _by_division(values: Mapping[int, float]) -> Floats:
    found = np.zeros(DIVISIONS + 1)
    for division, value in values.items():
        found[division] = value
    return found
