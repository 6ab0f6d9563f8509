"""One form for each thing that comes in a list: window, criterion, document, section, question.

A form knows the rules it edits and the item it changes; `item()` gives the new value.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.calls import rulebook
from terreau.calls.rulebook import edit
from terreau.calls.rulebook.changes import QUESTION_KINDS
from terreau.web.office.calls.forms.conditions import ConditionForm
from terreau.web.office.calls.forms.fields import DayField, LinesField, MomentField
from terreau.web.ui.fields import EurosField, NumberField

WHOLE = {"short_text", "long_text"}  # kinds that take a limit
CHOSEN = {"choice", "choices", "counts"}  # kinds that need choices
BOUNDED = {"number", "money", "choices", "territory"}  # kinds that take bounds


class ItemForm(forms.Form):
    """What all items share: the rules before, the item before (none for a new one), conditions beside the form."""

    part = ""
    shown_when = False

    def __init__(self, rules, before=None, section="", data=None):
        super().__init__(data, initial=self.initial_of(before) if before else None)
        self.before_rules, self.before, self.section = rules, before, section
        self.conditions = self.condition_forms(data)

    def initial_of(self, before):
        return {name: getattr(before, name) for name in self.base_fields if hasattr(before, name)}

    def condition_forms(self, data):
        if not self.shown_when:
            return {}
        condition = self.before.show_if if self.before else None
        return {"show_if": ConditionForm(condition, self.readable(), data, prefix="show")}

    def readable(self):
        """The questions that a condition for showing may look at: those asked before."""
        later = set() if self.part == "documents" else set(self.not_yet_asked())
        return {k: q for k, q in rulebook.all_questions(self.before_rules).items() if k not in later}

    def not_yet_asked(self):
        """The keys of the questions that come with this item or after it."""
        mine = self.before.key if self.before else ""
        home = self.section if self.part == "questions" else mine
        reached = False
        for section in self.before_rules.sections:
            reached = reached or (self.part == "sections" and section.key == home)
            for question in section.questions:
                reached = reached or (self.part == "questions" and question.key == mine)
                if reached:
                    yield question.key
            reached = reached or section.key == home

    def is_valid(self):
        """The form and its conditions, each checked so that every error is shown at once."""
        return all([super().is_valid(), *(form.is_valid() for form in self.conditions.values())])

    def all_forms(self):
        return [self, *self.conditions.values()]

    def key(self, taken):
        return self.before.key if self.before else edit.new_key(self.cleaned_data.get("label", ""), taken)

    def when(self):
        return {name: form.condition() for name, form in self.conditions.items()}


class WindowForm(ItemForm):
    part = "windows"
    label = forms.CharField(
        label=gettext_lazy("Nom"), help_text=gettext_lazy("Par exemple : Mai 2026."), max_length=100
    )
    opens_at = MomentField(label=gettext_lazy("Ouverture"))
    deadline = MomentField(
        label=gettext_lazy("Date limite de dépôt"), help_text=gettext_lazy("La dernière minute compte entière.")
    )
    committee_on = DayField(label=gettext_lazy("Date du comité"), required=False)
    envelope_cents = EurosField(label=gettext_lazy("Enveloppe, en euros"))

    def clean(self):
        data = self.cleaned_data
        opens, deadline, committee = data.get("opens_at"), data.get("deadline"), data.get("committee_on")
        if deadline:
            data["deadline"] = deadline = self.fields["deadline"].whole_minute(deadline)
        if opens and deadline and deadline <= opens:
            self.add_error("deadline", _("La date limite précède l’ouverture."))
        if committee and deadline and committee < deadline.date():
            self.add_error("committee_on", _("Le comité se réunit avant la date limite."))
        return data

    def item(self):
        return rulebook.WindowRule(key=self.key({w.key for w in self.before_rules.windows}), **self.cleaned_data)


class CriterionForm(ItemForm):
    part = "criteria"
    label = forms.CharField(label=gettext_lazy("Nom"), max_length=120)
    weight = NumberField(
        label=gettext_lazy("Poids"),
        help_text=gettext_lazy("Les poids se comparent entre eux : 20 pèse deux fois 10."),
        at_least=0,
    )
    maximum = forms.IntegerField(label=gettext_lazy("Note maximale"), min_value=1, max_value=100, initial=5)
    guidance = forms.CharField(
        label=gettext_lazy("Repères pour noter"),
        help_text=gettext_lazy("Montrés aux jurés : ce que vaut 0, ce que vaut la note maximale."),
        widget=forms.Textarea({"rows": 5}),
        required=False,
    )

    def item(self):
        return rulebook.Criterion(key=self.key({c.key for c in self.before_rules.criteria}), **self.cleaned_data)


class DocumentForm(ItemForm):
    part = "documents"
    shown_when = True
    label = forms.CharField(label=gettext_lazy("Nom de la pièce"), max_length=120)
    help = forms.CharField(label=gettext_lazy("Aide"), widget=forms.Textarea({"rows": 3}), required=False)
    required = forms.BooleanField(label=gettext_lazy("Pièce obligatoire"), required=False, initial=True)

    def item(self):
        key = self.key(edit.all_keys(self.before_rules))
        return rulebook.DocumentRule(key=key, **self.cleaned_data, **self.when())


class SectionForm(ItemForm):
    part = "sections"
    shown_when = True
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=120)
    help = forms.CharField(
        label=gettext_lazy("Introduction"),
        help_text=gettext_lazy("Montrée sous le titre."),
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )

    def item(self):
        taken = edit.all_keys(self.before_rules) | {"identity"}
        key = self.before.key if self.before else edit.new_key(self.cleaned_data["title"], taken)
        questions = self.before.questions if self.before else ()
        return rulebook.Section(key=key, questions=questions, **self.cleaned_data, **self.when())


class QuestionForm(ItemForm):
    part = "questions"
    shown_when = True
    label = forms.CharField(label=gettext_lazy("Question"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Type de réponse"), choices=list(QUESTION_KINDS.items()))
    help = forms.CharField(
        label=gettext_lazy("Aide"),
        help_text=gettext_lazy("Une phrase ou deux, montrées sous la question."),
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )
    required = forms.BooleanField(label=gettext_lazy("Réponse obligatoire"), required=False)
    choices = LinesField(
        label=gettext_lazy("Choix proposés"),
        help_text=gettext_lazy("Un par ligne. Pour les questions à choix."),
        required=False,
    )
    limit = forms.IntegerField(
        label=gettext_lazy("Longueur maximale"),
        help_text=gettext_lazy("En mots pour un texte long, en caractères pour un texte court."),
        min_value=1,
        max_value=20000,
        required=False,
    )
    minimum = NumberField(
        label=gettext_lazy("Minimum"),
        help_text=gettext_lazy("Nombre, montant en euros, ou nombre de réponses à choisir."),
        required=False,
    )
    maximum = NumberField(label=gettext_lazy("Maximum"), required=False)
    home = forms.ChoiceField(label=gettext_lazy("Section"))
    message = forms.CharField(
        label=gettext_lazy("Message quand la réponse ne convient pas"), max_length=300, required=False
    )

    def __init__(self, rules, before=None, section="", data=None):
        super().__init__(rules, before, section, data)
        self.fields["home"].choices = [(s.key, s.title) for s in rules.sections]
        self.initial["home"] = section

    def initial_of(self, before):
        initial = super().initial_of(before) | {"choices": [c.label for c in before.choices]}
        if before.kind == "money":
            initial |= {name: v / 100 for name in ("minimum", "maximum") if (v := initial[name]) is not None}
        return initial

    def condition_forms(self, data):
        before = self.before
        valid = rulebook.all_questions(self.before_rules)
        if before:
            valid = {before.key: before, **valid}
        forms_ = super().condition_forms(data)
        forms_["valid_if"] = ConditionForm(before.valid_if if before else None, valid, data, prefix="valid")
        return forms_

    def clean(self):
        data = self.cleaned_data
        kind, low, high = data.get("kind"), data.get("minimum"), data.get("maximum")
        if kind in CHOSEN and not data.get("choices"):
            self.add_error("choices", _("Écrivez au moins un choix."))
        if low is not None and high is not None and low > high:
            self.add_error("maximum", _("Le maximum est plus petit que le minimum."))
        return data

    def item(self):
        data = dict(self.cleaned_data)
        kind = data["kind"]
        before = self.before.choices if self.before else ()
        self.home = data.pop("home")
        data["choices"] = edit.choices_from_lines(data["choices"], before) if kind in CHOSEN else ()
        data["limit"] = data["limit"] if kind in WHOLE else None
        for name in ("minimum", "maximum"):
            value = data[name] if kind in BOUNDED else None
            data[name] = round(value * 100) if value is not None and kind == "money" else value
        key = (
            self.before.key if self.before else edit.new_key(data["label"], edit.all_keys(self.before_rules) | RESERVED)
        )
        return rulebook.Question(key=key, **data, **self.when())


RESERVED = {*rulebook.BUILT_IN, "identity"}
FORMS = {form.part: form for form in (WindowForm, CriterionForm, DocumentForm, SectionForm, QuestionForm)}
