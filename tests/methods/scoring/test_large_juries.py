import numpy as np
from tests.methods.scoring.juries import jury

from terreau.methods.scoring.calibration import Variances, calibrate
from terreau.methods.scoring.large import moment_ratios, restricted_ratios, solve_large
from terreau.methods.scoring.mixed_model import Design, solve
from terreau.methods.scoring.reviews import gather
from terreau.methods.scoring.variance import ratios


def design(files=400, jurors=60):
    file, juror, score, _ = jury(1, files=files, jurors=jurors)
    return Design.of(gather(file, juror, score, files=files, jurors=jurors))


def test_the_sparse_solution_is_the_dense_one():
    dense = solve(design(), 1.4, 0.5, noise=1.5)
    sparse = solve_large(design(), 1.4, 0.5, 1.5)
    np.testing.assert_allclose(sparse.mean + sparse.quality, dense.mean + dense.quality, atol=1e-6)
    np.testing.assert_allclose(sparse.bias, dense.bias, atol=1e-6)
    np.testing.assert_allclose(sparse.own, dense.own)
    one, two = (np.sqrt(s.own + (s.shared**2).sum(axis=1)) for s in (sparse, dense))
    np.testing.assert_allclose(one, two, rtol=0.05)
    assert abs(one.mean() / two.mean() - 1) < 0.01


def test_the_moments_find_the_variances():
    random = np.random.default_rng(3)
    file = np.repeat(np.arange(20_000), 3)
    juror = np.concatenate([random.choice(1000, 3, replace=False) for _ in range(20_000)])
    score = (2 * random.standard_normal(20_000))[file] + (1.5 * random.standard_normal(1000))[juror]
    reviews = gather(file, juror, score + random.standard_normal(60_000), files=20_000, jurors=1000)
    ratio, noise = moment_ratios(Design.of(reviews))
    np.testing.assert_allclose(noise, 1, rtol=0.06)
    assert np.abs(ratio / [4, 2.25] - 1).max() < 0.15


def test_a_jury_of_thousands():
    file, juror, score, quality = jury(2, files=4000, jurors=1500)
    found = calibrate(file, juror, score, files=4000, jurors=1500)
    assert np.corrcoef(found.mean, quality)[0, 1] > np.corrcoef(found.raw, quality)[0, 1]
    truth = 1.5 * quality + found.mean.mean() - 1.5 * quality.mean()
    assert 0.92 < (np.abs(found.mean - truth) < 1.96 * found.sd).mean() < 0.98
    assert found.draw(3, seed=1).shape == (3, 4000)
    given = calibrate(file, juror, score, files=4000, jurors=1500, variances=Variances(2.2, 1.1, 1.5), gain=False)
    assert np.corrcoef(given.mean, found.mean)[0, 1] > 0.99


def test_expectation_maximisation_finds_the_restricted_likelihood():
    sampled, _ = restricted_ratios(design(), tolerance=1e-5, rounds=60)
    np.testing.assert_allclose(sampled, ratios(design(), restricted=True), rtol=0.04)
