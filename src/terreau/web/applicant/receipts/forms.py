from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.accounts import queries
from terreau.accounts.forms import CommuneField, cleaned
from terreau.accounts.identifiers import check_siret
from terreau.engagement.models import Entitlement
from terreau.engagement.queries.entitlements import PROVEN
from terreau.projects.queries.public import selected
from terreau.web.ui.agreements.forms import date_field
from terreau.web.ui.fields import EurosField
from terreau.web.ui.gifts.forms import GiftForm

YES_OR_NO = [
    ("unknown", gettext_lazy("Pas encore répondu")),
    ("true", gettext_lazy("Oui")),
    ("false", gettext_lazy("Non")),
]


class YesOrNo(forms.NullBooleanSelect):
    def __init__(self):
        super().__init__({"class": "short"})
        self.choices = YES_OR_NO


def condition(label, text):
    return forms.NullBooleanField(label=label, required=False, help_text=text, widget=YesOrNo())


class RightForm(forms.Form):
    """What a structure declares; what is missing forbids receipts, never the saving."""

    use_required_attribute = False
    has_nonprofit_main_activity = condition(
        gettext_lazy("L’activité principale est-elle non lucrative\u00a0?"),
        gettext_lazy("Elle ne fait pas concurrence aux entreprises dans les mêmes conditions."),
    )
    is_disinterested = condition(
        gettext_lazy("La gestion est-elle désintéressée\u00a0?"),
        gettext_lazy("Dirigeants bénévoles, aucun bénéfice distribué, aucun membre n’a droit à l’actif."),
    )
    is_open = condition(
        gettext_lazy("Sert-elle un public ouvert\u00a0?"),
        gettext_lazy("Pas seulement ses membres ou un cercle restreint de personnes."),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("Sur quelle base"), choices=Entitlement.Basis.choices, widget=forms.RadioSelect
    )
    since = date_field(
        gettext_lazy("Date du rescrit ou de la reconnaissance"),
        required=False,
        help_text=gettext_lazy("Aucun don plus ancien ne peut recevoir de reçu sur cette base."),
    )
    proof = forms.FileField(
        label=gettext_lazy("Preuve"),
        required=False,
        help_text=gettext_lazy("Le rescrit ou l’acte de reconnaissance : PDF ou image, 10 Mo au plus."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Objet de la structure"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Tel que le disent les statuts : le reçu le porte."),
    )
    signatory = forms.CharField(
        label=gettext_lazy("Personne habilitée à signer les reçus"), max_length=120, required=False
    )
    capacity = forms.CharField(
        label=gettext_lazy("En quelle qualité"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Présidente, trésorier…"),
    )

    def __init__(self, *args, has_proof=False, **options):
        super().__init__(*args, **options)
        self.has_proof = has_proof

    def clean_since(self):
        day = self.cleaned_data["since"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Cette date est dans le futur."))
        return day

    def clean(self):
        said = super().clean()
        if said.get("basis") in PROVEN:
            if not said.get("since") and "since" not in self.errors:
                self.add_error("since", _("Indiquez la date du rescrit ou de la reconnaissance."))
            if not (said.get("proof") or self.has_proof or "proof" in self.errors):
                self.add_error("proof", _("Joignez le rescrit ou l’acte de reconnaissance."))
        return said


class RecordForm(GiftForm):
    """A gift as the structure received it: the firm by its SIRET, known here or not, and what it got in return."""

    siret = forms.CharField(
        label=gettext_lazy("SIRET de l’entreprise"),
        max_length=30,
        help_text=gettext_lazy("14 chiffres, avec ou sans espaces."),
    )
    name = forms.CharField(
        label=gettext_lazy("Nom de l’entreprise"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Seulement si l’entreprise n’est pas encore connue ici."),
    )
    address = forms.CharField(label=gettext_lazy("Adresse"), max_length=200, required=False)
    commune = CommuneField(label=gettext_lazy("Commune"), required=False)
    project = forms.ModelChoiceField(
        label=gettext_lazy("Projet soutenu"),
        queryset=selected(),
        to_field_name="reference",
        required=False,
        empty_label=gettext_lazy("Aucun en particulier"),
    )
    return_cents = EurosField(
        label=gettext_lazy("Valeur de ce que l’entreprise a reçu en retour"),
        required=False,
        help_text=gettext_lazy("C’est vous qui l’évaluez. Citer son nom ou son logo ne compte pas."),
    )
    field_order = ["siret", "name", "address", "commune", "donor_form", "project"]

    def __init__(self, *args, structure, **options):
        super().__init__(*args, **options)
        self.fields["project"].queryset = selected().filter(holder=structure)
        self.fields["project"].label_from_instance = lambda project: project.title
        self.donor = None

    def clean_siret(self):
        return cleaned(check_siret, self.cleaned_data["siret"])

    def clean(self):
        said = super().clean()
        if said.get("siret"):
            self.donor = queries.known(siret=said["siret"])
            for name in ("name", "address", "commune") if self.donor is None else ():
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("Cette entreprise n’est pas encore connue ici\u00a0: dites qui elle est."))
        return said

    def identity(self):
        """Of a firm that is not known yet."""
        return {name: self.cleaned_data[name] for name in ("siret", "name", "address", "commune")}


class ConfirmForm(forms.Form):
    return_cents = EurosField(
        label=gettext_lazy("Valeur de ce que l’entreprise a reçu en retour"),
        initial=0,
        help_text=gettext_lazy(
            "Places, publicité, salle prêtée… C’est vous qui l’évaluez. Citer son nom ou son logo ne compte pas."
        ),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ce reçu est-il annulé\u00a0?"),
        max_length=200,
        help_text=gettext_lazy("Le motif figure sur le reçu annulé, et l’entreprise le lit."),
    )
