"""What is typed about an agreement, by its holder or by the office."""

from dataclasses import replace

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.funding import queries
from terreau.funding.actions.proofs import TEXT
from terreau.projects.rulebook import EXPENSES, INCOME, RUBRICS, Line, number
from terreau.territories import queries as places
from terreau.web.ui.fields import EurosField
from terreau.web.ui.territory_picker import TerritoriesField

LONG = {"rows": 4}


def date_field(label, **options):
    widget = forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class SignatoryForm(forms.Form):
    signatory = forms.CharField(label=_("Nom de la personne qui signe"), max_length=200)
    capacity = forms.CharField(
        label=_("En quelle qualité"), max_length=120, help_text=_("Par exemple : présidente, par délégation du bureau.")
    )


class CodeForm(SignatoryForm):
    code = forms.CharField(
        label=_("Code reçu par e-mail"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"}),
        help_text=_("Six chiffres, valables dix minutes."),
    )
    agree = forms.BooleanField(label=_("J’ai lu ce texte, j’ai le pouvoir de le signer et je le signe."))


class CopyForm(SignatoryForm):
    file = forms.FileField(
        label=_("Copie signée"),
        help_text=_("Le PDF proposé avec sa signature électronique, ou le papier signé puis numérisé (PDF, image)."),
    )


class ContractForm(forms.Form):
    signed_on = date_field(_("Signé le"))
    signatory = forms.CharField(label=_("Signataire"), max_length=200)
    version = forms.CharField(label=_("Version du texte"), max_length=40)
    proof = forms.FileField(label=_("Preuve"), required=False, help_text=_("Le contrat signé, en PDF ou en image."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("signed_on", timezone.localdate())
        self.initial.setdefault("version", TEXT)


class AmendmentForm(forms.Form):
    """Each field shows what is in force: what is left as it is does not change."""

    granted_cents = EurosField(label=_("Montant accordé"))
    ends_on = date_field(_("Fin du projet"))
    territories = TerritoriesField(label=_("Territoires"), required=False)
    reason = forms.CharField(label=_("Motif"), widget=forms.Textarea(LONG), max_length=4000)

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = queries.budget_of(agreement)
        self.initial |= {
            "granted_cents": agreement.granted_cents,
            "ends_on": agreement.ends_on,
            "territories": list(agreement.territories.all()),
        }
        for rank, line in enumerate(self.held):
            label = f"{number(line.rubric)} {line.label or RUBRICS.get(line.rubric, '')}"
            self.fields[f"line_{rank}"] = EurosField(label=label, initial=line.amount_cents)
        rubrics = [("", "–"), *((key, f"{key} {label}") for key, label in (EXPENSES | INCOME).items())]
        self.fields["new_rubric"] = forms.ChoiceField(label=_("Rubrique"), choices=rubrics, required=False)
        self.fields["new_label"] = forms.CharField(label=_("Intitulé"), max_length=200, required=False)
        self.fields["new_amount"] = EurosField(label=_("Montant"), required=False)

    @property
    def main(self):
        return [self[name] for name in ("granted_cents", "ends_on", "territories")]

    @property
    def lines(self):
        return [self[f"line_{rank}"] for rank in range(len(self.held))]

    @property
    def added(self):
        return [self[name] for name in ("new_rubric", "new_label", "new_amount")]

    def clean(self):
        kept = super().clean()
        if kept.get("new_amount") and not kept.get("new_rubric"):
            self.add_error("new_rubric", _("Choisissez la rubrique de cette ligne."))
        return kept

    def changes(self):
        """What was typed, as `actions.ask_amendment` takes it."""
        kept = self.cleaned_data
        budget = [replace(x, amount_cents=kept[f"line_{rank}"]) for rank, x in enumerate(self.held)]
        if kept.get("new_amount"):
            budget.append(Line(kept["new_rubric"], kept["new_label"], kept["new_amount"]))
        return {
            "granted_cents": kept["granted_cents"],
            "ends_on": kept["ends_on"],
            "territories": places.by_keys(kept["territories"]),
            "budget": budget,
            "reason": kept["reason"],
        }
