"""The parts of a call that fit one form: presentation, amounts, eligibility, lists."""

from dataclasses import replace

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.accounts.models import LegalForm
from terreau.calls import rulebook
from terreau.calls.models import Call
from terreau.calls.rulebook import edit, presets
from terreau.web.office.calls.forms.fields import DayField, LinesField, PercentField
from terreau.web.ui.fields import EurosField


class PresentationForm(forms.ModelForm):
    """What presents a call. The address is made from the title where it is left empty."""

    slug = forms.SlugField(
        label=gettext_lazy("Adresse de la page"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("Minuscules, chiffres et tirets. Laissée vide, elle vient du titre."),
    )

    class Meta:
        model = Call
        fields = ["title", "edition", "summary", "slug"]
        labels = {"edition": gettext_lazy("Année de l’édition"), "summary": gettext_lazy("Présentation")}
        widgets = {
            "summary": forms.Textarea({"rows": 6}),
            "edition": forms.NumberInput({"class": "short", "min": 2000, "max": 2100}),
        }

    def clean_edition(self):
        year = self.cleaned_data["edition"]
        if not 2000 <= year <= 2100:
            raise forms.ValidationError(_("Indiquez une année, par exemple 2026."))
        return year

    def clean(self):
        data = super().clean()
        if "slug" in self.errors:
            return data
        data["slug"] = data.get("slug") or slugify(data.get("title", "").replace("’", " "))[:50].strip("-")
        if data["slug"] == "nouveau":
            self.add_error("slug", _("Cette adresse est réservée."))
        elif Call.objects.filter(slug=data["slug"]).exclude(pk=self.instance.pk).exists():
            self.add_error("slug", _("Un autre appel a déjà cette adresse : « %s ».") % data["slug"])
        return data

    def values(self):
        return {name: self.cleaned_data[name] for name in ("title", "slug", "edition", "summary")}


class NewCallForm(PresentationForm):
    """A new call, empty or from a ready model, for one of the funders of this person."""

    preset = forms.ChoiceField(label=gettext_lazy("Partir d’un modèle"), required=False)

    def __init__(self, funders, *args, **options):
        super().__init__(*args, **options)
        models = [(p.key, p.title) for p in presets.available()]
        self.fields["preset"].choices = [("", _("Non, d’un appel vide")), *models]
        self.fields["preset"].help_text = _(
            "Un modèle remplit toutes les règles ; vous changez ensuite ce que vous voulez."
        )
        if len(funders) > 1:
            self.fields["funder"] = forms.ChoiceField(label=_("Financeur"), choices=[(f.pk, f.name) for f in funders])
        self.funders = {str(f.pk): f for f in funders}

    def chosen_funder(self):
        return self.funders[self.cleaned_data.get("funder") or next(iter(self.funders))]

    def rules(self):
        """The rules of the model, with its dates moved to the edition of the call."""
        if not (key := self.cleaned_data["preset"]):
            return rulebook.Rulebook()
        preset = presets.load(key)
        years = self.cleaned_data["edition"] - preset.edition
        return rulebook.shift_years(preset.rules, years, timezone.get_default_timezone())


class AmountsForm(forms.Form):
    minimum_cents = EurosField(label=gettext_lazy("Subvention minimum, en euros"), required=False)
    maximum_cents = EurosField(label=gettext_lazy("Subvention maximum, en euros"), required=False)
    rate_ceiling = PercentField(
        label=gettext_lazy("Part maximum du budget cofinancée, en %"),
        help_text=gettext_lazy("Par exemple 70. Vide : pas de plafond."),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Source de ces règles"),
        help_text=gettext_lazy("Montrée avec les montants : article du règlement, ou « paramètre fictif »."),
        max_length=300,
        required=False,
    )

    def __init__(self, rules, data=None):
        amounts = rules.amounts
        super().__init__(data, initial={name: getattr(amounts, name) for name in self.base_fields})
        self.before = rules

    def clean(self):
        data = self.cleaned_data
        low, high, rate = data.get("minimum_cents"), data.get("maximum_cents"), data.get("rate_ceiling")
        if low is not None and high is not None and low > high:
            self.add_error("maximum_cents", _("Le maximum est plus petit que le minimum."))
        if rate is not None and not 0 < rate <= 1:
            self.add_error("rate_ceiling", _("Indiquez un pourcentage entre 0 et 100."))
        return data

    def rules(self):
        return replace(self.before, amounts=rulebook.Amounts(**self.cleaned_data))


class EligibilityForm(forms.Form):
    legal_forms = forms.MultipleChoiceField(
        label=gettext_lazy("Formes juridiques admises"),
        choices=LegalForm.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucune case cochée : toutes sont admises."),
        required=False,
    )
    seats = forms.MultipleChoiceField(
        label=gettext_lazy("Siège admis"),
        choices=list(rulebook.SEATS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucune case cochée : tous sont admis."),
        required=False,
    )
    minimum_age_months = forms.IntegerField(
        label=gettext_lazy("Ancienneté minimum, en mois"), min_value=0, max_value=1200, required=False
    )
    age_at = DayField(
        label=gettext_lazy("Date où l’ancienneté est comptée"),
        help_text=gettext_lazy("Vide : le jour où la structure demande."),
        required=False,
    )
    accounts_closed = forms.BooleanField(
        label=gettext_lazy("La structure doit avoir clos au moins un exercice comptable"), required=False
    )
    source = forms.CharField(
        label=gettext_lazy("Source de ces règles"), widget=forms.Textarea({"rows": 3}), max_length=600, required=False
    )

    def __init__(self, rules, data=None):
        who = rules.eligibility
        super().__init__(data, initial={name: getattr(who, name) for name in self.base_fields})
        self.before = rules

    def rules(self):
        data = self.cleaned_data
        lists = {name: tuple(data[name]) for name in ("legal_forms", "seats")}
        return replace(self.before, eligibility=rulebook.Eligibility(**{**data, **lists}))


class ListsForm(forms.Form):
    """The four lists, one choice a line, and what the identity section allows."""

    kinds = LinesField(label=gettext_lazy("Types de projet"), rows=3, required=False)
    domains = LinesField(label=gettext_lazy("Domaines"), rows=4, required=False)
    themes = LinesField(label=gettext_lazy("Thèmes"), rows=10, required=False)
    publics = LinesField(label=gettext_lazy("Publics"), rows=4, required=False)
    themes_maximum = forms.IntegerField(
        label=gettext_lazy("Nombre de thèmes au plus"), min_value=1, max_value=99, required=False
    )
    summary_words = forms.IntegerField(label=gettext_lazy("Mots du résumé, au plus"), min_value=1, max_value=2000)

    def __init__(self, rules, data=None):
        lists = {name: [c.label for c in getattr(rules, name)] for name in ("kinds", "domains", "themes", "publics")}
        plain = {"themes_maximum": rules.themes_maximum, "summary_words": rules.summary_words}
        super().__init__(data, initial=lists | plain)
        self.before = rules
        for name in lists:
            self.fields[name].help_text = _("Un par ligne, dans l’ordre où ils sont montrés.")

    def rules(self):
        data = dict(self.cleaned_data)
        for name in ("kinds", "domains", "themes", "publics"):
            data[name] = edit.choices_from_lines(data[name], getattr(self.before, name))
        return replace(self.before, **data)


PARTS = {"montants": AmountsForm, "eligibilite": EligibilityForm, "listes": ListsForm}
