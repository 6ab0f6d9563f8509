"""Scores brought to one scale: what each file is worth once jurors' severity, spread and noise are taken off."""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from terreau.methods.scoring import graph
from terreau.methods.scoring.jurors import doubt_of_gains, gains, noises
from terreau.methods.scoring.large import CELLS, DENSE_JURORS
from terreau.methods.scoring.mixed_model import Design
from terreau.methods.scoring.posterior import Posterior, Variances, posterior
from terreau.methods.scoring.ranks import competition_ranks, rank_intervals
from terreau.methods.scoring.reviews import Floats, Ints, Reviews, gather, merge_criteria
from terreau.methods.scoring.variance import Estimate

ENOUGH_FOR_GAIN = 15  # readings a juror, on average, below which no slope is fitted
DENSE = 6000  # files up to which the covariance is given whole
DRAWS = 1000  # for the intervals of ranks; fewer where files are many, never below 200
DRAWN = 5_000_000  # numbers drawn at most beyond those 200 draws


@dataclass(frozen=True, eq=False)
class Calibration:
    """What `calibrate` finds; n files, m jurors, arrays by number. Points are those of the scores given.

    mean, sd: the quality of each file as the average juror would score it, and how far it may be off.
    rank: 1 for the best, among the files of its part; 0 where unread. rank_low, rank_high: interval at `level`.
    raw: mean of the scores received (NaN where unread). reviews: opinions received.
    juror_bias: points above (lenient) or below (severe) the average juror, juror_bias_sd how far that may be
    off, at the likeliest variances; juror_noise: sd of one reading, shrunk;
    slopes: points given for a point of quality, 1 where `has_gain` is false.
    components: part of each file in the graph of who read what, -1 where unread; files of different parts cannot be
    compared. bridges: files that alone hold a part together. The posterior covariance is diag(own) + shared shared'.
    """

    mean: Floats
    sd: Floats
    rank: Ints
    rank_low: Ints
    rank_high: Ints
    raw: Floats
    reviews: Ints
    juror_bias: Floats
    juror_bias_sd: Floats
    juror_noise: Floats
    juror_reviews: Ints
    slopes: Floats
    has_gain: bool
    components: Ints
    juror_components: Ints
    bridges: Ints
    variances: Variances
    level: float
    own: Floats = field(repr=False)
    shared: Floats = field(repr=False)

    @property
    def unread(self) -> Ints:
        """Files without any review: their mean is the prior's."""
        return np.flatnonzero(self.reviews == 0).astype(np.int64)

    @property
    def connected(self) -> bool:
        """Whether all that was read can be compared."""
        return int(self.components.max(initial=0)) == 0

    @property
    def covariance(self) -> Floats:
        """(n, n) posterior covariance, points squared. ValueError above 6 000 files: use `draw`."""
        if len(self.mean) > DENSE:
            raise ValueError(f"The covariance of {len(self.mean)} files is not given whole.")
        return np.asarray(np.diag(self.own) + self.shared @ self.shared.T)

    def draw(self, count: int, seed: int = 0) -> Floats:
        """(count, n) qualities drawn from the posterior, points."""
        return _draw(self.mean, self.own, self.shared, count, seed)


def calibrate(  # noqa: PLR0913 - the columns of the table, then the options by name
    file: Ints,
    juror: Ints,
    score: Floats,
    *,
    files: int,
    jurors: int,
    criterion: Ints | None = None,
    weights: Floats | None = None,
    gain: Literal["auto"] | bool = "auto",
    estimate: Estimate = "integrated",
    variances: Variances | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Calibration:
    """Posterior of the quality of each file under score = mean + quality + juror's bias + noise.

    file, juror, score: (r,) numbers and points, one line a reading; with `criterion` (r,), one line a criterion,
    weighted by `weights` (c,) or evenly. gain: also fit a slope a juror ("auto": from 15 readings a juror on average).
    estimate: variance components integrated over their posterior (default), or at their REML or ML value; `variances`
    gives them instead. BadReviews where the table cannot be read so. Best linear prediction: Henderson (1975); the
    same model as a Gaussian process: Lawrence, NIPS 2014.
    """
    if criterion is not None:
        w = np.ones(int(criterion.max(initial=0)) + 1) if weights is None else weights
        file, juror, score = merge_criteria(file, juror, score, criterion, w, files=files, jurors=jurors)
    reviews = gather(file, juror, score, files=files, jurors=jurors)
    has_gain = _fits_gain(reviews, gain)
    slopes, doubt = gains(reviews, np.ones(jurors)) if has_gain else (np.ones(jurors), np.zeros(jurors))
    found = posterior(Design.of(reviews, slopes), estimate, variances)
    if has_gain:
        more = doubt_of_gains(reviews, found.likeliest, slopes, doubt)
        found = replace(found, shared=np.concatenate([found.shared, more], axis=1))
    mean = found.mean + found.quality
    part, juror_part = graph.parts(reviews)
    rank, low, high = _ranks(mean, found, part, level, seed)
    with np.errstate(invalid="ignore"):
        raw = np.bincount(reviews.file, reviews.score, minlength=files) / reviews.counts
    return Calibration(
        mean=mean,
        sd=np.sqrt(found.own + (found.shared**2).sum(axis=1)),
        rank=rank,
        rank_low=low,
        rank_high=high,
        raw=raw,
        reviews=reviews.counts,
        juror_bias=found.bias,
        juror_bias_sd=np.sqrt(found.likeliest.bias_variance),
        juror_noise=noises(reviews, found.likeliest, slopes),
        juror_reviews=np.bincount(reviews.juror, minlength=jurors),
        slopes=slopes,
        has_gain=has_gain,
        components=part,
        juror_components=juror_part,
        bridges=graph.bridges(reviews),
        variances=found.variances,
        level=level,
        own=found.own,
        shared=found.shared,
    )


def _fits_gain(reviews: Reviews, gain: Literal["auto"] | bool) -> bool:
    if gain == "auto":
        gain = len(reviews.score) >= ENOUGH_FOR_GAIN * len(np.unique(reviews.juror))
    if len(reviews.counts) * (reviews.jurors + 1) > CELLS or reviews.jurors > DENSE_JURORS:
        return False
    return bool(gain) and float(np.ptp(reviews.score)) > 0 and len(reviews.score) > 2


def _ranks(mean: Floats, found: Posterior, part: Ints, level: float, seed: int) -> tuple[Ints, Ints, Ints]:
    """Ranks and their intervals among the files of each part; 0 where unread."""
    rank, low, high = (np.zeros(len(mean), dtype=np.int64) for _ in range(3))
    draws = _draw(mean, found.own, found.shared, int(np.clip(DRAWN // len(mean), 200, DRAWS)), seed)
    for k in range(int(part.max()) + 1):
        mine = np.flatnonzero(part == k)
        rank[mine] = competition_ranks(mean[mine], float(np.abs(mean).max()))
        low[mine], high[mine] = 1, len(mine)
        if found.variances.noise > 0:
            low[mine], high[mine] = rank_intervals(draws[:, mine], level)
    return rank, np.minimum(low, rank), np.maximum(high, rank)


def _draw(mean: Floats, own: Floats, shared: Floats, count: int, seed: int) -> Floats:
    generator = np.random.default_rng(seed)
    common = generator.standard_normal((count, shared.shape[1])) @ shared.T
    common += generator.standard_normal((count, len(mean))) * np.sqrt(own)
    common += mean
    return common
