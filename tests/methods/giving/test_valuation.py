"""T10 to T13 and T15, the rates of individuals, and the traps of numbers in words."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terreau.methods.giving.letters import cardinal, in_letters
from terreau.methods.giving.parameters import FULL_TIME_HOURS, NotInForce
from terreau.methods.giving.valuation import (
    CeilingPolicy,
    Donor,
    benefit_in_return,
    fine,
    goods,
    person_reduction,
    skills,
)

IN_2026 = date(2026, 6, 1)


def test_skills_at_cost():
    """T10: 3 800 and 1 600 of charges a month, 24 hours."""
    found = skills(5_400_00, 24, IN_2026)
    assert (found.cost, found.cap, found.gift, found.not_eligible) == (854_49, 1_901_23, 854_49, 0)


def test_skills_over_three_ceilings():
    """T11: a full-time month at 16 000."""
    found = skills(16_000_00, FULL_TIME_HOURS, IN_2026)
    assert (found.gift, found.not_eligible) == (12_015_00, 3_985_00)


def test_the_prudent_policy_is_by_employee_and_year():
    prudent = {"policy": CeilingPolicy.FLAT_PRUDENT}
    assert skills(16_000_00, 10, IN_2026, **prudent).cap == 12_015_00
    assert skills(16_000_00, Decimal("303.34"), IN_2026, **prudent).gift == 12_015_00
    assert skills(16_000_00, 100, IN_2026, already=12_000_00, **prudent).gift == 15_00
    assert skills(16_000_00, 100, IN_2026, already=13_000_00, **prudent).gift == 0


@pytest.mark.parametrize(
    ("year", "ceiling"), [(2023, 3_666), (2024, 3_864), (2025, 3_925), (2026, 4_005), (2031, 4_005)]
)
def test_the_ceiling_of_its_year_or_the_last_known(year, ceiling):
    found = skills(10**9, FULL_TIME_HOURS, date(year, 3, 1))
    assert found.gift == 3 * ceiling * 100
    assert found.ceiling.since.year == min(year, 2026)


def test_no_ceiling_is_guessed_for_an_older_year():
    with pytest.raises(NotInForce):
        skills(1, 1, date(2022, 12, 31))


@given(st.integers(0, 10**7), st.decimals(0, 2000, places=2))
def test_skills_split_what_they_cost(monthly, hours):
    found = skills(monthly, hours, IN_2026)
    assert found.gift + found.not_eligible == found.cost
    assert found.gift <= found.cap


def test_goods_at_cost_price():
    """T12: ten laptops that cost 420, whatever they sell for."""
    assert goods(420_00, 10) == 4_200_00
    with pytest.raises(ValueError, match="never negative"):
        goods(-1)


def test_a_return_above_a_quarter_is_a_warning():
    """T13."""
    assert benefit_in_return(8_000_00, 2_000_00, IN_2026).share == Fraction(1, 4)
    assert not benefit_in_return(8_000_00, 2_000_00, IN_2026).is_disproportionate
    assert benefit_in_return(8_000_00, 2_000_01, IN_2026).is_disproportionate


def test_the_fine_is_the_reduction():
    """T15."""
    assert fine(10_000_00, Donor.FIRM, IN_2026) == 6_000_00
    assert fine(10_000_00, Donor.PERSON, IN_2026) == 6_600_00
    assert fine(10_000_00, Donor.PERSON_AID, IN_2026) == 7_500_00


def test_individuals():
    """1 000 € at 75 % until 2024, 2 000 € since; the rest at 66 % within a fifth of the income."""
    assert person_reduction(0, 1_500_00, 50_000_00, date(2024, 5, 1)) == 750_00 + 330_00
    assert person_reduction(0, 1_500_00, 50_000_00, date(2025, 5, 1)) == 1_125_00
    assert person_reduction(5_000_00, 0, 20_000_00, date(2025, 5, 1)) == 2_640_00


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"),
        (21, "vingt et un"),
        (22, "vingt-deux"),
        (70, "soixante-dix"),
        (71, "soixante et onze"),
        (77, "soixante-dix-sept"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (90, "quatre-vingt-dix"),
        (91, "quatre-vingt-onze"),
        (99, "quatre-vingt-dix-neuf"),
        (100, "cent"),
        (200, "deux cents"),
        (201, "deux cent un"),
        (280, "deux cent quatre-vingts"),
        (1_000, "mille"),
        (1_001, "mille un"),
        (80_000, "quatre-vingt mille"),
        (200_000, "deux cent mille"),
        (300_080, "trois cent mille quatre-vingts"),
        (1_000_000, "un million"),
        (80_000_000, "quatre-vingts millions"),
        (200_000_001, "deux cents millions un"),
        (1_000_000_000, "un milliard"),
    ],
)
def test_numbers_in_words(number, words):
    assert cardinal(number) == words


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (1_234_50, "mille deux cent trente-quatre euros et cinquante centimes"),
        (1_00, "un euro"),
        (0, "zéro euro"),
        (1, "un centime"),
        (200_80, "deux cents euros et quatre-vingts centimes"),
        (2_01, "deux euros et un centime"),
        (1_000_000_00, "un million d’euros"),
        (1_000_001_00, "un million un euros"),
        (80_000_000_00, "quatre-vingts millions d’euros"),
        (3_000_000_000_00, "trois milliards d’euros"),
    ],
)
def test_amounts_in_words(cents, words):
    assert in_letters(cents) == words


@pytest.mark.parametrize("cents", [-1, 10**14])
def test_an_amount_without_words_is_refused(cents):
    with pytest.raises(ValueError, match="No words"):
        in_letters(cents)


def test_two_amounts_never_share_their_words():
    seen = {in_letters(cents) for cents in range(0, 3_000_00, 7)}
    assert len(seen) == len(range(0, 3_000_00, 7))
