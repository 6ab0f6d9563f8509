import math

from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.selection import queries


class DueForm(forms.Form):
    due_on = forms.DateField(
        label=_("À rendre avant le"),
        help_text=_("Vide : sept jours avant le comité."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


class TermsForm(forms.Form):
    """What the office asks of a proposal; every value has its usual one."""

    reviews = forms.IntegerField(label=_("Lectures par dossier"), min_value=1, max_value=20)
    load = forms.IntegerField(
        label=_("Dossiers au plus par juré"),
        help_text=_("Moins pour qui l’a demandé dans son profil."),
        min_value=1,
        max_value=1000,
    )
    pairs = forms.IntegerField(
        label=_("Dossiers lus ensemble par deux mêmes jurés, au plus"),
        help_text=_("Vide : sans limite."),
        required=False,
        min_value=0,
        max_value=1000,
    )
    local = forms.BooleanField(label=_("Au moins un juré qui connaît la région du dossier"), required=False)
    outside = forms.BooleanField(label=_("Au moins un juré extérieur à la région"), required=False)
    commune = forms.BooleanField(label=_("Aucun juré de la commune de la structure porteuse"), required=False)
    afresh = forms.BooleanField(
        label=_("Rebattre les lectures que personne n’a commencées"),
        help_text=_("Sinon elles restent où elles sont, et le moins possible change de mains."),
        required=False,
    )

    def terms(self):
        return queries.Terms(**self.cleaned_data)

    @staticmethod
    def usual(files, jurors):
        """Three readings a file, and a quarter more room than the mean load."""
        reviews = min(3, max(jurors, 1))
        return {"reviews": reviews, "load": max(1, math.ceil(1.25 * files * reviews / max(jurors, 1)))}
