from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.projects.queries.public import selected
from terreau.web.ui.gifts.forms import GiftForm


class GiveForm(GiftForm):
    """What the firm gave, and to which project; a gift always has one structure behind it."""

    project = forms.ModelChoiceField(
        label=_("Projet soutenu"), queryset=selected(), to_field_name="reference", empty_label=_("Choisir")
    )
    field_order = ["project", "given_on", "until", "amount_cents", "unit_cents", "hours"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["project"].choices = by_edition()


def by_edition():
    """The supported projects under the title of their call, the newest first."""
    groups = groupby(selected(), key=lambda project: project.call.title)
    listed = [(title, [(p.reference, f"{p.title}, {p.holder.name}") for p in projects]) for title, projects in groups]
    return [("", _("Choisir")), *listed]
