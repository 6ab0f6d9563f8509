"""A gift as a firm or a structure types it: what is common, then what its kind asks."""

from dataclasses import asdict, fields
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import LegalForm
from terreau.engagement.models import Gift
from terreau.engagement.queries.worth import POLICIES, Told, faults, worth
from terreau.methods.giving.valuation import CeilingPolicy
from terreau.web.ui.agreements.forms import date_field
from terreau.web.ui.fields import EurosField, NumberField

Kind = Gift.Kind
OWN = {
    Kind.MONEY: ("amount_cents", "payment"),
    Kind.GOODS: ("unit_cents", "quantity", "sale_cents"),
    Kind.SKILLS: ("hours", "monthly_cents", "policy"),
}
NAMES = frozenset(field.name for field in fields(Told)) - {"kind"}


class GiftForm(forms.Form):
    """One kind of gift. `told` prefills it; a form that is valid gives `told()`."""

    use_required_attribute = False
    given_on = date_field(_("Donné le"))
    until = date_field(
        _("Jusqu’au"), required=False, help_text=_("Si le temps a été donné en plusieurs jours\u00a0: le dernier.")
    )
    amount_cents = EurosField(label=_("Somme versée"))
    payment = forms.ChoiceField(label=_("Mode de versement"), choices=[("", _("Choisir")), *Gift.Payment.choices])
    unit_cents = EurosField(
        label=_("Coût de revient de chaque chose"),
        help_text=_("Ce qu’elle vous a coûté\u00a0: sa valeur en stock, ou sa valeur comptable nette."),
    )
    quantity = forms.IntegerField(
        label=_("Combien"), initial=1, min_value=1, max_value=1_000_000, widget=forms.NumberInput({"class": "short"})
    )
    sale_cents = EurosField(
        label=_("Prix de vente"), required=False, help_text=_("Pour mémoire\u00a0: la loi ne le compte jamais.")
    )
    hours = NumberField(
        label=_("Heures offertes"),
        at_least=0,
        help_text=_("D’un seul salarié, sur son temps de travail payé, sans facture. Un don par salarié."),
    )
    monthly_cents = EurosField(label=_("Coût mensuel du salarié à temps plein, charges comprises"))
    policy = forms.ChoiceField(
        label=_("Plafond du temps de travail"),
        choices=lambda: [(str(policy), capfirst(words())) for policy, words in POLICIES.items()],
        initial=str(CeilingPolicy.MONTHLY_PRORATA),
        widget=forms.RadioSelect,
        help_text=_("Les textes ne disent pas sur quelle période le compter\u00a0: les deux lectures existent."),
    )
    description = forms.CharField(
        label=_("Description"), max_length=300, required=False, help_text=_("Ce qui est donné, en une phrase.")
    )
    donor_form = forms.CharField(
        label=_("Forme juridique de l’entreprise"),
        max_length=80,
        help_text=_("SARL, SAS, entreprise individuelle… Le reçu fiscal doit la porter."),
    )

    def __init__(self, data=None, *, kind, told=None, **options):
        held = asdict(told) if told else {}
        initial = {name: value for name, value in held.items() if name in NAMES and value not in (0, "", None)}
        super().__init__(data, initial=shown(initial) | options.pop("initial", {}), **options)
        self.kind = Kind(kind)
        for other, names in OWN.items():
            for name in names if other != self.kind else ():
                del self.fields[name]
        if self.kind != Kind.SKILLS:
            del self.fields["until"]
        self.fields["given_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["description"].required = self.kind != Kind.MONEY

    def clean(self):
        cleaned = super().clean()
        for name, words in faults(self.told(), timezone.localdate()).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, words)
        return cleaned

    def told(self):
        """What was typed, a wrong or missing answer being nothing."""
        given = {name: self.cleaned_data.get(name) for name in NAMES & self.fields.keys()}
        given = {name: value for name, value in given.items() if value not in (None, "")}
        if "hours" in given:
            given["hours"] = Decimal(str(given["hours"]))
        return Told(kind=self.kind, **{"given_on": timezone.localdate()} | given)

    def worth(self):
        """What it counts for, once it can be told."""
        return worth(self.told()) if self.is_bound and self.is_valid() else None


def shown(initial):
    """As a person types it."""
    hours = initial.get("hours")
    return initial | ({"hours": float(hours)} if hours else {})


def legal_form_of(organisation):
    """The form that the last gift told, else that of the organisation where it says enough."""
    last = Gift.objects.filter(donor=organisation).exclude(donor_form="").order_by("-pk").first()
    if last:
        return last.donor_form
    return "" if organisation.legal_form == LegalForm.COMPANY else organisation.get_legal_form_display()


def kind_asked(request, default=Kind.MONEY):
    """The kind of gift that the address names."""
    asked = request.GET.get("nature", default)
    return Kind(asked) if asked in Kind.values else Kind.MONEY
