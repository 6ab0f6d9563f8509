"""Input about jurors, shared by their own page and the office's."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.accounts.forms import CommuneField
from terreau.accounts.identifiers import check_siren
from terreau.accounts.models import Membership
from terreau.calls.models import Call
from terreau.projects.queries import rules_by_call
from terreau.selection.models import JurorProfile
from terreau.territories.models import Level, Territory

GROUPS = ("themes", "publics")


class JurorProfileForm(forms.Form):
    """Everything is optional. Choices are those of the rules in force of the funder's calls."""

    themes = forms.MultipleChoiceField(
        label=_("Thèmes que vous connaissez"), required=False, widget=forms.CheckboxSelectMultiple
    )
    publics = forms.MultipleChoiceField(
        label=_("Publics que vous connaissez"), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.ModelMultipleChoiceField(
        Territory.objects.none(),
        label=_("Régions que vous connaissez"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    commune = CommuneField(
        label=_("Commune où vous vivez ou travaillez"),
        required=False,
        help_text=_("Facultatif : pour ne pas vous confier un dossier de votre commune quand l’appel le demande."),
    )
    expertise = forms.CharField(
        label=_("Votre expérience, avec vos mots"),
        help_text=_("Métiers, terrains, méthodes. Ces mots sont rapprochés de ceux des dossiers."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
    )
    sirens = forms.CharField(
        label=_("SIREN des structures auxquelles vous êtes lié·e"),
        help_text=_("Employeur, association, mandat : un SIREN par ligne. Leurs dossiers ne vous seront pas confiés."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    wanted_load = forms.IntegerField(
        label=_("Dossiers au plus par période"), required=False, min_value=0, max_value=500
    )

    def __init__(self, membership: Membership, data=None):
        super().__init__(data, initial=initial(JurorProfile.objects.filter(membership=membership).first()))
        labels = labels_of(membership.organisation_id)
        for group in GROUPS:
            self.fields[group].choices = list(labels[group].items())  # type: ignore[attr-defined]
        regions = Territory.objects.filter(level=Level.REGION, current=True).order_by("name")
        self.fields["regions"].queryset = regions  # type: ignore[attr-defined]

    def clean_sirens(self):
        numbers = [number for number in re.split(r"[\n,;]+", self.cleaned_data["sirens"]) if number.strip()]
        try:
            return sorted({check_siren(number) for number in numbers})
        except ValueError as refused:
            raise forms.ValidationError(str(refused)) from None


def initial(profile: JurorProfile | None):
    if profile is None:
        return {}
    fields = ("themes", "publics", "commune", "expertise", "wanted_load")
    kept = {name: getattr(profile, name) for name in fields}
    return kept | {"regions": profile.regions.all(), "sirens": "\n".join(profile.sirens)}


def labels_of(funder: int):
    """The themes and publics of the calls of a funder: key → label, in the order of the calls."""
    found: dict[str, dict[str, str]] = {group: {} for group in GROUPS}
    calls = Call.objects.filter(funder=funder).order_by("-pk").values_list("pk", flat=True)
    for rules in rules_by_call(calls).values():
        for group in GROUPS:
            found[group] |= {choice.key: choice.label for choice in getattr(rules, group)}
    return found
