"""The posterior of the qualities, with what is not known of the variances carried into it."""

from dataclasses import dataclass

import numpy as np

from terreau.methods.scoring.large import is_large, restricted_ratios, solve_large
from terreau.methods.scoring.mixed_model import Design, Solution, solve
from terreau.methods.scoring.reviews import Floats
from terreau.methods.scoring.variance import Estimate, quadrature, ratios


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
    """Under the variances given, or at their REML or ML value, or averaged over nine nodes of their posterior.

    Above 1 200 jurors the variances are those of REML, whatever `estimate` says: see `large`.
    """
    if given is not None and not (given.noise > 0 and given.quality >= 0 and given.juror >= 0):
        raise ValueError(f"Variances cannot be negative, nor the noise null: {given}.")
    if is_large(design) and design.score.any():
        if given is None:
            ratio, noise = restricted_ratios(design)
        else:
            ratio, noise = np.array([given.quality, given.juror]) / given.noise, given.noise
        return _average([solve_large(design, float(ratio[0]), float(ratio[1]), noise)], ratio[None, :], np.ones(1))
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
    """Law of total variance: the mean of the variances and the covariance of the means.

    Variances are averaged over the nodes; the correlations within a node are those of the likeliest.
    """
    best = solutions[int(np.argmax(weight))]
    noise = np.array([s.noise for s in solutions])
    quality = weight @ np.array([s.quality for s in solutions])
    own, shared = best.own, best.shared
    if len(solutions) > 1:
        spread = np.array([s.own + (s.shared**2).sum(axis=1) for s in solutions])
        factor = (weight @ spread) / np.maximum(spread[np.argmax(weight)], 1e-300)
        between = np.stack([np.sqrt(w) * (s.quality - quality) for w, s in zip(weight, solutions, strict=True)], axis=1)
        own, shared = factor * own, np.concatenate([np.sqrt(factor)[:, None] * shared, between], axis=1)
    return Posterior(
        mean=float(weight @ np.array([s.mean for s in solutions])),
        quality=quality,
        bias=weight @ np.array([s.bias for s in solutions]),
        own=own,
        shared=shared,
        variances=Variances(
            quality=float(weight @ (nodes[:, 0] * noise)),
            juror=float(weight @ (nodes[:, 1] * noise)),
            noise=float(weight @ noise),
        ),
        likeliest=best,
    )
