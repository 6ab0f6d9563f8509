"""Whether every file can have its readings at all, by augmenting paths; if not, which files ask for too much (Hall)."""

from typing import NamedTuple

import numba as nb
import numpy as np

from terreau.methods.assignment.instance import Flags, Ints
from terreau.methods.assignment.outcome import Conflict


class Seats(NamedTuple):
    """given (f, j): who reads what. has (f,), reads (j,): how many each. who (j, s): the files of each juror.

    from_juror (f,), from_file (j,): the search's parents, −1 at its root, −2 where it has not been. queue (f,).
    """

    given: Flags
    has: Ints
    reads: Ints
    who: Ints
    from_juror: Ints
    from_file: Ints
    queue: Ints


def _empty(files: int, jurors: int, load: Ints) -> Seats:
    widest = max(int(load.max(initial=0)), 1)
    return Seats(
        np.zeros((files, jurors), dtype=np.bool_),
        np.zeros(files, dtype=np.int64),
        np.zeros(jurors, dtype=np.int64),
        np.full((jurors, widest), -1, dtype=np.int64),
        np.full(files, -2, dtype=np.int64),
        np.full(jurors, -2, dtype=np.int64),
        np.full(files, -2, dtype=np.int64),
    )


@nb.njit(cache=True)
def _give(seats: Seats, f: int, j: int) -> None:
    seats.given[f, j] = True
    seats.who[j, seats.reads[j]] = f
    seats.reads[j] += 1


@nb.njit(cache=True)
def _take_back(seats: Seats, f: int, j: int) -> None:
    seats.given[f, j] = False
    seats.reads[j] -= 1
    last = seats.reads[j]
    for i in range(last + 1):
        if seats.who[j, i] == f:
            seats.who[j, i] = seats.who[j, last]
            return


@nb.njit(cache=True)
def _settle(seats: Seats, f: int, j: int) -> None:
    """Along the chain that the search found: each file takes the juror before it."""
    while True:
        lost = seats.from_juror[f]
        if lost >= 0:
            _take_back(seats, f, lost)
        _give(seats, f, j)
        if lost < 0:
            return
        j, f = lost, seats.from_file[lost]


@nb.njit(cache=True)
def _place(barred: Flags, load: Ints, seats: Seats, root: int) -> bool:
    """One more juror for a file, others changing theirs if need be; False leaves the marks of the search."""
    seats.from_juror[:] = -2
    seats.from_file[:] = -2
    seats.from_juror[root] = -1
    seats.queue[0] = root
    head, tail = 0, 1
    while head < tail:
        f = seats.queue[head]
        head += 1
        for j in range(len(load)):
            if barred[f, j] or seats.given[f, j] or seats.from_file[j] != -2:
                continue
            seats.from_file[j] = f
            if seats.reads[j] < load[j]:
                _settle(seats, f, j)
                return True
            for i in range(seats.reads[j]):
                other = seats.who[j, i]
                if seats.from_juror[other] == -2:
                    seats.from_juror[other] = j
                    seats.queue[tail] = other
                    tail += 1
    return False


@nb.njit(cache=True)
def _greedily(barred: Flags, load: Ints, seats: Seats, f: int, wanted: int) -> None:
    """Free places first, from a juror of its own on, so that the first jurors do not fill up."""
    jurors = len(load)
    for i in range(jurors):
        j = (f * 7 + i) % jurors
        if seats.has[f] == wanted:
            return
        if not barred[f, j] and seats.reads[j] < load[j]:
            _give(seats, f, j)
            seats.has[f] += 1


@nb.njit(cache=True)
def _fill(barred: Flags, places: Ints, load: Ints, order: Ints, seats: Seats) -> int:
    """Gives each file of `order` its places; the first that cannot have them, or −1."""
    for f in order:
        _greedily(barred, load, seats, f, places[f])
    for f in order:
        while seats.has[f] < places[f]:
            if not _place(barred, load, seats, f):
                return int(f)
            seats.has[f] += 1
    return -1


def _try(barred: Flags, places: Ints, load: Ints, files: Ints) -> tuple[int, Seats]:
    cut = np.minimum(load, len(places))
    seats = _empty(barred.shape[0], barred.shape[1], cut)
    return int(_fill(barred, places, cut, files, seats)), seats


def complete(barred: Flags, places: Ints, load: Ints) -> Ints | None:
    """Pairs (file, juror) of some assignment where every file has its places, or None where there is none."""
    stuck, seats = _try(barred, places, load, np.arange(len(places)))
    return np.argwhere(seats.given) if stuck < 0 else None


def too_much(barred: Flags, places: Ints, load: Ints) -> Ints:
    """A smallest set of files (no fewer of them would conflict) that cannot all have their places; empty if none."""
    stuck, seats = _try(barred, places, load, np.arange(len(places)))
    if stuck < 0:
        return np.empty(0, dtype=np.int64)
    files = np.flatnonzero(seats.from_juror != -2)
    size = len(files)
    while size:
        size = (size + 1) // 2 if size > 1 else size
        files = _without_chunks(barred, places, load, files, size)
        if size == 1:
            return files
    return files


def _without_chunks(barred: Flags, places: Ints, load: Ints, files: Ints, size: int) -> Ints:
    """Drops every run of `size` files that the conflict does not need."""
    at = 0
    while at < len(files):
        rest = np.concatenate([files[:at], files[at + size :]])
        rows = barred[rest]
        if len(rest) and _try(rows, places[rest], load, np.arange(len(rest)))[0] >= 0:
            files = rest
        else:
            at += size
    return files


def conflict(barred: Flags, places: Ints, load: Ints, names: tuple[tuple[str, ...], tuple[str, ...]]) -> Conflict:
    """The words of `too_much`: the files, the jurors who may read them, what is asked for and what can be had."""
    files = too_much(barred, places, load)
    open_to = (~barred[files]).sum(axis=0)
    reachable = _most(barred[files], places[files], load)
    jurors = np.flatnonzero((open_to > 0) & (load > 0))
    wanted = int(places[files].sum())
    return Conflict(tuple(names[0][f] for f in files), tuple(names[1][j] for j in jurors), wanted, reachable)


def _most(barred: Flags, places: Ints, load: Ints) -> int:
    """How many of the places can be filled at once."""
    places = places.copy()
    while True:
        stuck, seats = _try(barred, places, load, np.arange(len(places)))
        if stuck < 0:
            return int(places.sum())
        places[stuck] = seats.has[stuck]
