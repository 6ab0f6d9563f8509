import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from terreau.methods.scoring.calibration import calibrate
from terreau.methods.scoring.graph import bridges, parts
from terreau.methods.scoring.reviews import gather

pairs = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 4)), min_size=1, max_size=14)


def reviews(edges, files=8, jurors=5):
    file, juror = np.array(sorted(edges)).T
    return gather(file, juror, np.ones(len(file)), files=files, jurors=jurors)


def sides(edges):
    """Groups of files that jurors link, by merging, as a set of frozensets."""
    groups = [{file} for file in {f for f, _ in edges}]
    for juror in {j for _, j in edges}:
        read = {f for f, j in edges if j == juror}
        merged = [g for g in groups if g & read]
        groups = [g for g in groups if not g & read] + [set().union(*merged)]
    return {frozenset(g) for g in groups}


@given(pairs)
def test_parts_are_the_groups_that_jurors_link(edges):
    part, _ = parts(reviews(edges))
    assert {frozenset(np.flatnonzero(part == k)) for k in range(part.max() + 1)} == sides(edges)
    assert {i for i in range(8) if part[i] < 0} == set(range(8)) - {f for f, _ in edges}


@given(pairs)
@settings(max_examples=300)
def test_a_bridge_is_a_file_whose_loss_divides_the_others(edges):
    found = set(bridges(reviews(edges)).tolist())
    before = sides(edges)
    for file in {f for f, _ in edges}:
        kept = {(f, j) for f, j in edges if f != file}
        (mine,) = [g for g in before if file in g]
        divided = len([g for g in sides(kept) if g < mine]) >= 2
        assert (file in found) == divided


def test_parts_are_ranked_apart():
    file, juror = np.array([0, 0, 1, 1, 2, 3, 3, 4]), np.array([0, 1, 0, 1, 0, 2, 3, 2])
    score = np.array([9.0, 8, 7, 6, 2, 5, 5, 1])
    found = calibrate(file, juror, score, files=5, jurors=4)
    assert found.components.tolist() == [0, 0, 0, 1, 1]
    assert not found.connected
    assert found.rank.tolist() == [1, 2, 3, 1, 2]
    assert found.rank_high.max() <= 3
