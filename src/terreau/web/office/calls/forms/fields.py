"""Fields that speak as people do: percents, days and hours, one thing a line. What is wrong stays as typed."""

from datetime import datetime

from django import forms

from terreau.calls.rulebook.text import is_date, read_date
from terreau.web.ui.fields import NumberField


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
