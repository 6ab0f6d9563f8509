"""What the office types on a file."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.selection.lifecycle import Verdict
from terreau.territories.models import Level, Territory

LONG = {"rows": 4}
WORKING_DAYS = 10  # customary delay for missing pieces; the officer changes it in the form
OTHER = "other"


def after_working_days(day, number):
    """The day that many working days later, week-ends left out."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), widget=forms.Textarea(LONG), max_length=4000)


class ShareForm(forms.Form):
    regions = forms.ModelMultipleChoiceField(
        Territory.objects.none(),
        label=_("Régions"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Les délégué·es de ces régions verront le dossier. La région principale le voit toujours."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["regions"].queryset = Territory.objects.filter(level=Level.REGION).order_by("name")


class MissingForm(forms.Form):
    items = forms.MultipleChoiceField(label=_("Ce qui manque"), widget=forms.CheckboxSelectMultiple, required=False)
    other = forms.CharField(
        label=_("Autre chose"), widget=forms.Textarea({"rows": 2}), required=False, help_text=_("Un élément par ligne.")
    )
    message = forms.CharField(label=_("Message au porteur"), widget=forms.Textarea(LONG), required=False)
    due_on = forms.DateField(
        label=_("À fournir avant le"),
        widget=forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d"),
        help_text=_("Dix jours ouvrés sont proposés."),
    )

    def __init__(self, *args, lines=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(line.label, line.label) for line in lines]
        self.initial.setdefault("items", [line.label for line in lines if line.ok is False])
        self.initial.setdefault("due_on", after_working_days(timezone.localdate(), WORKING_DAYS))

    def clean_due_on(self):
        if self.cleaned_data["due_on"] <= timezone.localdate():
            raise forms.ValidationError(_("Le délai doit se terminer après aujourd’hui."))
        return self.cleaned_data["due_on"]

    def clean(self):
        kept = super().clean()
        others = [line.strip() for line in kept.get("other", "").splitlines() if line.strip()]
        kept["asked"] = [*kept.get("items", []), *others]
        if not kept["asked"]:
            self.add_error("items", _("Dites ce qui manque."))
        return kept


class IneligibleForm(forms.Form):
    rule = forms.ChoiceField(label=_("Règle non remplie"), widget=forms.RadioSelect)
    other = forms.CharField(label=_("Autre règle"), max_length=300, required=False)
    reason = forms.CharField(label=_("Motif, lu par le porteur"), widget=forms.Textarea(LONG), max_length=4000)

    def __init__(self, *args, lines=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [*((line.label, line.label) for line in lines), (OTHER, _("Une autre règle"))]
        broken = [line.label for line in lines if line.ok is False]
        self.initial.setdefault("rule", broken[0] if broken else None)

    def clean(self):
        kept = super().clean()
        if kept.get("rule") == OTHER and not kept.get("other", "").strip():
            self.add_error("other", _("Écrivez la règle."))
        kept["named"] = kept.get("other", "").strip() if kept.get("rule") == OTHER else kept.get("rule", "")
        return kept


class MessageForm(forms.Form):
    body = forms.CharField(label=_("Votre message"), widget=forms.Textarea(LONG), max_length=10_000)


class OpinionForm(forms.Form):
    """The grid of the call: one integer score a criterion, all optional until the opinion is rendered."""

    verdict = forms.ChoiceField(
        label=_("Avis"), choices=Verdict.choices, widget=forms.RadioSelect, required=False, initial=""
    )
    text = forms.CharField(
        label=_("Motivation"),
        widget=forms.Textarea({"rows": 8}),
        required=False,
        max_length=10_000,
        help_text=_("Ce que vous savez du territoire, de la structure, de ses partenaires ; vos réserves."),
    )

    def __init__(self, *args, criteria=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            choices = [("", _("Sans note")), *((n, str(n)) for n in range(criterion.maximum + 1))]
            self.fields[f"score-{criterion.key}"] = forms.TypedChoiceField(
                label=criterion.label,
                help_text=criterion.guidance,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )

    def scored(self):
        """The fields of the grid, in the order of the call."""
        return [self[f"score-{criterion.key}"] for criterion in self.criteria]

    def scores(self):
        return {criterion.key: self.cleaned_data[f"score-{criterion.key}"] for criterion in self.criteria}
