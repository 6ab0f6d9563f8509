"""The weighted mean of a grid: its properties first, then a worked case."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terreau.methods.scoring import Mark, weighted_mean

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # slow machines are no fault
marks = st.lists(
    st.builds(
        lambda maximum, share, weight: Mark(round(maximum * share), maximum, weight),
        st.integers(1, 20),
        st.floats(0, 1),
        st.floats(0.1, 10),
    ),
    min_size=1,
    max_size=8,
)


def test_a_worked_grid():
    """(2 × 4/5 + 1 × 3/10) / 3 of 100."""
    assert weighted_mean([Mark(4, 5, 2), Mark(3, 10, 1)]) == 63.3333


@calm
@given(marks)
def test_it_stays_between_the_lowest_and_the_highest_mark(grid):
    shares = [100 * m.value / m.maximum for m in grid]
    assert min(shares) - 0.001 <= weighted_mean(grid) <= max(shares) + 0.001


@calm
@given(marks, st.floats(0.5, 20))
def test_only_the_proportion_of_the_weights_counts(grid, factor):
    scaled = [Mark(m.value, m.maximum, m.weight * factor) for m in grid]
    assert weighted_mean(scaled) == pytest.approx(weighted_mean(grid), abs=0.001)


@calm
@given(marks)
def test_raising_a_mark_never_lowers_the_total(grid):
    first, *rest = grid
    assert weighted_mean([Mark(first.maximum, first.maximum, first.weight), *rest]) >= weighted_mean(grid)


@pytest.mark.parametrize("grid", [[], [Mark(1, 5, 0)], [Mark(6, 5)], [Mark(-1, 5)], [Mark(0, 0)]])
def test_what_cannot_be_weighed_is_refused(grid):
    with pytest.raises(ValueError, match=r"bounds|weigh"):
        weighted_mean(grid)
