"""What the office types about agreements, clauses and payment schedules."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.accounts import identifiers
from terreau.funding import queries
from terreau.funding.models import Agreement, Instalment, Signature
from terreau.funding.rulebook import clauses as rules
from terreau.funding.rulebook import schedule
from terreau.territories import queries as places
from terreau.web.ui.agreements.forms import LONG, SignatoryForm, date_field
from terreau.web.ui.fields import EurosField
from terreau.web.ui.territory_picker import TerritoriesField

MOST_PARTS = 6


class SureForm(forms.Form):
    """Nothing to type: the button says it."""


def clean_siren(text):
    try:
        return identifiers.check_siren(text) if text else ""
    except ValueError as problem:
        raise forms.ValidationError(str(problem)) from problem


class AgreementForm(forms.Form):
    purpose = forms.CharField(label=_("Objet"), widget=forms.Textarea({"rows": 6}), max_length=10_000)
    starts_on = date_field(_("Début"))
    ends_on = date_field(_("Fin"))
    eligible_base_cents = EurosField(
        label=_("Assiette éligible"), help_text=_("Les dépenses prévues, contributions en nature non comprises.")
    )
    territories = TerritoriesField(label=_("Territoires"), required=False)
    public_cofunders = forms.MultipleChoiceField(
        label=_("Cofinanceurs publics"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Un seul suffit pour que les règles des subventions publiques s’appliquent."),
    )
    aid_regime = forms.ChoiceField(label=_("Régime d’aide"), choices=Agreement.AidRegime.choices)
    aid_group = forms.CharField(
        label=_("Groupe d’entreprises liées (SIREN de tête)"),
        max_length=11,
        required=False,
        help_text=_("Vide : le porteur seul. Les aides de minimis se cumulent par groupe."),
    )

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        names = ("purpose", "starts_on", "ends_on", "eligible_base_cents", "aid_regime", "aid_group")
        self.initial |= {name: getattr(agreement, name) for name in (*names, "public_cofunders")}
        self.initial["territories"] = list(agreement.territories.all())
        known = queries.cofunders(queries.budget_of(agreement))
        self.fields["public_cofunders"].choices = [(x.label, x.label) for x in known]
        if not known:
            del self.fields["public_cofunders"]

    def clean_aid_group(self):
        return clean_siren(self.cleaned_data["aid_group"])

    def changes(self):
        kept = dict(self.cleaned_data)
        kept["territories"] = places.by_keys(kept["territories"])
        return kept


class ReadCopyForm(SignatoryForm):
    party = forms.ChoiceField(label=_("Partie"), choices=Signature.Party.choices)
    reason = forms.CharField(
        label=_("Ce que vous avez vérifié, ou pourquoi vous l’écartez"), widget=forms.Textarea(LONG), max_length=1000
    )

    field_order = ["party", "signatory", "capacity", "reason"]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Réponse au porteur"), widget=forms.Textarea(LONG), max_length=4000, required=False,
        help_text=_("Obligatoire pour refuser."),
    )  # fmt: skip


class AidForm(forms.Form):
    siren = forms.CharField(label=_("SIREN aidé"), max_length=11)
    regime = forms.ChoiceField(
        label=_("Régime"), choices=[c for c in Agreement.AidRegime.choices if c[0] in {"de_minimis", "sgei"}]
    )
    granted_on = date_field(_("Accordée le"), help_text=_("La date du droit à l’aide, et non celle du versement."))
    amount_cents = EurosField(label=_("Montant"))
    giver = forms.CharField(label=_("Accordée par"), max_length=200)

    def clean_siren(self):
        return clean_siren(self.cleaned_data["siren"])


class ClauseForm(forms.Form):
    """A field that no agreement knows is refused with its line."""

    title = forms.CharField(label=_("Titre"), max_length=160)
    body = forms.CharField(label=_("Texte"), widget=forms.Textarea({"rows": 14}), max_length=20_000)
    applies_to = forms.ChoiceField(label=_("Entre dans la convention"), required=False)
    applies_from = date_field(_("En vigueur le"))
    position = forms.IntegerField(label=_("Rang"), min_value=0, max_value=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["applies_to"].choices = rules.CONDITIONS.items()

    def clean_body(self):
        if problems := rules.problems(self.cleaned_data["body"]):
            raise forms.ValidationError(problems)
        return self.cleaned_data["body"]


class TermsForm(forms.Form):
    """Up to six parts; those left empty do not count."""

    applies_from = date_field(_("En vigueur le"))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("L’article du règlement, ou « paramètre fictif ».")
    )

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {"applies_from": timezone.localdate(), "source": terms.source}
        choices = [("", "–"), *Instalment.Condition.choices]
        for rank in range(MOST_PARTS):
            condition, share = terms.parts[rank] if rank < len(terms.parts) else ("", None)
            self.fields[f"condition_{rank}"] = forms.ChoiceField(
                label=_("Condition"), choices=choices, required=False, initial=condition
            )
            self.fields[f"share_{rank}"] = forms.IntegerField(
                label=_("Part, en %"), min_value=1, max_value=100, required=False, initial=share
            )

    @property
    def parts(self):
        return [(self[f"condition_{rank}"], self[f"share_{rank}"]) for rank in range(MOST_PARTS)]

    def clean(self):
        kept = super().clean()
        pairs = [(kept.get(f"condition_{rank}"), kept.get(f"share_{rank}")) for rank in range(MOST_PARTS)]
        if any(bool(condition) != bool(share) for condition, share in pairs):
            raise forms.ValidationError(_("Chaque part a une condition et un pourcentage."))
        kept["parts"] = [pair for pair in pairs if all(pair)]
        if schedule.check(kept["parts"]) == ["sum"]:
            total = sum(share for _condition, share in kept["parts"])
            raise forms.ValidationError(_("Les parts font %(total)d %%, il faut 100 %%."), params={"total": total})
        return kept

    def changes(self):
        return {name: self.cleaned_data[name] for name in ("applies_from", "parts", "source")}
