import pytest

from terreau.methods.disclosure.primary import Reason, Rule, Tally, count, gathered, reason, union

FIRMS, PERSONS = Rule(), Rule(least=5, share=None)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((60, 40), Reason.FEW),
        ((86, 7, 7), Reason.DOMINATED),
        ((85, 10, 5), Reason.DOMINATED),  # the prudent reading
        ((84, 10, 6), None),
        ((), None),  # a zero is no secret
    ],
)
def test_the_cells_of_firms(shares, expected):
    assert reason(gathered(dict(enumerate(shares))), FIRMS) == expected


@pytest.mark.parametrize(("number", "expected"), [(0, None), (4, Reason.FEW), (5, None)])
def test_the_cells_of_persons(number, expected):
    assert reason(count(number), PERSONS) == expected


def test_a_firm_in_two_cells_counts_once_in_their_sum():
    money, goods = gathered({"a": 60, "b": 10}), gathered({"a": 20, "c": 5})
    assert union([money, goods]) == Tally(95, 3, 80)
    assert union([Tally(70, 2, 60), Tally(25, 2, 20)]) == Tally(95, 4, 60)  # nothing says that it is the same


@pytest.mark.parametrize("bad", [(-1, 1, 0), (10, -1, 0), (10, 1, 11)])
def test_no_such_cell(bad):
    with pytest.raises(ValueError, match="No such cell"):
        Tally(*bad)
