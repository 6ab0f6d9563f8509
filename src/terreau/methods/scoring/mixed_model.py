"""The linear mixed model of a jury, solved on the jurors' side (Henderson's equations, files absorbed).

    y = mean + a_j quality_i + bias_j + e,   quality ~ N(0, s² p),  bias ~ N(0, s² q),  e ~ N(0, s² / w)

p and q are ratios to the noise variance s²; the loadings a (a juror's gain) and the weights w are given, one a review.
Absorbing the files leaves one dense system of m + 1 unknowns (the biases in units of sqrt(q), the mean); one Cholesky
factor of it, bordered by its right-hand side, holds the likelihood, the solution and the posterior covariance.
Henderson (1975), Biometrics 31; Patterson and Thompson (1971), Biometrika 58, for REML.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.linalg.lapack import dpotrf, dtrtri

from terreau.methods.scoring.reviews import Floats, Ints, Reviews

FLOOR = 1e-10  # share of the sum of squares kept as noise, so that a perfect fit stays solvable
TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Design:
    """The reviews as the kernels take them: scores about `centre`, loadings and weights, one a review."""

    indptr: Ints
    juror: Ints
    score: Floats
    loading: Floats
    weight: Floats
    jurors: int
    centre: float

    @classmethod
    def of(cls, reviews: Reviews, loading: Floats | None = None, weight: Floats | None = None) -> "Design":
        """`loading` and `weight` are by juror, (m,); None: one."""
        ones = np.ones(reviews.jurors)
        a, w = ones if loading is None else loading, ones if weight is None else weight
        centre = float(reviews.score.mean())
        j = reviews.juror
        return cls(reviews.indptr, j, reviews.score - centre, a[j], w[j], reviews.jurors, centre)


@dataclass(frozen=True, eq=False)
class Solution:
    """BLUPs under given ratios, in points; the posterior covariance of the qualities is diag(own) + shared shared'."""

    mean: float
    quality: Floats  # (n,)
    bias: Floats  # (m,)
    noise: float  # s², points squared
    own: Floats  # (n,)
    shared: Floats  # (n, c), c = m + 1 but where it is sampled
    bias_variance: Floats  # (m,) posterior
    cross: Floats  # (R,) posterior covariance of (mean + bias_j) with quality_i, by review
    level_variance: Floats  # (m,) posterior variance of mean + bias_j


@njit(cache=True)
def _bordered(
    indptr: Ints, juror: Ints, score: Floats, loading: Floats, weight: Floats, jurors: int, p: float, q: float
) -> tuple[Floats, float]:
    """Lower half of the bordered system, (m + 2, m + 2), and the sum of log(1 + p x information of a file)."""
    m = jurors
    k = np.zeros((m + 2, m + 2))
    root = np.sqrt(q)
    logdet, squares = 0.0, 0.0
    for i in range(len(indptr) - 1):
        lo, hi = indptr[i], indptr[i + 1]
        s, wa, way = 0.0, 0.0, 0.0
        for r in range(lo, hi):
            w, a, y, j = weight[r], loading[r], score[r], juror[r]
            s += w * a * a
            wa += w * a
            way += w * a * y
            k[j, j] += w * q
            k[m, j] += w * root
            k[m + 1, j] += w * y * root
            k[m, m] += w
            k[m + 1, m] += w * y
            squares += w * y * y
        logdet += np.log1p(p * s)
        g = p / (1.0 + p * s)
        for r in range(lo, hi):
            c, j = g * weight[r] * loading[r], juror[r]
            for t in range(lo, r + 1):  # jurors ascend within a file: the lower half
                k[j, juror[t]] -= c * weight[t] * loading[t] * q
            k[m, j] -= c * wa * root
            k[m + 1, j] -= c * way * root
        k[m, m] -= g * wa * wa
        k[m + 1, m] -= g * wa * way
        k[m + 1, m + 1] -= g * way * way
    for j in range(m):
        k[j, j] += 1.0
    k[m + 1, m + 1] += squares * (1.0 + FLOOR) + TINY
    return k, logdet


@njit(cache=True)
def _files(
    indptr: Ints, juror: Ints, score: Floats, loading: Floats, weight: Floats, p: float, level: Floats, columns: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Qualities given the jurors' levels (m,), whose posterior factor is `columns` (m, c), in units of the noise."""
    n, c = len(indptr) - 1, columns.shape[1]
    quality, own, cross = np.zeros(n), np.zeros(n), np.zeros(len(score))
    shared = np.zeros((n, c))
    for i in range(n):
        s, residual = 0.0, 0.0
        for r in range(indptr[i], indptr[i + 1]):
            wa = weight[r] * loading[r]
            s += wa * loading[r]
            residual += wa * (score[r] - level[juror[r]])
            for t in range(c):
                shared[i, t] += wa * columns[juror[r], t]
        g = p / (1.0 + p * s)
        own[i] = g
        quality[i] = g * residual
        for t in range(c):
            shared[i, t] *= -g
        for r in range(indptr[i], indptr[i + 1]):
            for t in range(c):
                cross[r] += shared[i, t] * columns[juror[r], t]
    return quality, own, shared, cross


def _factor(design: Design, p: float, q: float) -> tuple[Floats, float]:
    """Lower Cholesky factor of the bordered system; the upper half holds nothing of use."""
    d = design
    system, logdet = _bordered(d.indptr, d.juror, d.score, d.loading, d.weight, d.jurors, p, q)
    factor, fault = dpotrf(system.T, lower=0, clean=0, overwrite_a=1)
    if fault:
        raise np.linalg.LinAlgError(f"The system is not definite at ratios {p}, {q}.")
    return factor.T, logdet


def deviance(design: Design, p: float, q: float, *, restricted: bool) -> float:
    """-2 log-likelihood (REML where `restricted`) at quality ratio p and bias ratio q, but for a constant."""
    factor, logdet = _factor(design, p, q)
    m, free = design.jurors, len(design.score) - int(restricted)
    logs = np.log(np.diag(factor))
    return logdet + 2.0 * float(logs[: m + int(restricted)].sum() + free * logs[m + 1])


def solve(design: Design, p: float, q: float, *, noise: float | None = None, restricted: bool = True) -> Solution:
    """The posterior under ratios p and q; the noise variance is the (RE)ML one unless given."""
    d, m = design, design.jurors
    factor, _ = _factor(d, p, q)
    s2 = float(factor[m + 1, m + 1] ** 2) / max(1, len(d.score) - int(restricted)) if noise is None else noise
    upper = np.triu(dtrtri(factor[: m + 1, : m + 1].T, lower=0)[0])
    fixed = upper @ factor[m + 1, : m + 1]
    bias = np.sqrt(q) * fixed[:m]
    level = np.sqrt(q) * upper[:m] + upper[m]
    return assemble(d, p, (float(fixed[m]), bias), np.ascontiguousarray(level), s2, q * (upper[:m] ** 2).sum(axis=1))


def assemble(
    design: Design, p: float, fixed: tuple[float, Floats], level: Floats, s2: float, bias_variance: Floats
) -> Solution:
    """The whole solution from (mean, biases) and the factor of the posterior of mean + bias, in units of the noise."""
    d, (mean, bias) = design, fixed
    quality, own, shared, cross = _files(d.indptr, d.juror, d.score, d.loading, d.weight, p, mean + bias, level)
    return Solution(
        mean=d.centre + mean,
        quality=quality,
        bias=bias,
        noise=s2,
        own=s2 * own,
        shared=np.sqrt(s2) * shared,
        bias_variance=s2 * bias_variance,
        cross=s2 * cross,
        level_variance=s2 * (level**2).sum(axis=1),
    )
