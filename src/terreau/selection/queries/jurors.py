"""What the calibration tells of the jurors, for the chair alone, and of each file beside its raw score."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from terreau.accounts.models import Membership
from terreau.calls.models import Window
from terreau.methods.scoring.ranks import competition_ranks
from terreau.projects.models import Application
from terreau.selection.queries.readings import Calibrated, calibrated

NORMAL = 1.96  # half a 95 % interval, in standard deviations
FEW = 5  # readings below which nothing is said of a juror's consistency
STEADY, SCATTERED = 0.8, 1.25  # of the panel's own noise


@dataclass(frozen=True)
class JurorScale:
    """How one juror scores beside the others. Points of 100; `bias` is negative for a severe juror."""

    juror: Membership
    readings: int
    bias: float
    margin: float
    noise: float
    panel: float
    part: int

    @property
    def severity(self) -> Literal["severe", "lenient", "usual"]:
        """Said only where the whole interval is on one side."""
        if self.bias + self.margin < 0:
            return "severe"
        return "lenient" if self.bias - self.margin > 0 else "usual"

    @property
    def consistency(self) -> Literal["few", "steady", "scattered", "usual"]:
        if self.readings < FEW or not self.panel:
            return "few"
        share = self.noise / self.panel
        return "steady" if share < STEADY else "scattered" if share > SCATTERED else "usual"


@dataclass(frozen=True)
class FileScale:
    """A file's raw and calibrated score side by side, with their ranks among the files that can be compared."""

    application: Application
    readings: int
    raw: float
    raw_rank: int
    mean: float
    margin: float
    rank: int
    low: int
    high: int
    part: int

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % interval, kept within 0-100."""
        return max(0.0, self.mean - self.margin), min(100.0, self.mean + self.margin)


@dataclass(frozen=True)
class Part:
    """Files and jurors that readings link to one another; another part cannot be compared with them."""

    number: int
    files: int
    jurors: tuple[str, ...]


@dataclass(frozen=True)
class JuryReport:
    """The calibration of a window in words' reach. `bridges`: files that alone hold a part together."""

    jurors: tuple[JurorScale, ...]
    files: tuple[FileScale, ...]
    parts: tuple[Part, ...]
    bridges: tuple[str, ...]
    noise: float
    spread: float

    @property
    def connected(self) -> bool:
        return len(self.parts) <= 1


def jury_report(window: Window, hidden: frozenset[int] | set[int] = frozenset()) -> JuryReport | None:
    """Jurors from the severest, files from the best; without the files `hidden`. None where nothing was rendered."""
    found = calibrated(window)
    if found is None:
        return None
    people = Membership.objects.select_related("user").in_bulk(found.jurors)
    files = Application.objects.filter(window=window, reference__in=found.references).exclude(pk__in=hidden)
    known = {file.reference: file for file in files.select_related("holder").defer("summary")}
    scores = found.scores
    jurors = _jurors(found, people)
    return JuryReport(
        jurors=tuple(sorted(jurors, key=lambda one: (one.bias, one.juror.pk))),
        files=tuple(sorted(_files(found, known), key=lambda one: (one.part, one.rank, one.application.reference))),
        parts=_parts(found, jurors),
        bridges=tuple(r for n in scores.bridges.tolist() if (r := found.references[n]) in known),
        noise=float(scores.variances.noise) ** 0.5,
        spread=float(scores.variances.juror) ** 0.5,
    )


def _jurors(found: Calibrated, people: dict[int, Membership]) -> list[JurorScale]:
    s, panel = found.scores, float(found.scores.variances.noise) ** 0.5
    return [
        JurorScale(
            people[pk],
            int(s.juror_reviews[n]),
            float(s.juror_bias[n]),
            NORMAL * float(s.juror_bias_sd[n]),
            float(s.juror_noise[n]),
            panel,
            int(s.juror_components[n]),
        )
        for n, pk in enumerate(found.jurors)
    ]


def _files(found: Calibrated, known: dict[str, Application]) -> list[FileScale]:
    s, raw_rank = found.scores, np.zeros(len(found.references), dtype=np.int64)
    for part in range(int(s.components.max(initial=0)) + 1):
        mine = np.flatnonzero(s.components == part)
        raw_rank[mine] = competition_ranks(s.raw[mine], 100.0)
    return [
        FileScale(
            known[reference],
            int(s.reviews[n]),
            float(s.raw[n]),
            int(raw_rank[n]),
            float(s.mean[n]),
            NORMAL * float(s.sd[n]),
            int(s.rank[n]),
            int(s.rank_low[n]),
            int(s.rank_high[n]),
            int(s.components[n]),
        )
        for n, reference in enumerate(found.references)
        if reference in known
    ]


def _parts(found: Calibrated, jurors: list[JurorScale]) -> tuple[Part, ...]:
    files = np.bincount(found.scores.components)
    return tuple(
        Part(n + 1, int(count), tuple(sorted(str(one.juror.user) for one in jurors if one.part == n)))
        for n, count in enumerate(files)
    )
