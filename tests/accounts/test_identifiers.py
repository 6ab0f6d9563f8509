"""Worked figures of the rules (domain.md, section 4), then properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from terreau.accounts import identifiers

digits = st.text("0123456789", min_size=13, max_size=13).filter(lambda d: d[:9].strip("0") and d[:9] != "356000000")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("73282932000074", "73282932000074"),
        ("732 829 320 00074", "73282932000074"),
        ("732.829.320-00074", "73282932000074"),
        ("732\u00a0829\u202f320 00074 ", "73282932000074"),
        ("35600000000048", "35600000000048"),  # La Poste, its seat: Luhn
        ("35600000049837", "35600000049837"),  # La Poste, elsewhere: the digits add up to 45
    ],
)
def test_a_siret_is_accepted_and_tidied(text, number):
    assert identifiers.check_siret(text) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("73282932000079", "un chiffre est sans doute faux"),
        ("35600000049838", "un chiffre est sans doute faux"),
        ("7328293200007", "14 chiffres"),
        ("732829320", "14 chiffres"),
        ("7328293200007A", "14 chiffres"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "14 chiffres"),
        ("", "14 chiffres"),
        ("00000000000000", "ne désigne personne"),
    ],
)
def test_a_wrong_siret_is_told_in_words(text, words):
    with pytest.raises(ValueError, match=words):
        identifiers.check_siret(text)


def complete(text):
    """A SIREN closed by its key, then a NIC closed by the key of the whole."""
    siren = text[:8] + luhn.calc_check_digit(text[:8])
    return siren + text[9:] + luhn.calc_check_digit(siren + text[9:])


@given(digits)
def test_every_complete_siret_is_accepted_whatever_the_spacing(text):
    number = complete(text)
    if not number.startswith(("356000000", "000000000")):
        assert identifiers.check_siret(identifiers.siret_shown(number)) == number
        assert identifiers.check_siren(number[:9]) == number[:9]


@given(digits, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(text, place, shift):
    number = complete(text)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    if not wrong.startswith("356000000"):
        with pytest.raises(ValueError, match=r"\."):
            identifiers.check_siret(wrong)


@given(st.text(max_size=20))
def test_nothing_but_a_number_or_words_comes_out(text):
    for check in (identifiers.check_siret, identifiers.check_siren, identifiers.check_rna, identifiers.check_register):
        try:
            answer = check(text)
        except ValueError as refused:
            answer = str(refused)
        assert answer


@pytest.mark.parametrize("text", ["W751234567", "w 751 234 567", "W2A1234567", "W2B1234567", "W9R1234567"])
def test_an_rna_number_is_accepted(text):
    assert identifiers.check_rna(text).startswith("W")
    assert len(identifiers.check_rna(text)) == 10


@pytest.mark.parametrize("text", ["751234567", "W75123456", "W7512345678", "WA51234567", "W٧51234567", ""])
def test_a_wrong_rna_number_is_told_in_words(text):
    with pytest.raises(ValueError, match="W suivi de 9 chiffres"):
        identifiers.check_rna(text)


def test_a_local_register_reference_names_its_court():
    assert identifiers.check_register(" Mulhouse,  volume 87, folio 12 ") == "Mulhouse, volume 87, folio 12"
    for text in ("", "87/12", "Mulhouse"):
        with pytest.raises(ValueError, match="tribunal"):
            identifiers.check_register(text)


def test_a_siret_is_shown_in_groups():
    assert identifiers.siret_shown("73282932000074") == "732\u00a0829\u00a0320\u00a000074"
    assert identifiers.siret_shown(None) == ""
