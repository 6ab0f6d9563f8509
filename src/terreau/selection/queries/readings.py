"""The rendered readings of a window and what they are worth once jurors are calibrated against one another."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from terreau.calls.models import Window
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Review

if TYPE_CHECKING:
    from terreau.methods.scoring.calibration import Calibration

type Reading = tuple[str, int, float]  # reference of the file, number of the juror, score of 100


@dataclass(frozen=True, eq=False)
class Calibrated:
    """The scores of the files that were read, in the order of `references`, of 100; jurors in the order of `jurors`."""

    references: tuple[str, ...]
    jurors: tuple[int, ...]
    scores: "Calibration"


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
    from terreau.methods.scoring.calibration import calibrate

    if not readings:
        return None
    references = tuple(sorted({reference for reference, _juror, _score in readings}))
    jurors = tuple(sorted({juror for _reference, juror, _score in readings}))
    file, person = ({name: n for n, name in enumerate(names)} for names in (references, jurors))
    scores = calibrate(
        np.array([file[reference] for reference, _juror, _score in readings], dtype=np.int64),
        np.array([person[juror] for _reference, juror, _score in readings], dtype=np.int64),
        np.array([score for _reference, _juror, score in readings], dtype=np.float64),
        files=len(references),
        jurors=len(jurors),
    )
    return Calibrated(references, jurors, scores)
