"""Simulated juries, seeds given, and Henderson's equations as the textbooks write them."""

import numpy as np


def jury(seed, *, files=60, jurors=12, reviews=3, severity=0.7, gain=0.0, noise=0.8, points=1.5):
    """Scores out of 10 of a random assignment: (file, juror, score, true quality)."""
    random = np.random.default_rng(seed)
    quality = random.standard_normal(files)
    bias = severity * random.standard_normal(jurors)
    slope = np.exp(gain * random.standard_normal(jurors))
    file = np.repeat(np.arange(files), reviews)
    juror = np.concatenate([random.choice(jurors, reviews, replace=False) for _ in range(files)])
    seen = slope[juror] * quality[file] + bias[juror] + noise * random.standard_normal(len(file))
    return file, juror, np.clip(np.rint(5.5 + points * seen), 1, 10), quality


def henderson(file, juror, score, files, jurors, variances):
    """(mean, quality, bias, covariance of the qualities) from the dense mixed-model equations."""
    x = np.ones((len(score), 1))
    z, w = np.eye(files)[file], np.eye(jurors)[juror]
    design = np.hstack([x, z, w])
    ridge = [0.0] + [1 / variances.quality] * files + [1 / variances.juror] * jurors
    coefficients = design.T @ design / variances.noise + np.diag(ridge)
    found = np.linalg.solve(coefficients, design.T @ score / variances.noise)
    inverse = np.linalg.inv(coefficients)
    return found[0], found[1 : files + 1], found[files + 1 :], inverse[1 : files + 1, 1 : files + 1]
