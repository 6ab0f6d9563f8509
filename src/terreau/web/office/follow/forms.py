"""What the office types while it follows a project."""

from dataclasses import asdict

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from terreau.core import money
from terreau.funding.lifecycle import ReportKind
from terreau.funding.rulebook import reporting


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class VisitForm(forms.Form):
    on = forms.DateField(label=_("Date de la visite"), widget=Day(), initial=timezone.localdate)
    met = forms.CharField(label=_("Personnes rencontrées"), max_length=300, help_text=_("Des membres de l’équipe."))
    note = forms.CharField(
        label=_("Ce qui a été vu"),
        widget=forms.Textarea({"rows": 5}),
        max_length=20_000,
        help_text=_("Ni nom de participant, ni information de santé."),
    )
    next_step = forms.CharField(label=_("Suite à donner"), max_length=300, required=False)
    next_on = forms.DateField(label=_("Avant le"), widget=Day(), required=False)


class ReviewForm(forms.Form):
    message = forms.CharField(
        label=_("Message au porteur"),
        widget=forms.Textarea({"rows": 4}),
        max_length=10_000,
        required=False,
        help_text=_("Nécessaire pour demander un complément."),
    )


class WaiveForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), widget=forms.Textarea({"rows": 3}), max_length=1000)


class RecoverForm(forms.Form):
    amount = forms.CharField(label=_("Montant reçu, en euros"), max_length=40)
    on = forms.DateField(label=_("Reçu le"), widget=Day(), initial=timezone.localdate)

    def clean_amount(self):
        try:
            return money.parse(self.cleaned_data["amount"])
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None


LABELS = {
    "final_months": _("Bilan final : mois après la fin du projet"),
    "milestone_lead_days": _("Point d’étape : jours avant le versement"),
    "follow_up_months": _("Suivis : mois après la fin (séparés par des virgules)"),
    "remind_days": _("Rappels : jours par rapport à la date (négatif : avant)"),
    "explain_percent": _("Écart à expliquer : au-delà de (%)"),
    "explain_cents": _("Écart à expliquer : au-delà de (€)"),
    "repay_days": _("Reversement : délai en jours"),
    "visit_days": _("À risque : jours sans visite"),
    "spending_percent": _("À risque : écart de dépense, en points"),
    "participants_percent": _("À risque : part minimale des participants attendus (%)"),
}
LISTS = {"follow_up_months", "remind_days"}


class ParametersForm(forms.Form):
    """The parameters from one day on, each with where it comes from."""

    applies_from = forms.DateField(label=_("En vigueur le"), widget=Day(), initial=timezone.localdate)
    source = forms.CharField(label=_("Source : décision, règlement, article"), max_length=200)

    def __init__(self, *args, current, **options):
        plain = reporting.dump(current)
        shown = {name: ", ".join(map(str, plain[name])) if name in LISTS else plain[name] for name in LABELS}
        shown["explain_cents"] = f"{current.explain_cents / 100:g}"
        super().__init__(*args, initial=shown, **options)
        for name, label in LABELS.items():
            self.fields[name] = forms.CharField(label=label, help_text=reporting.SOURCES[name], max_length=60)
        self.order_fields([*LABELS, "applies_from", "source"])

    def clean(self):
        cleaned = super().clean()
        values = {}
        for name in LABELS:
            if name in cleaned:
                try:
                    values[name] = self._value(name, cleaned[name])
                    reporting.parse({name: values[name]})
                except ValueError as problem:
                    self.add_error(name, str(problem))
        return cleaned | {"values": values}

    def _value(self, name, text):
        if name == "explain_cents":
            return money.parse(text)
        try:
            numbers = [int(part) for part in text.split(",")]
        except ValueError:
            raise ValueError(_("Écrivez un nombre entier.")) from None
        if name in LISTS:
            return numbers
        if len(numbers) > 1:
            raise ValueError(_("Écrivez un seul nombre."))
        return numbers[0]


class QuestionForm(forms.Form):
    """One question of the qualitative part. Its key never changes: the answers are kept under it."""

    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())
    title = forms.CharField(
        label=_("Question"), required=False, max_length=120, help_text=_("Sans titre, la question est retirée.")
    )
    help = forms.CharField(label=_("Aide pour répondre"), required=False, max_length=300)
    kinds = forms.MultipleChoiceField(
        label=_("Posée dans"), choices=ReportKind.choices, required=False, widget=forms.CheckboxSelectMultiple()
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("title") and not cleaned.get("kinds"):
            self.add_error("kinds", _("Cochez au moins un rapport."))
        return cleaned


class _QuestionForms(forms.BaseFormSet):
    def sections(self):
        """The questions in order, as the rules keep them; a new one takes its key from its title."""
        asked = [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]
        taken = {said["key"] for said in asked if said["key"]}
        for said in asked:
            said["key"] = said["key"] or self._free_key(said["title"], taken)
            taken.add(said["key"])
        return [asdict(reporting.Section(**said | {"kinds": tuple(said["kinds"])})) for said in asked]

    @staticmethod
    def _free_key(title, taken):
        stem = f"q-{slugify(title)}"[:16].strip("-")
        return next(key for n in range(1, 100) if (key := f"{stem}-{n}" if n > 1 else stem) not in taken)


def question_forms(data, current):
    """Those in force, and two empty ones."""
    made = forms.formset_factory(QuestionForm, formset=_QuestionForms, extra=2, max_num=20, absolute_max=20)
    shown = [asdict(section) | {"kinds": list(section.kinds)} for section in current.sections]
    return made(data, initial=shown, prefix="questions")
