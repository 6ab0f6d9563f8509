"""The posterior of the qualities, with what is not known of the variances carried into it."""

from dataclasses import dataclass

import numpy as np

from terreau.methods.scoring.mixed_model import Design, Solution, solve
from terreau.methods.scoring.reviews import Floats
from terreau.methods.scoring.variance import Estimate, quadrature, ratios

WHOLE = 4_000_000  # numbers in the posterior factors up to which every node keeps its own


@dataclass(frozen=True)
class Variances:
    """Of the qualities, of the jurors' biases, of the noise of one reading; points squared."""

    quality: float
    juror: float
    noise: float


@dataclass(frozen=True, eq=False)
class Posterior:
    """Means, and the covariance of the qualities as diag(own) + shared shared'; `likeliest` at one set of variances."""

    mean: float
    quality: Floats
    bias: Floats
    own: Floats
    shared: Floats
    variances: Variances
    likeliest: Solution


def posterior(design: Design, estimate: Estimate, given: Variances | None) -> Posterior:
    """Under the variances given, or at their REML or ML value, or averaged over nine nodes of their posterior."""
    if given is not None:
        ratio = np.array([[given.quality, given.juror]]) / given.noise
        return _average([solve(design, *ratio[0], noise=given.noise)], ratio, np.ones(1))
    if not design.score.any():
        return _average([solve(design, 1.0, 1.0, noise=0.0)], np.ones((1, 2)), np.ones(1))
    if len(design.score) < 3:
        return _average([solve(design, 1.0, 1.0)], np.ones((1, 2)), np.ones(1))
    if estimate == "integrated":
        nodes, weight = quadrature(design)
        kept = weight > 1e-4
        nodes, weight = nodes[kept], weight[kept] / weight[kept].sum()
    else:
        nodes, weight = ratios(design, restricted=estimate == "reml")[None, :], np.ones(1)
    return _average([solve(design, p, q, restricted=estimate != "ml") for p, q in nodes], nodes, weight)


def _average(solutions: list[Solution], nodes: Floats, weight: Floats) -> Posterior:
    """Law of total variance: the mean of the covariances and the covariance of the means."""
    best = solutions[int(np.argmax(weight))]
    quality = np.sum([w * s.quality for w, s in zip(weight, solutions, strict=True)], axis=0)
    own, shared = best.own, [best.shared]
    if len(solutions) > 1:
        if len(solutions) * best.shared.size <= WHOLE:
            own = np.sum([w * s.own for w, s in zip(weight, solutions, strict=True)], axis=0)
            shared = [np.sqrt(w) * s.shared for w, s in zip(weight, solutions, strict=True)]
        between = [np.sqrt(w) * (s.quality - quality) for w, s in zip(weight, solutions, strict=True)]
        shared = [*shared, np.stack(between, axis=1)]
    noise = np.array([s.noise for s in solutions])
    return Posterior(
        mean=float(weight @ np.array([s.mean for s in solutions])),
        quality=quality,
        bias=np.sum([w * s.bias for w, s in zip(weight, solutions, strict=True)], axis=0),
        own=own,
        shared=np.concatenate(shared, axis=1),
        variances=Variances(
            quality=float(weight @ (nodes[:, 0] * noise)),
            juror=float(weight @ (nodes[:, 1] * noise)),
            noise=float(weight @ noise),
        ),
        likeliest=best,
    )
