from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.selection import queries


class TemplateForm(forms.Form):
    """The words of one outcome; a field that no letter knows is refused with its name."""

    subject = forms.CharField(label=_("Objet"), max_length=200)
    body = forms.CharField(label=_("Texte"), widget=forms.Textarea({"rows": 18}), max_length=20_000, strip=False)

    def clean_subject(self):
        return self.known("subject")

    def clean_body(self):
        return self.known("body")

    def known(self, name):
        text = self.cleaned_data[name]
        try:
            unknown = queries.unknown_fields(text)
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from problem
        if unknown:
            raise forms.ValidationError(_("Ce champ n’existe pas : %(fields)s.") % {"fields": ", ".join(unknown)})
        return text


class LetterForm(forms.Form):
    to = forms.EmailField(label=_("Destinataire"), widget=forms.EmailInput({"autocomplete": "off"}))
    subject = forms.CharField(label=_("Objet"), max_length=200)
    body = forms.CharField(label=_("Texte"), widget=forms.Textarea({"rows": 20}), max_length=20_000, strip=False)
    base = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, letter):
        return cls(initial={"to": letter.to, "subject": letter.subject, "body": letter.body, "base": letter.version})
