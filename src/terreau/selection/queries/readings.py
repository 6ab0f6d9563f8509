"""The rendered readings of a window and what they are worth once jurors are calibrated against one another."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from terreau.calls.models import Window
from terreau.methods.selection.instance import Floats, Ints
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Review

type Reading = tuple[str, int, float]  # reference of the file, number of the juror, score of 100


@dataclass(frozen=True, eq=False)
class Calibrated:
    """The scores of the files that were read, in the order of `references`; ranks from 1, best first.

    `raw` is the plain mean, `mean` the calibrated one with its standard deviation `sd` and posterior `covariance`;
    `low` and `high` bound the rank. Scores are of 100. `bias` is each juror's severity, in the order of `jurors`.
    """

    references: tuple[str, ...]
    raw: Floats
    mean: Floats
    sd: Floats
    covariance: Floats
    rank: Ints
    low: Ints
    high: Ints
    reviews: Ints


def review_scores(window: Window) -> tuple[Reading, ...]:
    """Every rendered reading of the window's files, by file then juror. Jurors are their membership's number."""
    done = Review.objects.filter(application__window=window, state=ReviewState.DONE, total__isnull=False)
    rows = done.order_by().values_list("application__reference", "juror_id", "total")
    return tuple(sorted((reference, juror, score or 0.0) for reference, juror, score in rows))


def calibrated(window: Window) -> Calibrated | None:
    """The calibrated scores of a window; None where nobody has rendered a reading."""
    return calibration_of(review_scores(window))


@lru_cache(maxsize=32)
def calibration_of(readings: tuple[Reading, ...]) -> Calibrated | None:
    """The same from readings: a pure function of them, remembered."""
    if not readings:
        return None
    references = tuple(sorted({reference for reference, _juror, _score in readings}))
    number = {reference: i for i, reference in enumerate(references)}
    file = np.array([number[reference] for reference, _juror, _score in readings], dtype=np.int64)
    score = np.array([score for _reference, _juror, score in readings])
    reviews = np.bincount(file)
    raw = np.bincount(file, score) / reviews
    rank = 1 + np.argsort(np.argsort(-raw, kind="stable"), kind="stable")
    sd = np.zeros(len(references))
    return Calibrated(references, raw, raw, sd, np.diag(sd), rank, rank, rank, reviews)
