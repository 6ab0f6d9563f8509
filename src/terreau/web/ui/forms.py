"""The form of the page of components: one field of each kind."""

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = [("pilot", _("Expérimentation")), ("scaling", _("Changement d’échelle"))]
PUBLICS = [("graduate", _("Jeunes diplômés")), ("cadre", _("Cadres")), ("firm", _("TPE-PME"))]


class SampleForm(forms.Form):
    title = forms.CharField(label=_("Titre du projet"), help_text=_("Dix mots au plus, compris de tous."))
    summary = forms.CharField(label=_("Résumé"), widget=forms.Textarea({"rows": 3}), required=False)
    email = forms.EmailField(label=_("Adresse e-mail"))
    people = forms.IntegerField(label=_("Personnes attendues"), min_value=1)
    start = forms.DateField(label=_("Début"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    region = forms.ChoiceField(label=_("Région"), choices=[("", _("Choisir")), ("44", "Grand Est")])
    kind = forms.ChoiceField(label=_("Type de projet"), choices=KINDS, widget=forms.RadioSelect)
    publics = forms.MultipleChoiceField(label=_("Publics"), choices=PUBLICS, widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(label=_("Statuts"), help_text=_("PDF, 10 Mo au plus."), required=False)
    agree = forms.BooleanField(label=_("J’ai lu le règlement de l’appel"))
