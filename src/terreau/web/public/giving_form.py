from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.methods.giving import parameters
from terreau.web.ui.fields import EurosField, NumberField

GIVEN = ("money", "goods", "hours")
HOURS = 100_000  # more is a typing error


class GivingForm(forms.Form):
    """What a firm gives in one fiscal year; every field is in the address, so that the page can be shared."""

    turnover = EurosField(label=gettext_lazy("Chiffre d’affaires de l’exercice, hors taxes"))
    year = forms.TypedChoiceField(
        label=gettext_lazy("Exercice clos en"), coerce=int, required=False, widget=forms.Select({"class": "short"})
    )
    money = EurosField(label=gettext_lazy("Argent donné"), required=False)
    goods = EurosField(
        label=gettext_lazy("Biens donnés, à leur coût de revient"),
        help_text=gettext_lazy("Ce qu’ils vous ont coûté, pas leur prix de vente."),
        required=False,
    )
    hours = NumberField(
        label=gettext_lazy("Heures de travail offertes"),
        help_text=gettext_lazy("Sur le temps de travail payé, sans facture."),
        required=False,
        at_least=0,
    )
    monthly = EurosField(label=gettext_lazy("Coût mensuel du salarié à temps plein, charges comprises"), required=False)
    benefit = EurosField(
        label=gettext_lazy("Valeur de ce que vous recevez en retour"),
        help_text=gettext_lazy("C’est l’organisme qui l’évalue. Citer votre nom ou votre logo ne compte pas."),
        required=False,
    )
    excess = EurosField(
        label=gettext_lazy("Excédent de dons des cinq exercices précédents"),
        help_text=gettext_lazy("Ce qui dépassait le plafond et n’a pas encore servi."),
        required=False,
    )
    tax = EurosField(
        label=gettext_lazy("Impôt de l’exercice, avant réduction"),
        help_text=gettext_lazy("Si vous le savez déjà."),
        required=False,
    )

    def __init__(self, data, *, today):
        super().__init__(data, initial={"year": today.year})
        self.today = today
        first = parameters.MONTHLY_CEILING[0].since.year
        self.fields["year"].choices = [(year, year) for year in range(today.year, first - 1, -1)]

    def clean_year(self):
        return self.cleaned_data["year"] or self.today.year

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours is not None and hours > HOURS:
            raise forms.ValidationError(_("C’est plus que ce qu’une entreprise peut offrir en un an."))
        return hours

    def clean(self):
        given = super().clean()
        hours, monthly = given.get("hours"), given.get("monthly")
        if hours and not monthly and "monthly" not in self.errors:
            self.add_error("monthly", forms.ValidationError(_("Indiquez ce que coûte un mois."), "required"))
        if monthly and not hours and "hours" not in self.errors:
            self.add_error("hours", forms.ValidationError(_("Indiquez le nombre d’heures."), "required"))
        if not any(given.get(name) for name in GIVEN) and not self.errors.keys() & {*GIVEN, "monthly"}:
            self.add_error("money", forms.ValidationError(_("Indiquez un don : argent, biens ou heures."), "required"))
        return given

    @property
    def is_unfinished(self):
        """Nothing is wrong, something is still to be filled."""
        errors = self.errors.as_data().values()
        return self.is_bound and {error.code for one in errors for error in one} == {"required"}
