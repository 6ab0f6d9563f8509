"""The question put to the assignment: files, jurors, how well they fit, who may not read what. Plain arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Affinity = NDArray[np.float32]
type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Need:
    """Each of `files` is read by at least `least` of `jurors` (one of the region; one from outside). Numbers."""

    name: str
    files: tuple[int, ...]
    jurors: tuple[int, ...]
    least: int = 1


@dataclass(frozen=True, eq=False)
class Instance:
    """f files, j jurors; arrays in their order, `files` and `jurors` being unique names.

    affinity (f, j) float32: how well each juror fits each file, any finite number, more is better.
    forbidden (f, j) bool: conflicts of interest. reviews: how many distinct jurors a file gets, one for all or (f,).
    load (j,): the most files that a juror reads; least (j,): the fewest (0 where absent).
    needs: kinds of jurors that a file must have. pair_limit: no two jurors read more than this many files together.
    """

    files: tuple[str, ...]
    jurors: tuple[str, ...]
    affinity: Affinity
    forbidden: Flags
    reviews: int | Ints
    load: Ints
    least: Ints | None = None
    needs: tuple[Need, ...] = ()
    pair_limit: int | None = None

    @property
    def places(self) -> Ints:
        """How many jurors each file gets (f,)."""
        return np.broadcast_to(np.asarray(self.reviews, dtype=np.int64), len(self.files)).copy()

    @property
    def floors(self) -> Ints:
        """How many files each juror must read at the least (j,)."""
        return np.zeros(len(self.jurors), dtype=np.int64) if self.least is None else self.least


class BadInstance(ValueError):  # noqa: N818 - named after what it is
    """The question cannot be put; `problems` holds one (subject, code, value) for each thing wrong."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__("; ".join(f"{subject}: {code} {value}".strip() for subject, code, value in problems))
        self.problems = list(problems)


def check(it: Instance) -> None:
    """BadInstance where something is wrong, with everything that is."""
    problems = [*_of_names(it), *_of_shapes(it)]
    if not problems:
        problems = [*_of_values(it), *_of_needs(it)]
    if problems:
        raise BadInstance(problems)


def notices(it: Instance) -> list[tuple[str, str, str]]:
    """(subject, code, value) for what is odd and still allowed: jurors who may read nothing."""
    free = (~it.forbidden).any(axis=0) & (it.load > 0)
    return [(it.jurors[j], "reads-nothing", "") for j in np.flatnonzero(~free)]


def _of_names(it: Instance) -> Iterable[tuple[str, str, str]]:
    for kind, names in (("files", it.files), ("jurors", it.jurors)):
        if not names:
            yield kind, "none", ""
        seen: set[str] = set()
        for name in names:
            if name in seen:
                yield name, "duplicate-id", kind
            seen.add(name)


def _of_shapes(it: Instance) -> Iterable[tuple[str, str, str]]:
    both = (len(it.files), len(it.jurors))
    reviews = np.asarray(it.reviews)
    for name, shape, wanted in (
        ("affinity", it.affinity.shape, both),
        ("forbidden", it.forbidden.shape, both),
        ("load", it.load.shape, both[1:]),
        ("least", it.floors.shape, both[1:]),
        ("reviews", reviews.shape, both[:1] if reviews.ndim else ()),
    ):
        if shape != wanted:
            yield name, "wrong-shape", f"{shape} ≠ {wanted}"


def _of_values(it: Instance) -> Iterable[tuple[str, str, str]]:
    extremes = (it.affinity.max(initial=0), it.affinity.min(initial=0))  # not finite where any is not
    for f in [] if np.isfinite(extremes).all() else np.flatnonzero(~np.isfinite(it.affinity).all(axis=1)):
        for j in np.flatnonzero(~np.isfinite(it.affinity[f])):
            yield it.files[f], "affinity-not-finite", it.jurors[j]
    places = it.places
    yield from ((it.files[f], "reviews-negative", str(places[f])) for f in np.flatnonzero(places < 0))
    for f in np.flatnonzero(places > len(it.jurors)):
        yield it.files[f], "more-reviews-than-jurors", str(places[f])
    yield from ((it.jurors[j], "load-negative", str(it.load[j])) for j in np.flatnonzero(it.load < 0))
    for j in np.flatnonzero((it.floors < 0) | (it.floors > np.maximum(it.load, 0))):
        yield it.jurors[j], "least-out-of-bounds", str(it.floors[j])


def _of_needs(it: Instance) -> Iterable[tuple[str, str, str]]:
    for need in it.needs:
        if need.least < 0:
            yield need.name, "need-negative", str(need.least)
        for kind, numbers, count in (("file", need.files, len(it.files)), ("juror", need.jurors, len(it.jurors))):
            for number in numbers:
                if not 0 <= number < count:
                    yield need.name, f"unknown-{kind}", str(number)
    if it.pair_limit is not None and it.pair_limit < 0:
        yield "pairs", "pair-limit-negative", str(it.pair_limit)
