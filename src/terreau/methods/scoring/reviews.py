"""The reviews, one opinion a juror and a file, sorted by file: what the calibration works on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


class BadReviews(ValueError):  # noqa: N818 - named after what it is
    """The scores cannot be calibrated: what is wrong, in a code, and the place of the first fault (or -1)."""

    def __init__(self, code: str, place: int = -1) -> None:
        super().__init__(f"{code} at {place}" if place >= 0 else code)
        self.code = code
        self.place = place


@dataclass(frozen=True, eq=False)
class Reviews:
    """R opinions on n files by m jurors. Those of file i are `indptr[i]:indptr[i + 1]`; `score` is in points."""

    indptr: Ints  # (n + 1,)
    juror: Ints  # (R,)
    score: Floats  # (R,)
    jurors: int

    @property
    def files(self) -> int:
        return len(self.indptr) - 1

    @property
    def file(self) -> Ints:
        """(R,) the file of each opinion."""
        return np.repeat(np.arange(self.files), self.counts)

    @property
    def counts(self) -> Ints:
        """(n,) the opinions on each file."""
        return np.diff(self.indptr)


def gather(file: Ints, juror: Ints, score: Floats, *, files: int, jurors: int) -> Reviews:
    """Sort single opinions by file, then juror. BadReviews: see `check`, and `duplicate`."""
    check(file, juror, score, files, jurors)
    order = np.lexsort((juror, file))
    file, juror, score = file[order], juror[order], score[order]
    same = np.flatnonzero((np.diff(file) == 0) & (np.diff(juror) == 0))
    if len(same):
        raise BadReviews("duplicate", int(max(order[same[0]], order[same[0] + 1])))
    indptr = np.searchsorted(file, np.arange(files + 1)).astype(np.int64)
    return Reviews(indptr, juror, score, jurors)


def check(file: Ints, juror: Ints, score: Floats, files: int, jurors: int) -> None:
    """BadReviews with `empty`, `lengths`, `unknown-file`, `unknown-juror` or `not-finite`."""
    if not len(score):
        raise BadReviews("empty")
    if not len(file) == len(juror) == len(score):
        raise BadReviews("lengths")
    for code, wrong in (
        ("unknown-file", (file < 0) | (file >= files)),
        ("unknown-juror", (juror < 0) | (juror >= jurors)),
        ("not-finite", ~np.isfinite(score)),
    ):
        if wrong.any():
            raise BadReviews(code, int(np.flatnonzero(wrong)[0]))


def merge_criteria(
    file: Ints, juror: Ints, score: Floats, criterion: Ints, weights: Floats, *, files: int, jurors: int
) -> tuple[Ints, Ints, Floats]:
    """One opinion a juror and a file: the weighted mean of the criteria that they scored.

    A criterion left out is made up for: every score is first brought to the level of its criterion among those who
    scored several (least squares on opinion + criterion), so that skipping the hardest criterion gains nothing. Where
    everybody scored everything this is the plain weighted mean. BadReviews: `duplicate`, `bad-weights`.
    """
    check(file, juror, score, files, jurors)
    if (criterion < 0).any() or (criterion >= len(weights)).any():
        raise BadReviews("unknown-criterion")
    if not np.isfinite(weights).all() or (weights <= 0).any():
        raise BadReviews("bad-weights")
    pair = file * jurors + juror
    keys, opinion = np.unique(pair, return_inverse=True)
    cell = opinion * len(weights) + criterion
    first = np.unique(cell, return_index=True)[1]
    if len(first) < len(cell):
        raise BadReviews("duplicate", int(np.setdiff1d(np.arange(len(cell)), first)[0]))
    level = _criterion_levels(opinion, criterion, score, len(weights))
    level = level - np.average(level, weights=weights)
    w = weights[criterion]
    total = np.bincount(opinion, w * (score - level[criterion])) / np.bincount(opinion, w)
    return keys // jurors, keys % jurors, total


def _criterion_levels(opinion: Ints, criterion: Ints, score: Floats, count: int) -> Floats:
    """(c,) least-squares criterion effects beside opinion effects; least norm where nothing links them."""
    size = np.bincount(opinion)
    cross = np.zeros((count, count))
    present = np.zeros((len(size), count))
    present[opinion, criterion] = 1.0
    cross = np.diag(present.sum(axis=0)) - present.T @ (present / size[:, None])
    mean = np.bincount(opinion, score) / size
    right = np.bincount(criterion, score - mean[opinion], minlength=count)
    return np.asarray(np.linalg.lstsq(cross, right, rcond=1e-9)[0])
