"""The condition editor: rows of plain selects, « Type de projet est Expérimentation », joined by all or any.

A condition deeper than rows can say (written by hand in a file) is shown in words and kept until it is replaced.
"""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.calls import rulebook
from terreau.calls.forms import as_typed
from terreau.calls.rulebook.conditions import TESTS

ROWS = 4
NEEDS_VALUE = {
    "number": ("at_least", "at_most", "is"),
    "money": ("at_least", "at_most"),
    "date": ("at_least", "at_most"),
}
TEST_WORDS = {
    "at_least": gettext_lazy("vaut au moins…"),
    "at_most": gettext_lazy("vaut au plus…"),
    "is": gettext_lazy("est exactement…"),
}


def options_for(questions: Mapping[str, rulebook.Question]) -> list:
    """Every test that a row can choose, grouped by question."""
    groups = [(question.label, list(_options(question))) for question in questions.values()]
    return [("", _("Pas de condition")), *groups]


def _options(question):
    key = question.key
    if question.kind == "choice":
        for choice in question.choices:
            yield f"{key}|is|{choice.key}", _("%(q)s est « %(c)s »") % {"q": question.label, "c": choice.label}
        for choice in question.choices:
            yield (
                f"{key}|is_not|{choice.key}",
                _("%(q)s n’est pas « %(c)s »") % {"q": question.label, "c": choice.label},
            )
    if question.kind in {"choices", "counts"}:
        for choice in question.choices:
            yield (
                f"{key}|contains|{choice.key}",
                _("%(q)s contient « %(c)s »") % {"q": question.label, "c": choice.label},
            )
    for test in NEEDS_VALUE.get(question.kind, ()):
        yield f"{key}|{test}|", f"{question.label} {TEST_WORDS[test]}"
    yield f"{key}|answered|yes", _("%s a une réponse") % question.label
    yield f"{key}|answered|no", _("%s n’a pas de réponse") % question.label


class ConditionForm(forms.Form):
    """The rows of one condition. `questions` are those it may look at."""

    joiner = forms.ChoiceField(
        label=gettext_lazy("Quand plusieurs lignes sont remplies"),
        choices=[("all", gettext_lazy("toutes doivent être vraies")), ("any", gettext_lazy("une seule suffit"))],
        required=False,
    )

    def __init__(self, condition, questions, data=None, *, prefix):
        self.before, self.questions = condition, questions
        joiner, rows = rows_of(condition)
        self.advanced = bool(condition) and rows is None
        super().__init__(data, prefix=prefix, initial={"joiner": joiner})
        if self.advanced:
            words = rulebook.condition_in_words(condition, questions)
            label = _("Garder la condition actuelle : %s") % words
            self.fields["keep"] = forms.BooleanField(label=label, required=False, initial=True)
        for i in range(max(ROWS, len(rows or ()) + 1)):
            self._add_row(i, rows[i] if rows and i < len(rows) else ("", None))

    def _add_row(self, i, row):
        test, value = row
        question = self.questions.get(test.split("|")[0])
        self.fields[f"test_{i}"] = forms.ChoiceField(
            label=_("Condition %s") % (i + 1), choices=options_for(self.questions), required=False, initial=test
        )
        self.fields[f"value_{i}"] = forms.CharField(
            label=_("Valeur de la condition %s") % (i + 1),
            required=False,
            initial=as_typed(question, value) if question else value,
            max_length=60,
            widget=forms.TextInput({"class": "short", "autocomplete": "off"}),
        )

    @property
    def rows(self):
        """Pairs of bound fields, for the template."""
        count = sum(name.startswith("test_") for name in self.fields)
        return [(self[f"test_{i}"], self[f"value_{i}"]) for i in range(count)]

    def clean(self):
        self.leaves = []
        for test_field, _value in self.rows:
            if chosen := self.cleaned_data.get(test_field.name):
                self._read_row(test_field.name.removeprefix("test_"), chosen)
        return self.cleaned_data

    def _read_row(self, i, chosen):
        key, test, wanted = chosen.split("|")
        if test == "answered":
            self.leaves.append({"question": key, test: wanted == "yes"})
        elif wanted:
            self.leaves.append({"question": key, test: wanted})
        else:
            question = self.questions[key]
            value = rulebook.normalise(question, self.cleaned_data.get(f"value_{i}"))
            if rulebook.well_formed(question, value):
                self.leaves.append({"question": key, test: value})
            else:
                self.add_error(f"value_{i}", _("Indiquez une valeur que « %s » peut avoir.") % question.label)

    def condition(self):
        """The condition that the rows say; None where they are empty."""
        if self.advanced and self.cleaned_data.get("keep"):
            return self.before
        if not self.leaves:
            return None
        return self.leaves[0] if len(self.leaves) == 1 else {self.cleaned_data["joiner"] or "all": self.leaves}


def rows_of(condition):
    """How rows would say a condition: the joiner and (option, value) pairs; no rows where they cannot."""
    if not condition:
        return "all", []
    joiner, parts = "all", [condition]
    if set(condition) in ({"all"}, {"any"}):
        [(joiner, parts)] = condition.items()
    elif set(condition) == {"question", "in"}:
        joiner, parts = "any", [{"question": condition["question"], "is": value} for value in condition["in"]]
    rows = [_row(part) for part in parts]
    return joiner, None if None in rows else rows


def _row(leaf):
    tests = [test for test in TESTS if test in leaf]
    if set(leaf) != {"question", *tests} or len(tests) != 1 or tests == ["in"]:
        return None
    key, test, wanted = leaf["question"], tests[0], leaf[tests[0]]
    if test == "answered":
        return f"{key}|answered|{'yes' if wanted else 'no'}", None
    if test in {"contains", "is_not"} or (test == "is" and isinstance(wanted, str)):
        return f"{key}|{test}|{wanted}", None
    return f"{key}|{test}|", wanted
