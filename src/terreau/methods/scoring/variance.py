"""How far files, jurors and readings differ: variance ratios by REML or ML, or integrated over their posterior.

The two ratios to the noise (quality p, severity q) are searched in logarithms; the noise is profiled out. Newton's
steps use central differences of the deviance, which costs some tens of microseconds at 40 jurors.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

from terreau.methods.scoring.mixed_model import Design, deviance
from terreau.methods.scoring.reviews import Floats

type Estimate = Literal["integrated", "reml", "ml"]
LOW, HIGH = np.log(1e-7), np.log(1e6)  # of a ratio: below, no difference at all; above, no noise at all
STEP = 1e-3


def ratios(design: Design, *, restricted: bool) -> Floats:
    """(2,) the (RE)ML ratios p and q."""
    top, _ = _minimise(lambda t: deviance(design, *np.exp(t), restricted=restricted), np.zeros(2))
    return np.exp(top)


def quadrature(design: Design) -> tuple[Floats, Floats]:
    """(9, 2) ratios and (9,) weights that stand for the posterior of the ratios, the likeliest at place 4.

    Prior: ratio / (1 + ratio), the share of variance, uniform on (0, 1) for each; likelihood: REML. The nodes are
    Gauss-Hermite's about the mode, along the axes of its curvature, reweighted by the true density (as in INLA: Rue,
    Martino and Chopin 2009, JRSS B 71). Proper and inside the bounds whatever the data: a ratio that they cannot tell
    is spread over its prior.
    """

    def minus_twice_log(t: Floats) -> float:
        return deviance(design, *np.exp(t), restricted=True) - 2 * float((t - 2 * np.log1p(np.exp(t))).sum())

    mode, curvature = _minimise(minus_twice_log, np.zeros(2))
    values, axes = np.linalg.eigh(curvature / 2)
    spread = axes / np.sqrt(np.maximum(values, 0.05))
    corner = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)])
    z = np.array([(a, b) for a in corner for b in corner])
    weight = np.array([a * b for a in (1 / 6, 2 / 3, 1 / 6) for b in (1 / 6, 2 / 3, 1 / 6)])
    nodes = np.clip(mode + z @ spread.T, LOW, HIGH)
    height = np.array([minus_twice_log(t) for t in nodes])
    weight = weight * np.exp(np.minimum(-0.5 * (height - height[4]) + 0.5 * (z**2).sum(axis=1), 3.0))
    return np.exp(nodes), weight / weight.sum()


def _minimise(f: Callable[[Floats], float], start: Floats, rounds: int = 40) -> tuple[Floats, Floats]:
    """A damped Newton in two dimensions within the bounds; the point and the curvature there."""
    t, here = start.copy(), f(start)
    curvature = np.eye(2)
    for _ in range(rounds):
        slope, curvature = _differences(f, t, here)
        values, axes = np.linalg.eigh(curvature)
        step = axes @ ((axes.T @ slope) / np.maximum(np.abs(values), 1e-3))
        step *= min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        held = ((t <= LOW) & (slope > 0)) | ((t >= HIGH) & (slope < 0))
        step[held] = 0.0
        if np.abs(step).max() < 1e-6:
            break
        t, here, moved = _descend(f, t, here, step)
        if not moved:
            break
    return t, curvature


def _descend(f: Callable[[Floats], float], t: Floats, here: float, step: Floats) -> tuple[Floats, float, bool]:
    """Halve the step until the function falls."""
    for halving in range(12):
        there = np.clip(t - step * 0.5**halving, LOW, HIGH)
        value = f(there)
        if value < here:
            return there, value, here - value > 1e-9
    return t, here, False


def _differences(f: Callable[[Floats], float], t: Floats, here: float) -> tuple[Floats, Floats]:
    """Slope and curvature by central differences."""
    one, two = np.array([STEP, 0.0]), np.array([0.0, STEP])
    a, b, c, d = f(t + one), f(t - one), f(t + two), f(t - two)
    mixed = (f(t + one + two) - a - c + 2 * here - b - d + f(t - one - two)) / (2 * STEP**2)
    slope = np.array([a - b, c - d]) / (2 * STEP)
    return slope, np.array([[(a - 2 * here + b) / STEP**2, mixed], [mixed, (c - 2 * here + d) / STEP**2]])
