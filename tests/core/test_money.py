import pytest
from django.utils import translation

from terreau.core import money


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12 500", 1_250_000),
        ("12 500,50 €", 1_250_050),
        ("12.500,50", 1_250_050),
        ("12,500.50", 1_250_050),
        ("12500.5", 1_250_050),
        ("0,005", 1),
        ("-3", -300),
    ],
)
def test_what_people_type_becomes_cents(text, cents):
    assert money.parse(text) == cents


@pytest.mark.parametrize("text", ["", "douze", "1e400", "NaN", "9" * 20])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="montant"):
        money.parse(text)


def test_amounts_follow_the_reader():
    with translation.override("fr"):
        assert money.euros(1_250_050) == "12\u00a0500,50\u00a0€"
        assert money.euros(1_250_000) == "12\u00a0500\u00a0€"
        assert money.euros(1_250_050, decimals=0) == "12\u00a0501\u00a0€"
    with translation.override("en"):
        assert money.euros(1_250_050) == "€12,500.50"
