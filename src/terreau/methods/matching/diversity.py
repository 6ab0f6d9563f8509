"""Not the same ten firms everywhere: each firm is proposed to `most` projects at the most, those that it fits best.

The rule is deferred acceptance (Gale & Shapley 1962). Projects propose down their lists; a firm that is asked too often
keeps the projects with the highest scores (then the first identifier) and sends the others further down. The answer is
stable: whoever a project misses serves `most` projects that suit it better. It is also the best that any stable answer
gives to every project, and does not depend on the order in which projects are taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from terreau.methods.matching.firms import Query
from terreau.methods.matching.search import Best, Searcher

AHEAD = 2  # how many times longer than needed the first lists are


@dataclass(frozen=True, eq=False)
class Shared:
    """The lists under the rule, and what the rule costs: sums of scores without it (no list can give more) and with."""

    lists: list[Best]
    plain_total: float
    total: float

    @property
    def cost(self) -> float:
        """Share of the plain total that is given up."""
        return 1 - self.total / self.plain_total if self.plain_total > 0 else 0.0


def shared(searcher: Searcher, queries: Sequence[Query], k: int, most: int, threads: int = 1) -> Shared:
    """K firms a project, no firm more than `most` times; queries in the order of the projects' identifiers."""
    books = list(searcher.best_of_all(queries, AHEAD * k, threads))
    plain = sum(int(book.units[:k].sum()) for book in books)
    holders: dict[int, list[tuple[int, int]]] = {}  # firm → (score, −project) of those it keeps
    spot, held = [0] * len(books), [0] * len(books)
    waiting = list(range(len(books)))[::-1]
    while waiting:
        p = waiting.pop()
        while held[p] < k and _reachable(searcher, queries, books, p, spot[p]):
            firm, units = int(books[p].rows[spot[p]]), int(books[p].units[spot[p]])
            spot[p] += 1
            held[p] += 1
            loser = _ask(holders.setdefault(firm, []), (units, -p), most)
            if loser is not None:
                held[-loser[1]] -= 1
                if -loser[1] != p:
                    waiting.append(-loser[1])
    lists = [_kept(book, holders, p) for p, book in enumerate(books)]
    return Shared(lists, plain / 1e12, sum(int(one.units.sum()) for one in lists) / 1e12)


def _ask(kept: list[tuple[int, int]], offer: tuple[int, int], most: int) -> tuple[int, int] | None:
    """The offer that the firm lets go, if any."""
    kept.append(offer)
    if len(kept) <= most:
        return None
    worst = min(kept)
    kept.remove(worst)
    return worst


def _reachable(searcher: Searcher, queries: Sequence[Query], books: list[Best], p: int, spot: int) -> bool:
    """Whether the list goes that far; twice as much of it is read where it does not."""
    if spot < len(books[p].rows):
        return True
    longer = searcher.best(queries[p], max(2 * spot, 1))
    if len(longer.rows) == spot:
        return False
    books[p] = longer
    return True


def _kept(book: Best, holders: dict[int, list[tuple[int, int]]], p: int) -> Best:
    mine = np.array([any(-q == p for _, q in holders.get(int(row), ())) for row in book.rows], dtype=bool)
    return replace(book, rows=book.rows[mine], spots=book.spots[mine], units=book.units[mine])
