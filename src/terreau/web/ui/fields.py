"""Fields that speak as people do: euros and numbers in French or English spelling. What is wrong stays as typed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from terreau.core import money


class EurosField(forms.CharField):
    """Cents from `12 500,50 €`."""

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "short"}))
        super().__init__(**options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            cents = money.parse(text)
        except ValueError as problem:
            raise ValidationError(str(problem)) from problem
        if cents < 0:
            raise ValidationError(_("Un montant ne peut pas être négatif."))
        return cents

    def prepare_value(self, value):
        return money.euros(value).replace("€", "").strip("\u00a0\u202f ") if isinstance(value, int) else value


class NumberField(forms.CharField):
    """A number with a decimal comma or point."""

    def __init__(self, *, at_least=None, **options):
        self.at_least = at_least
        options.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "short"}))
        super().__init__(**options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            number = float(text.replace(",", ".").replace("\u00a0", "").replace("\u202f", "").replace(" ", ""))
        except ValueError as problem:
            raise ValidationError(_("« %s » n’est pas un nombre.") % text) from problem
        if abs(number) > 1e12 or number != number:  # noqa: PLR0124 - not a number differs from itself
            raise ValidationError(_("« %s » n’est pas un nombre.") % text)
        if self.at_least is not None and number < self.at_least:
            raise ValidationError(_("Le minimum est %s.") % self.at_least)
        return number

    def prepare_value(self, value):
        if isinstance(value, int | float):
            return number_format(int(value) if float(value).is_integer() else value, use_l10n=True)
        return value
