"""The condition editor says in rows what conditions say in JSON, and keeps what rows cannot say."""

import pytest

from terreau.calls import rulebook as rb
from terreau.web.office.calls.forms.conditions import ROWS, ConditionForm, rows_of

CHOICES = (rb.Choice("pilot", "Expérimentation"), rb.Choice("scaling", "Changement d’échelle"))
QUESTIONS = {
    q.key: q
    for q in (
        rb.Question("kind", "choice", "Type", choices=CHOICES),
        rb.Question("many", "choices", "Plusieurs", choices=CHOICES),
        rb.Question("cost", "money", "Montant"),
        rb.Question("when", "date", "Début"),
        rb.Question("staff", "number", "Équipe"),
        rb.Question("name", "short_text", "Nom"),
    )
}


def posted(condition):
    """The form as a browser would post it back, untouched."""
    form = ConditionForm(condition, QUESTIONS, prefix="show")
    data = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False, ""):
            data[bound.html_name] = value
    return ConditionForm(condition, QUESTIONS, data, prefix="show")


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"question": "kind", "is": "scaling"},
        {"question": "kind", "is_not": "pilot"},
        {"question": "many", "contains": "pilot"},
        {"question": "cost", "at_least": 5_000_050},
        {"question": "when", "at_most": "2026-03-01"},
        {"question": "staff", "is": 2.5},
        {"question": "name", "answered": True},
        {"any": [{"question": "kind", "is": "pilot"}, {"question": "name", "answered": False}]},
        {"all": [{"question": "cost", "at_least": 100}, {"question": "cost", "at_most": 900}]},
        {"all": [{"question": "kind", "is": "pilot"}, {"any": [{"question": "name", "answered": True}]}]},
        {"not": {"question": "kind", "is": "pilot"}},
    ],
)
def test_a_condition_saved_as_it_is_shown_does_not_change(condition):
    form = posted(condition)
    assert form.is_valid(), form.errors
    assert form.condition() == condition


def test_one_of_several_becomes_rows_that_say_the_same():
    form = posted({"question": "kind", "in": ["pilot", "scaling"]})
    assert form.is_valid()
    assert form.condition() == {"any": [{"question": "kind", "is": "pilot"}, {"question": "kind", "is": "scaling"}]}


def test_an_advanced_condition_is_shown_in_words_and_can_be_replaced():
    condition = {"not": {"question": "kind", "is": "pilot"}}
    form = ConditionForm(condition, QUESTIONS, {"show-test_0": "name|answered|yes"}, prefix="show")
    assert "sauf si « Type » est « Expérimentation »" in form["keep"].label
    assert form.is_valid()
    assert form.condition() == {"question": "name", "answered": True}


def test_a_value_that_cannot_be_read_is_refused_at_its_row():
    data = {"show-test_1": "cost|at_least|", "show-value_1": "cher"}
    form = ConditionForm(None, QUESTIONS, data, prefix="show")
    assert not form.is_valid()
    assert form.errors == {"value_1": ["Indiquez une valeur que « Montant » peut avoir."]}
    assert form["value_1"].value() == "cher"


def test_there_is_always_an_empty_row():
    leaf = {"question": "name", "answered": True}
    assert len(ConditionForm(None, QUESTIONS, prefix="show").rows) == ROWS
    assert len(ConditionForm({"all": [leaf] * 6}, QUESTIONS, prefix="show").rows) == 7
    assert rows_of({"all": [leaf, {"question": "name"}]}) == ("all", None)
