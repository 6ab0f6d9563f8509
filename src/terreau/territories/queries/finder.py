"""Finding a territory from what somebody types: an index held in memory, rebuilt when the reference data changes.

Forty thousand names are few: sorted words and sets answer in a millisecond or two, on any database, without an
extension that only one of them has. Words are compared without accents, case, hyphens or apostrophes; « St » is
« Saint »; any word may come first and the last one may be unfinished; codes and postal codes are words like others.
"""

import math
import re
import threading
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from terreau.territories.models import FormerCommune, Level, PostalCode, Source, Territory
from terreau.territories.queries.places import with_parents

SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
ARTICLES = ("le ", "la ", "les ", "l ")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
WEIGHT = {Level.BASIN: 2.0, Level.REGION: 0.5, Level.DEPARTEMENT: 0.5, Level.COMMUNE: 1.0, Level.ZONE: 0.0}
ENOUGH = 2000  # candidates weighed, the likeliest first: « s » alone has fifteen thousand
LAST = "\U0010ffff"


def plain(text: str) -> str:
    """`Saint-Étienne-d’Œuvre` → `saint etienne d oeuvre`."""
    lowered = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in lowered if not unicodedata.combining(c))))


def expanded(text: str) -> str:
    """The same with « St » written in full."""
    return " ".join(SHORT.get(word, word) for word in text.split())


def core(name: str) -> str:
    """A name without its article: « Le Havre » is found as « Havre »."""
    return next((name.removeprefix(a) for a in ARTICLES if name.startswith(a)), name)


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to name a territory. `alias` is the former name, where the match is to be explained."""

    territory: int
    level: str
    name: str
    core: str
    alias: str
    codes: tuple[str, ...]
    prior: float


class Index:
    """Entries by decreasing prior (level and population), and for each word the entries that hold it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted(entries, key=lambda e: -e.prior)
        postings: dict[str, list[int]] = defaultdict(list)
        named: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            for word in {*entry.name.split(), entry.name.replace(" ", ""), *entry.codes} - {""}:
                postings[word].append(number)
            named[entry.name].append(number)
        self.postings = dict(postings)
        self.named = dict(named)
        self.words = sorted(self.postings)

    def starting(self, word: str) -> set[int]:
        found: set[int] = set()
        for other in self.words[bisect_left(self.words, word) : bisect_left(self.words, word + LAST)]:
            found.update(self.postings[other])
        return found

    def holding(self, words: list[str]) -> set[int]:
        """The entries that hold every word, or a word that starts like it."""
        found: set[int] | None = None
        for word in sorted(words, key=len, reverse=True):
            here = self.starting(word)
            if full := SHORT.get(word):
                here |= set(self.postings.get(full, ()))
            found = here if found is None else found & here
            if not found:
                return set()
        return found or set()

    def find(self, text: str, levels: Collection[str] | None, limit: int) -> list[Entry]:
        """The best entries, one a territory."""
        typed = plain(text)
        if not typed:
            return []
        full, words = expanded(typed), set(expanded(typed).split())
        held = sorted(self.holding(typed.split()))[:ENOUGH] + self.named.get(full, [])
        ranked = []
        for number in held:
            entry = self.entries[number]
            if levels is None or entry.level in levels:
                ranked.append((exactness(entry, full, words), bool(entry.alias), number))
        best: dict[int, Entry] = {}
        for *_, number in sorted(ranked):
            entry = self.entries[number]
            best.setdefault(entry.territory, entry)
            if len(best) == limit:
                break
        return list(best.values())


def exactness(entry: Entry, full: str, words: set[str]) -> int:
    """0: the very name or code; 1: it starts so; 2: every word is there in full; 3: the rest."""
    if full == entry.name or full in entry.codes:
        return 0
    if entry.name.startswith(full) or entry.core.startswith(full):
        return 1
    return 2 if words <= set(entry.name.split()).union(entry.codes) else 3


def prior(level: str, population: int | None) -> float:
    return math.log10((population or 0) + 10) + WEIGHT.get(Level(level), -1.0)


def _entries() -> Iterator[Entry]:
    postal: dict[int, list[str]] = defaultdict(list)
    for commune, code in PostalCode.objects.values_list("commune_id", "code"):
        postal[commune].append(code)
    rows: dict[int, tuple[str, int | None]] = {}
    columns = ("pk", "level", "code", "name", "population")
    for pk, level, code, name, population in Territory.objects.filter(current=True).values_list(*columns):
        rows[pk] = level, population
        written = expanded(plain(name))
        codes = () if level == Level.REGION else (code.lower(), *postal.get(pk, ()))  # nobody types a région's code
        yield Entry(pk, level, written, core(written), "", codes, prior(level, population))
    for pk, code, name in FormerCommune.objects.exclude(name="").values_list("commune_id", "code", "name"):
        if pk in rows:
            level, population = rows[pk]
            written = expanded(plain(name))
            yield Entry(pk, level, written, core(written), name, (code.lower(),), prior(level, population))
    for pk, code in FormerCommune.objects.filter(name="").values_list("commune_id", "code"):
        if pk in rows:
            yield Entry(pk, rows[pk][0], "", "", code, (code.lower(),), 0.0)


_lock = threading.Lock()
_held: tuple[Any, Index] | None = None


def stamp() -> tuple[Any, ...]:
    """Changes when reference data is loaded or a basin is drawn or renamed, whichever process did it."""
    return (
        Source.objects.aggregate(Max("loaded_at")),
        Territory.objects.aggregate(Max("pk")),
        tuple(Territory.objects.filter(level=Level.BASIN).values_list("pk", "name")),
    )


def index() -> Index:
    """The index of this process, read again when the reference data has changed."""
    global _held  # noqa: PLW0603 - one index a process is the point
    now = stamp()
    held = _held
    if held and held[0] == now:
        return held[1]
    with _lock:
        if not (_held and _held[0] == now):
            _held = (now, Index(_entries()))
        return _held[1]


def forget() -> None:
    """Drop the index; the next search reads it again."""
    global _held  # noqa: PLW0603 - as above
    _held = None


def search(text: str, levels: Collection[str] | None = None, limit: int = 10) -> list[Territory]:
    """The territories that best answer what was typed, best first; `found_as` is the former name that matched."""
    entries = index().find(text, levels, limit)
    rows = with_parents().in_bulk([e.territory for e in entries])
    found = []
    for entry in entries:
        if territory := rows.get(entry.territory):
            territory.found_as = entry.alias
            found.append(territory)
    return found
