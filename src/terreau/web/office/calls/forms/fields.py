"""Fields that speak as people do: euros, percents, days and hours, one thing a line. What is wrong stays as typed."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from terreau.calls.rulebook.text import is_date, read_date
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


class PercentField(NumberField):
    """A share of one from `70` or `70 %`."""

    def clean(self, value):
        number = super().clean(str(value or "").replace("%", "").strip())
        return None if number is None else round(number / 100, 6)

    def prepare_value(self, value):
        return super().prepare_value(round(value * 100, 4) if isinstance(value, float) else value)


class PickedInput(forms.DateTimeInput):
    """The browser's own picker; plain text where what was typed is no date, so that it is shown again."""

    def __init__(self, kind, written):
        super().__init__({"class": "short"}, format=written)
        self.kind = kind

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"] or ""
        readable = not shown or is_date(shown[:10])
        context["widget"]["type"] = self.kind if readable else "text"
        return context


class DayField(forms.DateField):
    def __init__(self, **options):
        super().__init__(widget=PickedInput("date", "%Y-%m-%d"), **options)

    def to_python(self, value):
        return super().to_python(read_date(value) or value if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    """A day and an hour, in the time of the site."""

    def __init__(self, **options):
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y"]
        super().__init__(widget=PickedInput("datetime-local", "%Y-%m-%dT%H:%M"), input_formats=formats, **options)

    def whole_minute(self, moment: datetime) -> datetime:
        return moment.replace(second=59, microsecond=0)


class LinesField(forms.CharField):
    """One thing a line; a list of the lines that say something."""

    def __init__(self, *, rows=6, **options):
        super().__init__(widget=forms.Textarea({"rows": rows}), **options)

    def clean(self, value):
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list | tuple) else value
