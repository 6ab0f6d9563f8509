"""A bank account as people type it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.funding.rulebook import sepa


class AccountForm(forms.Form):
    holder_name = forms.CharField(label=_("Titulaire du compte"), max_length=70)
    iban = forms.CharField(label=_("IBAN"), max_length=50, widget=forms.TextInput({"autocomplete": "off"}))
    bic = forms.CharField(label=_("BIC"), max_length=14, required=False)

    def clean_iban(self):
        return checked(sepa.check_iban, self.cleaned_data["iban"])

    def clean_bic(self):
        return checked(sepa.check_bic, self.cleaned_data["bic"])


class ProvenAccountForm(AccountForm):
    proof = forms.FileField(
        label=_("Relevé d’identité bancaire"), help_text=_("Donné par votre banque : PDF ou image, 10 Mo au plus.")
    )


def checked(check, text):
    """What `check` gives back; its ValueError as the field's own words."""
    try:
        return check(text)
    except ValueError as problem:
        words = str(problem)
        raise forms.ValidationError(words[:1].upper() + words[1:]) from None
