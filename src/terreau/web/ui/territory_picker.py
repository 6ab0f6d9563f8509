"""Choosing territories in a form: search as you type, a map to click, and plain boxes without JavaScript.

The value is a list of `level:code`. The boxes of what is chosen and of what was found carry the same name: sending
the form keeps what is ticked. Without JavaScript, the search button sends the form too; the host page then shows it
again instead of going on: `if searching(form): …`.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from terreau.territories import queries
from terreau.territories.models import Level, Territory


class TerritoryPicker(forms.Widget):
    template_name = "ui/territory_picker.html"
    use_fieldset = True

    def __init__(self, attrs=None, levels=None):
        super().__init__(attrs)
        self.levels = levels
        self.query = ""

    def value_from_datadict(self, data, files, name):  # noqa: ARG002 - Django's own signature
        self.query = data.get(f"{name}-q", "").strip()
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def value_omitted_from_data(self, data, files, name):  # noqa: ARG002 - Django's own signature
        return False  # no box ticked is an answer

    def id_for_label(self, id_):
        return f"{id_}-q" if id_ else ""

    def format_value(self, value):
        return [v.key if isinstance(v, Territory) else str(v) for v in value or []]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        chosen = queries.by_keys(self.format_value(value))
        found = queries.search(self.query, levels=self.levels, limit=12) if self.query else []
        return context | {
            "name": name,
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
            "invalid": context["widget"]["attrs"].get("aria-invalid"),
            "levels": ",".join(self.levels or []),
            "chosen": chosen,
            "query": self.query,
            "found": [t for t in found if t not in chosen],
        }


class TerritoriesField(forms.Field):
    """Several territories, or one with `single=True`; `levels` limits what may be chosen."""

    widget = TerritoryPicker
    default_error_messages = {
        "unknown": _("Ce territoire n’existe pas ou ne peut pas être choisi ici : %(key)s."),
        "single": _("Choisissez un seul territoire."),
    }

    def __init__(self, *, levels: list[Level] | None = None, single=False, **options):
        self.levels, self.single = levels, single
        super().__init__(**options)
        self.widget.levels = [str(level) for level in levels] if levels else None

    def to_python(self, value):
        return list(dict.fromkeys(str(v) for v in value or []))

    def validate(self, value):
        super().validate(value)
        known = {t.key for t in queries.by_keys(value) if not self.levels or t.level in self.levels}
        for key in value:
            if key not in known:
                raise ValidationError(self.error_messages["unknown"], code="unknown", params={"key": key})
        if self.single and len(value) > 1:
            raise ValidationError(self.error_messages["single"], code="single")

    def has_changed(self, initial, data):
        return set(self.widget.format_value(initial)) != set(data or [])


def searching(form) -> bool:
    """Was the form sent to search for a territory, without JavaScript? Then it is to be shown again."""
    pickers = [n for n, f in form.fields.items() if isinstance(f.widget, TerritoryPicker)]
    return any(form.data.get(f"{form.add_prefix(n)}-q", "").strip() for n in pickers)
