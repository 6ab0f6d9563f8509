from django import forms
from django.utils.translation import gettext_lazy as _


class DueForm(forms.Form):
    due_on = forms.DateField(
        label=_("À rendre avant le"),
        help_text=_("Vide : sept jours avant le comité."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
