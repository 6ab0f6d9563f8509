from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import LegalForm
from terreau.calls.rulebook import SEATS
from terreau.core import money

ANY = [("", _("Tous"))]


class ProjectFilters(forms.Form):
    """What narrows the list of selected projects: every choice is a value that some project has."""

    text = forms.CharField(label=_("Mots"), required=False, max_length=100)
    region = forms.ChoiceField(label=_("Région"), required=False)
    theme = forms.ChoiceField(label=_("Thème"), required=False)
    public = forms.ChoiceField(label=_("Public"), required=False)
    kind = forms.ChoiceField(label=_("Type de projet"), required=False)
    edition = forms.ChoiceField(label=_("Édition"), required=False)

    def __init__(self, data, *, rules, regions, editions):
        super().__init__(data)
        self.fields["region"].choices = [("", _("Toutes")), *((r.code, r.name) for r in regions)]
        for name, group in (("theme", "themes"), ("public", "publics"), ("kind", "kinds")):
            known = {choice.key: choice.label for book in rules.values() for choice in getattr(book, group)}
            self.fields[name].choices = ANY + sorted(known.items(), key=lambda item: item[1])
        self.fields["edition"].choices = [("", _("Toutes")), *((year, year) for year in editions)]
        self.fields["text"].widget.input_type = "search"


class EligibilityForm(forms.Form):
    """What a structure has to say of itself before applying; only what the rules of the call need is asked."""

    legal_form = forms.ChoiceField(label=_("Forme juridique de votre structure"))
    founded_on = forms.DateField(
        label=_("Date de création"),
        help_text=_("Celle de la déclaration ou de l’immatriculation."),
        widget=forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    accounts_closed = forms.TypedChoiceField(
        label=_("Avez-vous déjà clos un exercice comptable ?"),
        choices=[("True", _("Oui")), ("False", _("Non"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )
    seat = forms.ChoiceField(label=_("Où est le siège ?"), widget=forms.RadioSelect)
    publics = forms.MultipleChoiceField(
        label=_("À qui s’adresse votre projet ?"),
        help_text=_("Plusieurs réponses possibles."),
        widget=forms.CheckboxSelectMultiple,
    )
    amount = forms.CharField(
        label=_("Montant que vous pensez demander"),
        help_text=_("En euros, si vous le savez déjà."),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "class": "short"}),
    )

    def __init__(self, data, *, rules, initial):
        if (cents := initial.get("amount_cents")) is not None:
            initial = {**initial, "amount": str(cents // 100) if cents % 100 == 0 else f"{cents / 100:.2f}"}
        super().__init__(data, initial=initial)
        self.fields["legal_form"].choices = [("", _("Choisir")), *LegalForm.choices]
        self.fields["seat"].choices = list(SEATS.items())
        known = [(choice.key, choice.label) for choice in rules.publics]
        self.fields["publics"].choices = [*known, ("none", _("Aucun de ces publics"))]
        asked = {
            "legal_form": rules.eligibility.legal_forms,
            "founded_on": rules.eligibility.minimum_age_months,
            "accounts_closed": rules.eligibility.accounts_closed,
            "seat": rules.eligibility.seats,
            "publics": rules.publics,
        }
        for name, wanted in asked.items():
            if not wanted:
                del self.fields[name]

    def clean_founded_on(self):
        founded_on = self.cleaned_data["founded_on"]
        if founded_on > timezone.localdate():
            raise forms.ValidationError(_("Cette date est dans le futur."))
        return founded_on

    def clean_publics(self):
        chosen = self.cleaned_data["publics"]
        if "none" in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Choisissez des publics, ou « Aucun de ces publics », pas les deux."))
        return chosen

    def clean_amount(self):
        text = self.cleaned_data["amount"].strip()
        try:
            cents = money.parse(text) if text else None
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from problem
        if cents is not None and cents <= 0:
            raise forms.ValidationError(_("Le montant doit être positif."))
        return cents

    def kept(self):
        """The answers as JSON, for the session."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "amount"}
        if founded_on := answers.get("founded_on"):
            answers["founded_on"] = founded_on.isoformat()
        return {**answers, "amount_cents": self.cleaned_data["amount"]}
