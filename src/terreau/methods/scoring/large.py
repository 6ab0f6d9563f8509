"""Juries too large for a dense system: REML by expectation-maximisation, conjugate gradients, sampled posterior factor.

The reduced system of `mixed_model` is kept sparse: a product with it is two passes over the reviews. No slope and no
weight by juror here.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from terreau.methods.scoring.mixed_model import Design, Solution, assemble
from terreau.methods.scoring.reviews import Floats, Ints

DENSE_JURORS = 1200  # above, the system of m + 1 unknowns is not factored
CELLS = 40_000_000  # nor where the posterior factor, n x (m + 1), is above this
SAMPLES = 32
FEW = 8  # samples while the variances are searched
SEED = 20_090_831  # of the sampled factor: the same question gives the same answer


def is_large(design: Design) -> bool:
    return design.jurors > DENSE_JURORS or (len(design.indptr) - 1) * (design.jurors + 1) > CELLS


def moment_ratios(design: Design) -> tuple[Floats, float]:
    """(2,) ratios p and q, and the noise variance, from differences of pairs of reviews (all of them, unweighted).

    Half the mean squared difference is, for two jurors on one file: bias + noise; for two files of one juror:
    quality + noise; for two reviews of all: quality + bias + noise, once the pairs that share a file or a juror are
    taken out. Unbiased whatever the distributions: where `restricted_ratios` starts.
    """
    counts = np.diff(design.indptr)
    file = np.repeat(np.arange(len(counts)), counts)
    same_file = _half_squared_difference(file, design.score)
    same_juror = _half_squared_difference(design.juror, design.score)
    readings = len(design.score)
    every = (readings * (design.score**2).sum() - design.score.sum() ** 2, readings * (readings - 1) / 2)
    other = (every[0] - same_file[0] - same_juror[0]) / max(every[1] - same_file[1] - same_juror[1], 1)
    on_file, of_juror = (total / max(pairs, 1) / 2 for total, pairs in (same_file, same_juror))
    other /= 2
    noise = max(on_file + of_juror - other, 0.01 * other, 1e-300)
    return np.array([max(other - on_file, 1e-6 * noise), max(other - of_juror, 1e-6 * noise)]) / noise, noise


def _half_squared_difference(group: Ints, score: Floats) -> tuple[float, float]:
    """Sum of the squared differences of the pairs within groups, and the number of pairs."""
    count, total = np.bincount(group), np.bincount(group, score)
    square = np.bincount(group, score**2)
    return float((count * square - total**2).sum()), float((count * (count - 1) / 2).sum())


def restricted_ratios(design: Design, *, rounds: int = 30, tolerance: float = 3e-4) -> tuple[Floats, float]:
    """(2,) ratios and the noise variance by REML: expectation-maximisation from the moments' values.

    Each round replaces a variance by the mean posterior second moment of what it is the variance of; the traces come
    from the sampled factor, always from the same draws, so that the rounds settle.
    """
    ratio, noise = moment_ratios(design)
    file = np.repeat(np.arange(len(design.indptr) - 1), np.diff(design.indptr))
    read, used = np.unique(file), np.unique(design.juror)
    for _ in range(rounds):
        s = solve_large(design, float(ratio[0]), float(ratio[1]), noise, FEW)
        spread = s.own + (s.shared**2).sum(axis=1)
        residual = design.score - (s.mean - design.centre) - s.bias[design.juror] - s.quality[file]
        square = residual**2 + spread[file] + s.level_variance[design.juror] + 2 * s.cross
        found = np.array([(s.quality**2 + spread)[read].mean(), (s.bias**2 + s.bias_variance)[used].mean()])
        before, noise = np.append(ratio * noise, noise), float(square.mean())
        ratio = found / noise
        if np.abs(np.append(found, noise) / before - 1).max() < tolerance:
            break
    return ratio, noise


@dataclass(frozen=True, eq=False)
class Reduced:
    """The files absorbed: a product with the (m + 1) system of the biases and the mean costs two sparse products."""

    read: csr_array  # (n, m) who read what
    absorbed: Floats  # (n,) p / (1 + p reviews)
    counts: Floats  # (n,) reviews of each file
    load: Floats  # (m,) reviews of each juror
    ridge: float  # 1 / q

    def product(self, x: Floats) -> Floats:
        """(m + 1, c)."""
        seen = self.absorbed[:, None] * (self.read @ x[:-1] + self.counts[:, None] * x[-1])
        jurors = (self.load + self.ridge)[:, None] * x[:-1] + self.load[:, None] * x[-1] - self.read.T @ seen
        mean = self.load @ x[:-1] + self.counts.sum() * x[-1] - self.counts @ seen
        return np.concatenate([jurors, mean[None]])

    def right(self, score: Floats) -> Floats:
        """(m + 1, c) right-hand sides of the scores (R, c), reviews sorted by file."""
        by_file, by_juror = self._sums(score)
        seen = self.absorbed[:, None] * by_file
        mean = by_file.sum(axis=0) - self.counts @ seen
        return np.concatenate([by_juror - self.read.T @ seen, mean[None]])

    def _sums(self, score: Floats) -> tuple[Floats, Floats]:
        reviews = np.arange(len(score))
        rows = csr_array((np.ones(len(score)), reviews, self.read.indptr), shape=(len(self.counts), len(score)))
        columns = csr_array((np.ones(len(score)), (self.read.indices, reviews)), shape=(len(self.load), len(score)))
        return rows @ score, columns @ score

    def solve(self, right: Floats, *, tolerance: float = 1e-8, rounds: int = 500) -> Floats:
        """Conjugate gradients on every column at once, preconditioned by the diagonal."""
        seen = self.absorbed * self.counts
        diagonal = self.load + self.ridge - self.read.T @ self.absorbed
        inverse = 1 / np.append(diagonal, self.counts.sum() - self.counts @ seen)[:, None]
        x, r = np.zeros_like(right), right.copy()
        z = inverse * r
        d, rz = z.copy(), (r * z).sum(axis=0)
        goal = tolerance**2 * np.maximum(rz, 1e-300)
        for _ in range(rounds):
            if (rz <= goal).all():
                break
            product = self.product(d)
            step = rz / np.maximum((d * product).sum(axis=0), 1e-300)
            x += step * d
            r -= step * product
            z = inverse * r
            rz, before = (r * z).sum(axis=0), rz
            d = z + (rz / np.maximum(before, 1e-300)) * d
        return x


def solve_large(design: Design, p: float, q: float, noise: float, samples: int = SAMPLES) -> Solution:
    """As `solve`, the posterior factor of the levels being sampled: draws of (mean, bias) less what is known of them.

    A draw of the prior, scores made from it, the solution of those: the difference follows the posterior exactly
    (Papandreou and Yuille, NIPS 2010). Each file's own variance is exact, only the part that jurors share is sampled.
    """
    n, m, readings = len(design.indptr) - 1, design.jurors, len(design.score)
    counts = np.diff(design.indptr).astype(float)
    read = csr_array((np.ones(readings), design.juror, design.indptr), shape=(n, m))
    load = np.bincount(design.juror, minlength=m).astype(float)
    reduced = Reduced(read, p / (1 + p * counts), counts, load, 1 / q)
    random = np.random.default_rng(SEED)
    quality = np.sqrt(p) * random.standard_normal((n, samples))
    bias = np.sqrt(q) * random.standard_normal((m, samples))
    made = np.repeat(quality, np.diff(design.indptr), axis=0) + bias[design.juror]
    made += random.standard_normal(made.shape)
    found = reduced.solve(np.concatenate([reduced.right(design.score[:, None]), reduced.right(made)], axis=1))
    error = np.concatenate([bias, np.zeros((1, samples))]) - found[:, 1:]
    level = np.ascontiguousarray((error[:-1] + error[-1]) / np.sqrt(samples))
    fixed = float(found[-1, 0]), np.ascontiguousarray(found[:-1, 0])
    return assemble(design, p, fixed, level, noise, (error[:-1] ** 2).mean(axis=1))
