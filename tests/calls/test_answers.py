"""What each kind of question accepts, and what it says otherwise."""

from datetime import date

import pytest

from terreau.calls import rulebook as rb

NBSP = "\u00a0"
CHOICES = (rb.Choice("a", "Le premier"), rb.Choice("b", "Le second"), rb.Choice("c", "Le troisième"))


def question(kind, **options):
    return rb.Question("q", kind, "Question", choices=CHOICES, **options)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("short_text", "  Bonjour ", "Bonjour"),
        ("long_text", "un\r\ndeux", "un\ndeux"),
        ("number", "12,5", 12.5),
        ("number", "1 200", 1200),
        ("number", "12.0", 12),
        ("number", "douze", "douze"),
        ("money", "12 500,50 €", 1_250_050),
        ("money", "beaucoup", "beaucoup"),
        ("date", "1/3/2025", "2025-03-01"),
        ("date", date(2025, 3, 1), "2025-03-01"),
        ("date", "31/02/2025", "31/02/2025"),
        ("choice", "le second", "b"),
        ("choices", "Le second; le premier", ["a", "b"]),
        ("choices", ["c", "a", "a"], ["a", "c"]),
        ("counts", {"b": "12", "a": "", "c": "3"}, {"b": 12, "c": 3}),
        ("counts", "Le premier: 4; c: 2", {"a": 4, "c": 2}),
        ("territory", "commune:52121, region:44", ["commune:52121", "region:44"]),
        ("long_text", " ", None),
        ("choices", [], None),
    ],
)
def test_what_was_typed_becomes_a_value(kind, raw, value):
    assert rb.normalise(question(kind), raw) == value


@pytest.mark.parametrize(
    ("asked", "value", "said"),
    [
        (question("short_text", required=True), "", ["Cette réponse est nécessaire."]),
        (question("short_text"), None, []),
        (question("short_text", limit=3), "long", ["4 caractères : la limite est de 3 caractères."]),
        (question("long_text", limit=3), "L’eau est : claire, ici", ["4 mots : la limite est de 3 mots."]),
        (question("long_text", limit=4), "12 500 € – pour tous", []),
        (question("number", minimum=2, maximum=4), 5, ["Le maximum est 4."]),
        (question("number", minimum=2), 1.5, ["Le minimum est 2."]),
        (question("number"), "douze", ["« douze » n’est pas un nombre."]),
        (question("money", minimum=500_000), 100, [f"Le minimum est 5 000{NBSP}€."]),
        (question("money"), "beaucoup", ["« beaucoup » n’est pas un montant."]),
        (question("date"), "31/02/2025", ["« 31/02/2025 » n’est pas une date (jour/mois/année)."]),
        (question("date"), "2025-03-01", []),
        (question("choice"), "z", ["« z » n’est pas dans la liste."]),
        (question("choices", maximum=1), ["a", "b"], ["Choisissez au plus 1 réponse."]),
        (question("choices", minimum=2), ["a"], ["Choisissez au moins 2 réponses."]),
        (question("counts"), {"a": 3}, []),
        (question("counts"), {"a": -3}, ["Indiquez des nombres entiers, sans signe."]),
        (question("counts", required=True), {"a": 0}, ["Cette réponse est nécessaire."]),
        (question("territory"), ["commune:2A004"], []),
        (question("territory"), ["ailleurs"], ["« ailleurs » n’est pas un territoire connu."]),
        (question("file"), {"name": "statuts.pdf"}, []),
        (question("file", required=True), None, ["Cette réponse est nécessaire."]),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(asked, value, said):
    found = rb.check_answer(asked, value, {})
    assert [text.replace("\u202f", " ").replace("5\u00a0000", "5 000") for text in found] == said


def test_a_condition_of_validity_speaks_with_its_own_message():
    needed = {"any": [{"question": "kind", "is_not": "scaling"}, {"question": "q", "at_least": 12}]}
    asked = question("number", valid_if=needed, message="Un changement d’échelle dure un an au moins.")
    assert rb.check_answer(asked, 6, {"kind": "scaling"}) == ["Un changement d’échelle dure un an au moins."]
    assert rb.check_answer(asked, 6, {"kind": "pilot"}) == []
    assert rb.check_answer(asked, 12, {"kind": "scaling"}) == []


def test_answers_are_read_back_in_words():
    assert rb.in_words(question("choices"), ["a", "c"]) == "Le premier, Le troisième"
    assert rb.in_words(question("counts"), {"a": 4, "b": 0}) == "Le premier : 4"
    assert rb.in_words(question("money"), 500_000).endswith("€")
    assert rb.in_words(question("date"), "2025-03-01") == "1 mars 2025"
    assert rb.in_words(question("number"), "douze") == "douze"
