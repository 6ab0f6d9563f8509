"""What is particular to each juror beyond severity: gain (spread of their scores) and noise, both shrunk."""

from dataclasses import dataclass

import numpy as np

from terreau.methods.scoring.mixed_model import Design, Solution, solve
from terreau.methods.scoring.reviews import Floats, Reviews
from terreau.methods.scoring.variance import ratios

PRIOR_READINGS = 10.0  # the panel's noise counts as many readings as this in each juror's own
ROUNDS, STEPS = 3, 8


@dataclass(frozen=True, eq=False)
class Moments:
    """Posterior moments of each review's parts: quality of its file, level (mean + bias) of its juror."""

    quality: Floats  # (R,)
    quality_square: Floats  # (R,) second moment
    product: Floats  # (R,) of (score - level) and quality
    residual_square: Floats  # (R,) second moment of the residual, points squared


def moments(reviews: Reviews, solution: Solution, loading: Floats) -> Moments:
    """Second moments carry the posterior variances, so that nothing estimated passes for known."""
    file, juror = reviews.file, reviews.juror
    a = loading[juror]
    u = solution.quality[file]
    variance = (solution.own + (solution.shared**2).sum(axis=1))[file]
    rest = reviews.score - solution.mean - solution.bias[juror]
    spread = solution.level_variance[juror] + a**2 * variance + 2 * a * solution.cross
    return Moments(u, u**2 + variance, rest * u - solution.cross, (rest - a * u) ** 2 + spread)


def gains(reviews: Reviews, weight: Floats) -> tuple[Floats, Floats]:
    """(m,) the slope of each juror, mean 1: how many points they give for one point of quality; its posterior sd.

    Expectation-maximisation with a normal prior about 1, whose variance is estimated with them; the variance ratios
    follow. The linear case of the reviewer model of Ge, Welling and Ghahramani (2013).
    """
    m = reviews.jurors
    gain, spread, information = np.ones(m), 0.04, np.ones(m)
    for _ in range(ROUNDS):
        p, q = ratios(Design.of(reviews, gain, weight), restricted=True)
        for _ in range(STEPS):
            solution = solve(Design.of(reviews, gain, weight), p, q)
            found = moments(reviews, solution, gain)
            w = weight[reviews.juror] / solution.noise
            held = 1 / max(spread, 1e-6)
            information = np.bincount(reviews.juror, w * found.quality_square, minlength=m) + held
            gain = (np.bincount(reviews.juror, w * found.product, minlength=m) + held) / information
            gain = np.maximum(gain / gain.mean(), 0.1)
            spread = float(((gain - 1) ** 2 + 1 / information).mean())
    return gain, 1 / np.sqrt(information)


def doubt_of_gains(reviews: Reviews, solution: Solution, gain: Floats, sd: Floats) -> Floats:
    """(n, m) columns for the posterior factor: what one sd of each juror's slope changes, to first order."""
    file, juror = reviews.file, reviews.juror
    quality = solution.quality[file]
    residual = reviews.score - solution.mean - solution.bias[juror] - gain[juror] * quality
    share = solution.own[file] / max(solution.noise, 1e-300)
    factor = np.zeros((reviews.files, reviews.jurors))
    factor[file, juror] = share * (residual - gain[juror] * quality) * sd[juror]
    return factor


def noises(reviews: Reviews, solution: Solution, loading: Floats) -> Floats:
    """(m,) standard deviation of each juror's noise, points, shrunk towards the panel's."""
    square = moments(reviews, solution, loading).residual_square
    total = np.bincount(reviews.juror, square, minlength=reviews.jurors)
    count = np.bincount(reviews.juror, minlength=reviews.jurors)
    return np.sqrt((total + PRIOR_READINGS * solution.noise) / (count + PRIOR_READINGS))
