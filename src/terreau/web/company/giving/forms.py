from itertools import groupby

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.engagement.actions.exercises import Typed
from terreau.engagement.queries.statement import fault
from terreau.projects.queries.public import selected
from terreau.web.ui.agreements.forms import date_field
from terreau.web.ui.fields import EurosField
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


class ExerciseForm(forms.Form):
    """One fiscal year of the firm; what is wrong with its closing is told at the field."""

    use_required_attribute = False
    closes_on = date_field(
        _("Date de clôture"),
        help_text=_("Celle de l’exercice en cours est possible\u00a0: le relevé est alors provisoire."),
    )
    turnover_cents = EurosField(
        label=_("Chiffre d’affaires hors taxes"), help_text=_("De cet exercice. Il fixe le plafond des dons.")
    )
    tax_cents = EurosField(
        label=_("Impôt dû avant réduction"),
        required=False,
        help_text=_("Laissez vide si vous ne le savez pas\u00a0: nous supposons qu’il suffit à la réduction."),
    )
    other_gifts_cents = EurosField(
        label=_("Dons faits ailleurs"),
        required=False,
        help_text=_("Les autres dons de l’exercice pour lesquels vous avez un reçu fiscal."),
    )

    def __init__(self, data=None, *, company, exercise=None):
        initial = {name: getattr(exercise, name) for name in self.base_fields} if exercise else {}
        super().__init__(data, initial=initial)
        mine = exercise.pk if exercise else None
        self.others = list(company.exercises.exclude(pk=mine).values_list("closes_on", flat=True))

    def clean_closes_on(self):
        closing = self.cleaned_data["closes_on"]
        if wrong := fault([*self.others, closing], len(self.others), timezone.localdate()):
            raise forms.ValidationError(wrong)
        return closing

    def typed(self):
        return Typed(**self.cleaned_data | {"other_gifts_cents": self.cleaned_data["other_gifts_cents"] or 0})
