"""The form of a section: one field a question, shared by the office's preview and the applicant's space.

Nothing typed is ever lost: a field never refuses a value, it keeps it and says what is wrong. A draft saves
`form.values()` whatever the errors; a submission asks `form.is_valid()`.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from terreau.calls import rulebook
from terreau.calls.rulebook.answers import shown_bound
from terreau.calls.rulebook.text import is_date
from terreau.core import money

MOST_RADIOS = 8  # beyond, a list to unfold


class DayInput(forms.DateInput):
    """A day picker; text where what was typed is no date, so that it is shown again."""

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = "date" if not value or is_date(value) else "text"
        return context


class CountsInput(forms.MultiWidget):
    """A whole number beside each choice, posted as `key-choice`."""

    template_name = "ui/counts.html"
    use_fieldset = True

    def __init__(self, choices):
        self.choices = choices
        number = {"inputmode": "numeric", "autocomplete": "off", "class": "form-control short"}
        super().__init__([forms.TextInput(number) for _choice in choices])
        self.widgets_names = [f"-{c.key}" for c in choices]  # Django would put an underscore before each

    def decompress(self, value):
        value = value if isinstance(value, dict) else {}
        return [value.get(c.key) for c in self.choices]

    def value_from_datadict(self, data, files, name):  # noqa: ARG002 - Django's signature
        return {c.key: data.get(f"{name}-{c.key}", "") for c in self.choices}

    def get_context(self, name, value, attrs):
        if isinstance(value, dict):
            value = self.decompress(value)
        context = super().get_context(name, value, attrs)
        for choice, widget in zip(self.choices, context["widget"]["subwidgets"], strict=True):
            widget["label"] = choice.label
        return context

    def id_for_label(self, id_):  # noqa: ARG002 - as above
        return ""


class AnswerField(forms.Field):
    """A question of a rulebook. It reads anything; `AnswersForm` says what is wrong.

    `{{ field.as_field_group }}` shows it, the same everywhere.
    """

    def __init__(self, question: rulebook.Question, widget: forms.Widget | None = None, **options):
        self.question = question
        options.setdefault("template_name", "ui/question.html")
        options |= {"label": question.label, "help_text": help_of(question), "required": question.required}
        super().__init__(widget=widget or widget_of(question), **options)

    def validate(self, value):
        """The form checks, with the other answers at hand."""

    def to_python(self, value):
        return rulebook.normalise(self.question, value)

    def prepare_value(self, value):
        listed = isinstance(value, list) and not isinstance(self.widget, forms.TextInput)
        return value if listed else as_typed(self.question, value)

    def has_changed(self, initial, data):
        return rulebook.normalise(self.question, initial) != rulebook.normalise(self.question, data)

    def bound_data(self, data, initial):
        return initial if self.disabled else data


class ChoiceAnswerField(AnswerField):
    """Radio buttons, boxes or a list: the widget needs the choices."""

    def __init__(self, question: rulebook.Question, widget: forms.Widget | None = None, **options):
        super().__init__(question, widget, **options)
        choices = [(c.key, c.label) for c in question.choices]
        if question.kind == "choice" and isinstance(self.widget, forms.Select) and len(choices) > MOST_RADIOS:
            choices = [("", _("Choisir")), *choices]
        elif question.kind == "choice" and not question.required:
            choices.append(("", _("Sans réponse")))
        self.widget.choices = choices


def widget_of(question: rulebook.Question) -> forms.Widget:
    """The control of each kind of question."""
    match question.kind:
        case "long_text":
            rows = 12 if (question.limit or 0) > 250 else 6
            return forms.Textarea({"rows": rows, "data-words": question.limit or ""})
        case "number" | "money":
            return forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "short"})
        case "date":
            return DayInput({"class": "short"})
        case "choice" | "choices" | "counts":
            return _choosing(question)
    return forms.FileInput() if question.kind == "file" else forms.TextInput({"data-characters": question.limit or ""})


def _choosing(question: rulebook.Question) -> forms.Widget:
    if question.kind == "counts":
        return CountsInput(question.choices)
    if question.kind == "choices":
        return forms.CheckboxSelectMultiple()
    return forms.RadioSelect() if len(question.choices) <= MOST_RADIOS else forms.Select()


def help_of(question: rulebook.Question) -> str:
    """The help written in the office, then the limits in words."""
    return "\n".join(text for text in (question.help, limits_in_words(question)) if text)


def limits_in_words(question: rulebook.Question) -> str:
    """« 300 mots au plus », « Entre 5 000 € et 200 000 € », « Trois réponses au plus »."""
    if question.limit and question.kind == "long_text":
        return _("%s mots au plus.") % number_format(question.limit)
    if question.limit and question.kind == "short_text":
        return _("%s caractères au plus.") % number_format(question.limit)
    if question.kind in {"choices", "territory"} and question.maximum is not None:
        return _("%s réponses au plus.") % int(question.maximum)
    if question.kind in {"number", "money"}:
        return _range_in_words(question)
    return ""


def _range_in_words(question: rulebook.Question) -> str:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None:
        return _("Entre %(low)s et %(high)s.") % {
            "low": shown_bound(question, low),
            "high": shown_bound(question, high),
        }
    if low is not None:
        return _("%s au moins.") % shown_bound(question, low)
    return _("%s au plus.") % shown_bound(question, high) if high is not None else ""


def as_typed(question: rulebook.Question, value: Any) -> Any:
    """A value as a person would type it: euros for cents, a decimal comma; text that could not be read as it was."""
    if question.kind == "money" and isinstance(value, int) and not isinstance(value, bool):
        return money.euros(value).replace("€", "").strip("\u00a0\u202f ")
    if question.kind == "number" and isinstance(value, int | float):
        return number_format(value, use_l10n=True)
    if question.kind == "territory" and isinstance(value, list):
        return ", ".join(map(str, value))
    return value


def answer_field(question: rulebook.Question, widget: forms.Widget | None = None) -> AnswerField:
    """The form field of one question; `widget` takes the place of the usual control (a picker of territories)."""
    kind = ChoiceAnswerField if question.kind in {"choice", "choices"} else AnswerField
    return kind(question, widget)


class AnswersForm(forms.Form):
    """The questions of one section over the answers so far. `widgets` gives other controls to some kinds."""

    use_required_attribute = False  # a draft may be saved with holes

    def __init__(self, section: rulebook.Section, answers: Mapping[str, Any], *args, widgets=None, **options):
        options.setdefault("initial", {q.key: answers.get(q.key) for q in section.questions})
        super().__init__(*args, **options)
        self.section, self.answers = section, answers
        for question in section.questions:
            made = (widgets or {}).get(question.kind)
            self.fields[question.key] = answer_field(question, made() if made else None)

    def values(self) -> dict[str, Any]:
        """Every posted answer as a JSON value, right or wrong."""
        return {q.key: rulebook.normalise(q, self._raw(q.key)) for q in self.section.questions if self._posted(q.key)}

    def _raw(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(self.data, self.files, name)

    def _posted(self, name: str) -> bool:
        """Boxes that nobody ticked post nothing: they count as posted with the rest of the form."""
        widget = self.fields[name].widget
        if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect | CountsInput):
            return self.is_bound
        return not widget.value_omitted_from_data(self.data, self.files, name)

    def clean(self):
        merged = {**self.answers, **self.cleaned_data}
        for question in self.section.questions:
            if not rulebook.shown(question, merged):
                continue
            for sentence in rulebook.check_answer(question, merged.get(question.key), merged):
                self.add_error(question.key, sentence)
        return self.cleaned_data


def answers_form(section: rulebook.Section, answers: Mapping[str, Any], data=None, files=None, **options):
    """The form of a section; `data` and `files` are those of the request when it posts."""
    return AnswersForm(section, answers, data, files, **options)
