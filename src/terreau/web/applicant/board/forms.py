"""What a project types about the firms that it seeks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.engagement.lifecycle import Form


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class NeedForm(forms.Form):
    form = forms.ChoiceField(
        label=_("Que cherchez-vous ?"),
        choices=[("", _("Choisir")), *((form.value, form.label.capitalize()) for form in Form)],
    )
    title = forms.CharField(
        label=_("En une phrase"),
        max_length=120,
        help_text=_("Par exemple : deux visites d’atelier pour découvrir l’industrie."),
    )
    text = forms.CharField(
        label=_("Précisions"),
        help_text=_("Lu par les entreprises. N’écrivez aucun nom de participant, rien sur la santé."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        required=False,
    )
    starts_on = forms.DateField(label=_("À partir du"), widget=Day(), required=False)
    ends_on = forms.DateField(label=_("Jusqu’au"), widget=Day(), required=False)
    wanted = forms.IntegerField(
        label=_("Combien"),
        min_value=1,
        max_value=1000,
        initial=1,
        help_text=_("Visites, mentors, places… ; 1 pour un don."),
        widget=forms.NumberInput({"class": "short"}),
    )
