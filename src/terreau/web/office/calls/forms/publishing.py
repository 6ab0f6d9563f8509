"""The note of a version."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Ce qui change, en une phrase"),
        help_text=_("Montré à ceux qui ont un brouillon, avec la liste des changements."),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        required=False,
    )
