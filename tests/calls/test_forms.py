"""The form of a section keeps what was typed and says what is wrong at the field."""

import pytest
from django.http import QueryDict

from terreau.calls import rulebook as rb
from terreau.calls.forms import answers_form

CHOICES = (rb.Choice("a", "Le premier"), rb.Choice("b", "Le second"))
MANY = tuple(rb.Choice(f"c{i}", f"Choix {i}") for i in range(12))


def section(*questions):
    return rb.Section("s", "Section", questions=questions)


def ask(key, kind="short_text", **options):
    return rb.Question(key, kind, key.title(), **options)


ALL = section(
    ask("name", limit=5),
    ask("story", "long_text", limit=3, required=True),
    ask("staff", "number", minimum=1, maximum=9),
    ask("cost", "money", minimum=500_000),
    ask("start", "date"),
    ask("one", "choice", choices=CHOICES),
    ask("long_list", "choice", choices=MANY),
    ask("some", "choices", choices=CHOICES),
    ask("people", "counts", choices=CHOICES),
    ask("places", "territory"),
    ask("proof", "file"),
)


def posted(text, answers=None, of=ALL):
    return answers_form(of, answers or {}, QueryDict(text), {})


def test_every_kind_of_question_reads_what_was_posted():
    form = posted(
        "name=Ana&story=trois petits mots&staff=2,5&cost=12 500,50&start=01/03/2025&one=a&long_list=c3"
        "&some=b&some=a&people-a=12&people-b=&places=region:44, commune:52121"
    )
    assert form.is_valid(), form.errors
    assert form.values() == {
        "name": "Ana",
        "story": "trois petits mots",
        "staff": 2.5,
        "cost": 1_250_050,
        "start": "2025-03-01",
        "one": "a",
        "long_list": "c3",
        "some": ["a", "b"],
        "people": {"a": 12},
        "places": ["region:44", "commune:52121"],
    }


def test_a_wrong_answer_is_kept_and_explained_at_its_field():
    form = posted("story=beaucoup trop de mots&staff=douze&cost=cher&start=31/02/2025&people-a=dix")
    assert not form.is_valid()
    assert set(form.errors) == {"story", "staff", "cost", "start", "people"}
    assert form.values()["cost"] == "cher"
    page = "".join(field.as_field_group() for field in form)
    for text in ("beaucoup trop de mots", "douze", "cher", "31/02/2025", "dix"):
        assert text in page
    assert "4 mots : la limite est de 3 mots." in page
    assert 'aria-invalid="true"' in page


def test_what_is_not_posted_is_not_erased():
    assert "cost" not in posted("story=un", {"cost": 100}).values()
    assert posted("story=un").values()["some"] is None


def test_saved_answers_come_back_as_people_type_them():
    answers = {"cost": 1_250_050, "staff": 2.5, "start": "2025-03-01", "some": ["b"], "people": {"b": 7}}
    form = answers_form(ALL, answers)
    page = "".join(field.as_field_group() for field in form)
    assert "500,50" in page
    assert 'value="2,5"' in page
    assert 'value="2025-03-01"' in page
    assert 'value="7"' in page
    assert 'name="people-b"' in page  # the name under which it is read back
    assert page.count("checked") == 1 + 1  # the box, and the radio « Sans réponse »


@pytest.mark.parametrize(("kind", "valid"), [("a", True), ("b", False)])
def test_a_hidden_question_is_not_required(kind, valid):
    of = section(
        ask("one", "choice", choices=CHOICES),
        ask("why", required=True, show_if={"question": "one", "is": "b"}),
    )
    assert posted(f"one={kind}&why=", of=of).is_valid() is valid


def test_limits_are_said_before_writing():
    page = "".join(field.as_field_group() for field in answers_form(ALL, {}))
    assert "3 mots au plus." in page
    assert "Entre 1 et 9." in page
