import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.methods.scoring.juries import henderson, jury

from terreau.methods.scoring.calibration import Variances, calibrate
from terreau.methods.scoring.reviews import BadReviews

seeds = st.integers(0, 10_000)
sizes = {"files": 60, "jurors": 12}
few = settings(max_examples=15, deadline=None)
FIXED = Variances(quality=2.0, juror=1.0, noise=1.5)


@given(seeds, st.floats(0.2, 5), st.floats(0.05, 5), st.floats(0.2, 5))
@few
def test_equal_to_the_dense_equations_of_henderson(seed, quality, bias, noise):
    file, juror, score, _ = jury(seed, files=20, jurors=6)
    variances = Variances(quality, bias, noise)
    found = calibrate(file, juror, score, files=20, jurors=6, variances=variances, gain=False)
    mean, effect, severity, covariance = henderson(file, juror, score, 20, 6, variances)
    np.testing.assert_allclose(found.mean, mean + effect, rtol=1e-6)
    np.testing.assert_allclose(found.juror_bias, severity, atol=1e-6)
    np.testing.assert_allclose(found.covariance, covariance, atol=1e-8)
    np.testing.assert_allclose(found.sd, np.sqrt(np.diag(covariance)), rtol=1e-6)


@given(seeds, st.floats(0.1, 20), st.floats(-50, 50))
@few
def test_scale_and_origin_of_the_points_do_not_matter(seed, factor, shift):
    file, juror, score, _ = jury(seed)
    one = calibrate(file, juror, score, **sizes, gain=False)
    two = calibrate(file, juror, factor * score + shift, **sizes, gain=False)
    np.testing.assert_allclose(two.mean, factor * one.mean + shift, rtol=1e-4, atol=1e-4 * factor)
    np.testing.assert_allclose(two.sd, factor * one.sd, rtol=1e-4)


@given(seeds)
@few
def test_names_and_order_of_rows_do_not_matter(seed):
    file, juror, score, _ = jury(seed)
    random = np.random.default_rng(seed)
    files, jurors, rows = random.permutation(60), random.permutation(12), random.permutation(len(score))
    one = calibrate(file, juror, score, **sizes)
    two = calibrate(files[file][rows], jurors[juror][rows], score[rows], **sizes)
    np.testing.assert_allclose(two.mean[files], one.mean, atol=1e-5)
    np.testing.assert_allclose(two.sd[files], one.sd, atol=1e-5)
    np.testing.assert_allclose(two.juror_bias[jurors], one.juror_bias, atol=1e-5)


@given(seeds, st.floats(1, 4))
@few
def test_a_juror_who_turns_severe_moves_ranks_less_than_raw_means(seed, penalty):
    file, juror, score, _ = jury(seed, reviews=4)
    harsher = score - penalty * (juror == 0)
    one, two = (calibrate(file, juror, y, **sizes, gain=False) for y in (score, harsher))
    read_by = np.unique(file[juror == 0])
    moved = np.abs(two.mean - one.mean)[read_by].mean()
    assert moved < np.abs(two.raw - one.raw)[read_by].mean()


@given(seeds, st.floats(-5, 5))
@few
def test_where_severity_is_free_a_constant_changes_nothing(seed, shift):
    file, juror, score, _ = jury(seed)
    free = Variances(quality=2.0, juror=1e9, noise=1.5)
    one, two = (
        calibrate(file, juror, y, **sizes, variances=free, gain=False) for y in (score, score + shift * (juror == 3))
    )
    np.testing.assert_allclose(two.mean - two.mean.mean(), one.mean - one.mean.mean(), atol=1e-4)


@given(seeds)
@few
def test_where_all_read_all_the_order_is_that_of_the_raw_means(seed):
    random = np.random.default_rng(seed)
    file, juror = (a.ravel() for a in np.indices((15, 5)))
    score = np.rint(random.uniform(1, 10, 15)[file] + random.normal(0, 1, 5)[juror] + random.normal(0, 1, 75))
    found = calibrate(file, juror, score, files=15, jurors=5, gain=False)
    order = np.lexsort((np.arange(15), found.raw))
    assert (np.diff(found.mean[order]) >= -1e-9).all()
    assert len(np.unique(found.rank)) == len(np.unique(found.raw.round(9)))


@given(seeds)
@few
def test_more_reviews_never_make_a_file_less_certain(seed):
    file, juror, score, _ = jury(seed, reviews=4)
    kept = np.arange(len(file)) % 4 < 2
    some = calibrate(file[kept], juror[kept], score[kept], **sizes, variances=FIXED, gain=False)
    all_ = calibrate(file, juror, score, **sizes, variances=FIXED, gain=False)
    assert (all_.sd <= some.sd + 1e-12).all()
    assert (some.sd <= np.sqrt(2.0)).all()


def test_the_example_by_hand_of_the_method_page():
    file, juror, score = np.array([0, 0, 1, 2]), np.array([0, 1, 0, 1]), np.array([6.0, 4, 8, 7])
    ones = Variances(quality=1.0, juror=1.0, noise=1.0)
    found = calibrate(file, juror, score, files=3, jurors=2, variances=ones)
    np.testing.assert_allclose(found.raw, [5, 8, 7])
    np.testing.assert_allclose(found.mean, [5.5, 7, 7])
    np.testing.assert_allclose(found.juror_bias, [0.5, -0.5])
    assert found.rank.tolist() == [3, 1, 1]


def test_slopes_are_found_where_jurors_read_enough():
    random = np.random.default_rng(11)
    file, juror = (a.ravel() for a in np.indices((60, 12)))
    slope = np.exp(0.4 * random.standard_normal(12))
    quality = random.standard_normal(60)
    score = slope[juror] * quality[file] + 0.5 * random.standard_normal(720)
    found = calibrate(file, juror, score, **sizes)
    assert found.has_gain
    np.testing.assert_allclose(found.slopes, slope / slope.mean(), atol=0.25)
    plain = calibrate(file, juror, score, **sizes, gain=False)
    one, two = (np.corrcoef(c.mean, quality)[0, 1] for c in (found, plain))
    assert one > two
    assert not calibrate(*(a[:168] for a in (file, juror, score)), **sizes).has_gain


def test_a_noisy_juror_is_told_from_a_steady_one():
    random = np.random.default_rng(12)
    file, juror = (a.ravel() for a in np.indices((60, 12)))
    noise = np.where(np.arange(12) == 5, 3.0, 0.7)
    score = random.standard_normal(60)[file] + noise[juror] * random.standard_normal(720)
    found = calibrate(file, juror, score, **sizes, gain=False)
    assert found.juror_noise.argmax() == 5
    assert found.juror_noise[5] < 3.6
    assert np.delete(found.juror_noise, 5).max() < 1.1


def test_criteria_weigh_as_told_and_one_left_out_costs_nothing():
    file, juror, criterion = (a.ravel() for a in np.indices((8, 3, 2)))
    random = np.random.default_rng(13)
    quality = random.normal(0, 2, 8)
    score = 10 + quality[file] - 4.0 * criterion + 0.01 * random.standard_normal(48)
    common = {"files": 8, "jurors": 3, "gain": False}
    whole = calibrate(file, juror, score, criterion=criterion, weights=np.array([1.0, 3.0]), **common)
    np.testing.assert_allclose(whole.raw, 10 + quality - 3.0, atol=0.05)
    kept = ~((file == 2) & (criterion == 1))
    part = calibrate(
        *(a[kept] for a in (file, juror, score)), criterion=criterion[kept], weights=np.array([1.0, 3.0]), **common
    )
    np.testing.assert_allclose(part.raw, whole.raw, atol=0.05)
    with pytest.raises(BadReviews, match="bad-weights"):
        calibrate(file, juror, score, criterion=criterion, weights=np.array([1.0, 0.0]), **common)
    twice = [np.append(a, a[0]) for a in (file, juror, score, criterion)]
    with pytest.raises(BadReviews, match="duplicate at 48"):
        calibrate(*twice[:3], criterion=twice[3], **common)


def test_what_rests_on_few_reviews_is_drawn_to_the_mean():
    file, juror, score, _ = jury(4, reviews=4)
    lone = np.append(file[file > 0], 0), np.append(juror[file > 0], 0), np.append(score[file > 0], 10.0)
    found = calibrate(*lone, **sizes, gain=False)
    assert found.raw[0] == 10.0
    assert found.mean[0] < 9.0
    assert found.sd[0] == found.sd.max()


def test_a_file_nobody_read_has_the_prior_and_no_rank():
    file, juror, score, _ = jury(5)
    found = calibrate(file, juror, score, files=61, jurors=12, variances=FIXED, gain=False)
    assert found.unread.tolist() == [60]
    assert found.sd[60] == pytest.approx(np.sqrt(2.0))
    assert found.rank[60] == 0
    assert np.isnan(found.raw[60])
    assert found.components[60] == -1


def test_intervals_of_ranks_hold_the_ranks():
    file, juror, score, quality = jury(6, files=200, jurors=25, reviews=3)
    found = calibrate(file, juror, score, files=200, jurors=25)
    assert ((found.rank_low <= found.rank) & (found.rank <= found.rank_high)).all()
    true = 200 - np.argsort(np.argsort(quality))
    held = (found.rank_low <= true) & (true <= found.rank_high)
    assert 0.9 <= held.mean() <= 1.0
    again = calibrate(file, juror, score, files=200, jurors=25)
    assert (again.rank_low == found.rank_low).all()


def test_draws_follow_the_covariance():
    file, juror, score, _ = jury(7, files=15, jurors=5)
    found = calibrate(file, juror, score, files=15, jurors=5)
    draws = found.draw(40_000, seed=1)
    np.testing.assert_allclose(np.cov(draws.T), found.covariance, atol=0.05 * found.covariance.max())
    np.testing.assert_allclose(draws.mean(axis=0), found.mean, atol=0.03)


DEGENERATE = {
    "one review": ([0], [0], [7.0], 1, 1),
    "one juror": ([0, 1, 2, 3], [0, 0, 0, 0], [3.0, 5.0, 7.0, 7.0], 4, 1),
    "one file each": ([0, 1, 2, 3], [0, 1, 2, 3], [3.0, 5.0, 7.0, 7.0], 4, 4),
    "all equal": ([0, 0, 1, 1], [0, 1, 0, 1], [5.0, 5.0, 5.0, 5.0], 2, 2),
    "no noise": ([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [1.0, 2.0, 4.0, 5.0, 7.0, 8.0], 3, 2),
    "one file": ([0, 0, 0], [0, 1, 2], [3.0, 5.0, 8.0], 1, 3),
    "a juror with one review": (
        [0, 0, 1, 1, 2, 2, 2],
        [0, 1, 0, 1, 0, 1, 2],
        [1.0, 3.0, 4.0, 4.0, 7.0, 9.0, 2.0],
        3,
        3,
    ),
}


@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("estimate", ["integrated", "reml", "ml"])
@pytest.mark.parametrize("gain", [False, True])
def test_poor_data_still_gives_finite_figures(case, estimate, gain):
    file, juror, score, files, jurors = DEGENERATE[case]
    found = calibrate(
        np.array(file), np.array(juror), np.array(score), files=files, jurors=jurors, estimate=estimate, gain=gain
    )
    for figures in (found.mean, found.sd, found.juror_bias, found.juror_noise, found.slopes):
        assert np.isfinite(figures).all()
    assert (found.sd >= 0).all()
    assert np.abs(found.mean - np.mean(score)).max() <= np.ptp(score)


def test_scores_all_equal_leave_every_rank_open():
    file, juror, score, files, jurors = DEGENERATE["all equal"]
    found = calibrate(np.array(file), np.array(juror), np.array(score), files=files, jurors=jurors)
    assert found.mean.tolist() == [5.0, 5.0]
    assert found.rank.tolist() == [1, 1]
    assert found.rank_high.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("file", "juror", "score", "code"),
    [
        ([], [], [], "empty"),
        ([0, 0], [0, 0], [1.0, 2.0], "duplicate"),
        ([0, 1], [0, 0], [1.0, np.nan], "not-finite"),
        ([0, 2], [0, 0], [1.0, 2.0], "unknown-file"),
        ([0, 1], [0, 1], [1.0, 2.0], "unknown-juror"),
        ([0, 1], [0], [1.0, 2.0], "lengths"),
    ],
)
def test_what_cannot_be_read_is_refused(file, juror, score, code):
    with pytest.raises(BadReviews) as raised:
        calibrate(np.array(file, int), np.array(juror, int), np.array(score), files=2, jurors=1)
    assert raised.value.code == code
