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

from terreau.methods.scoring.reviews import Floats, Ints, Reviews

FLOOR = 1e-10  # share of the sum of squares kept as noise, so that a perfect fit stays solvable


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
    shared: Floats  # (n, m + 1)
    bias_variance: Floats  # (m,) posterior
    cross: Floats  # (R,) posterior covariance of (mean + bias_j) with quality_i, by review
    level_variance: Floats  # (m,) posterior variance of mean + bias_j


@njit(cache=True)
def _bordered(
    indptr: Ints, juror: Ints, score: Floats, loading: Floats, weight: Floats, jurors: int, p: float, q: float
) -> tuple[Floats, float]:
    """Lower Cholesky factor (m + 2, m + 2) of the bordered system, and sum of log(1 + p * information)."""
    m = jurors
    k = np.zeros((m + 2, m + 2))
    root = np.sqrt(q)
    logdet, floor = 0.0, 0.0
    for i in range(len(indptr) - 1):
        lo, hi = indptr[i], indptr[i + 1]
        s = 0.0
        wa = 0.0
        way = 0.0
        for r in range(lo, hi):
            w, a, y = weight[r], loading[r], score[r]
            s += w * a * a
            wa += w * a
            way += w * a * y
            j = juror[r]
            k[j, j] += w * q
            k[m, j] += w * root
            k[m + 1, j] += w * y * root
            k[m, m] += w
            k[m + 1, m] += w * y
            k[m + 1, m + 1] += w * y * y
            floor += w * y * y
        logdet += np.log1p(p * s)
        g = p / (1.0 + p * s)
        for r in range(lo, hi):
            c = g * weight[r] * loading[r]
            j = juror[r]
            for t in range(lo, r + 1):
                d = c * weight[t] * loading[t] * q
                if juror[t] <= j:
                    k[j, juror[t]] -= d
                else:
                    k[juror[t], j] -= d
            k[m, j] -= c * wa * root
            k[m + 1, j] -= c * way * root
        k[m, m] -= g * wa * wa
        k[m + 1, m] -= g * wa * way
        k[m + 1, m + 1] -= g * way * way
    for j in range(m):
        k[j, j] += 1.0
    k[m + 1, m + 1] += 1e-10 * floor + 1e-300
    return np.linalg.cholesky(k), logdet


@njit(cache=True)
def _from_factor(factor: Floats, logdet: float, readings: int, restricted: int) -> float:
    """-2 log (restricted) likelihood with the noise variance profiled out, but for a constant."""
    m = len(factor) - 2
    for j in range(m + restricted):
        logdet += 2.0 * np.log(factor[j, j])
    return logdet + 2.0 * (readings - restricted) * np.log(factor[m + 1, m + 1])


@njit(cache=True)
def _inverse(factor: Floats) -> Floats:
    """The inverse of a lower triangular matrix, lower triangular, by columns."""
    size = len(factor)
    inverse = np.zeros((size, size))
    for i in range(size):
        inverse[i, i] = 1.0 / factor[i, i]
        for t in range(i):
            c = -factor[i, t] * inverse[i, i]
            for j in range(t + 1):
                inverse[i, j] += c * inverse[t, j]
    return inverse


@njit(cache=True)
def _solve(
    indptr: Ints, juror: Ints, score: Floats, loading: Floats, weight: Floats, jurors: int, p: float, q: float
) -> tuple[Floats, ...]:
    """Solution of the bordered system and the posterior factor of the qualities, in units of the noise."""
    m, n = jurors, len(indptr) - 1
    factor, _ = _bordered(indptr, juror, score, loading, weight, jurors, p, q)
    square = factor[m + 1, m + 1] ** 2
    lower = _inverse(np.ascontiguousarray(factor[: m + 1, : m + 1]))
    right = np.ascontiguousarray(factor[m + 1, : m + 1])
    fixed = lower.T @ right
    columns = np.ascontiguousarray(lower.T)
    root = np.sqrt(q)
    quality, own = np.zeros(n), np.zeros(n)
    shared = np.zeros((n, m + 1))
    cross = np.zeros(len(score))
    for i in range(n):
        s, residual = 0.0, 0.0
        for r in range(indptr[i], indptr[i + 1]):
            wa = weight[r] * loading[r]
            j = juror[r]
            s += wa * loading[r]
            residual += wa * (score[r] - fixed[m] - root * fixed[j])
            for c in range(m + 1):
                shared[i, c] += wa * (root * columns[j, c] + columns[m, c])
        g = p / (1.0 + p * s)
        own[i] = g
        quality[i] = g * residual
        for c in range(m + 1):
            shared[i, c] *= -g
        for r in range(indptr[i], indptr[i + 1]):
            j = juror[r]
            for c in range(m + 1):
                cross[r] += shared[i, c] * (root * columns[j, c] + columns[m, c])
    return fixed, quality, own, shared, columns, cross, np.array([square])


def deviance(design: Design, p: float, q: float, *, restricted: bool) -> float:
    """-2 log-likelihood (REML where `restricted`) at quality ratio p and bias ratio q, but for a constant."""
    d = design
    factor, logdet = _bordered(d.indptr, d.juror, d.score, d.loading, d.weight, d.jurors, p, q)
    return float(_from_factor(factor, logdet, len(d.score), int(restricted)))


def solve(design: Design, p: float, q: float, *, noise: float | None = None, restricted: bool = True) -> Solution:
    """The posterior under ratios p and q; the noise variance is the (RE)ML one unless given."""
    d = design
    fixed, quality, own, shared, columns, cross, square = _solve(
        d.indptr, d.juror, d.score, d.loading, d.weight, d.jurors, p, q
    )
    s2 = square[0] / max(1, len(d.score) - int(restricted)) if noise is None else noise
    m, root = d.jurors, np.sqrt(q)
    level = root * columns[:m] + columns[m]
    return Solution(
        mean=d.centre + float(fixed[m]),
        quality=quality,
        bias=root * fixed[:m],
        noise=float(s2),
        own=s2 * own,
        shared=np.sqrt(s2) * shared,
        bias_variance=s2 * q * (columns[:m] ** 2).sum(axis=1),
        cross=s2 * cross,
        level_variance=s2 * (level**2).sum(axis=1),
    )
