from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.accounts import queries
from terreau.accounts.identifiers import check_register, check_rna, check_siret, siret_shown
from terreau.accounts.models import LegalForm, Membership, Organisation, Role
from terreau.accounts.rules import roles_to_give
from terreau.territories.models import Level, Territory
from terreau.territories.queries import search

Kind = Organisation.Kind
KIND_OF = {LegalForm.COMPANY: Kind.COMPANY, LegalForm.PUBLIC_BODY: Kind.PUBLIC}  # the rest is the social economy
NAMES = {"first_name": {"autocomplete": "given-name"}, "last_name": {"autocomplete": "family-name"}}


class CommuneField(forms.CharField):
    """A commune by its name or its postal code; where several answer, the choice is offered in words."""

    def __init__(self, **options):
        super().__init__(max_length=120, **options)

    def prepare_value(self, value):
        return self.shown(value) if isinstance(value, Territory) else value

    @staticmethod
    def shown(commune):
        return f"{commune.name} ({commune.code})"

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        by_code = Territory.objects.filter(level=Level.COMMUNE, code=text.rpartition("(")[2].rstrip(")").strip())
        found = list(by_code) or search(text, levels=[Level.COMMUNE], limit=8)
        named = [c for c in found if c.name.casefold() == text.strip().casefold()]
        if len(named or found) == 1:
            return (named or found)[0]
        if not found:
            raise forms.ValidationError(_("Nous ne trouvons pas cette commune. Essayez son code postal."))
        choices = ", ".join(self.shown(c) for c in found)
        raise forms.ValidationError(_("Plusieurs communes répondent : recopiez la vôtre. %(list)s") % {"list": choices})


def cleaned(check, text):
    """Run one of the checks of identifiers on what was typed; its words become the field's error."""
    if not text:
        return ""
    try:
        return check(text)
    except ValueError as refused:
        raise forms.ValidationError(str(refused)) from None


class OrganisationForm(forms.Form):
    """The identity of an organisation, typed once. What identifies it depends on its legal form."""

    legal_form = forms.ChoiceField(label=_("Forme juridique"), choices=[("", _("Choisir")), *LegalForm.choices])
    name = forms.CharField(label=_("Nom"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"}))
    siret = forms.CharField(
        label=_("SIRET"), required=False, max_length=30, help_text=_("14 chiffres, avec ou sans espaces.")
    )
    rna = forms.CharField(
        label=_("Numéro RNA"),
        required=False,
        max_length=20,
        help_text=_("Pour une association : W suivi de 9 chiffres. Il figure sur le récépissé de la préfecture."),
    )
    register = forms.CharField(
        label=_("Registre local"),
        required=False,
        max_length=120,
        help_text=_("Alsace-Moselle seulement, sans RNA : tribunal, volume et folio."),
    )
    commune = CommuneField(
        label=_("Commune du siège"), required=False, help_text=_("Son nom ou son code postal, par exemple 68100.")
    )
    address = forms.CharField(label=_("Adresse"), required=False, max_length=200)
    founded_on = forms.DateField(
        label=_("Date de création"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    accounts_closed = forms.NullBooleanField(
        required=False,
        label=_("A clos au moins un exercice comptable"),
        widget=forms.Select(choices=[("unknown", _("Je ne sais pas")), ("true", _("Oui")), ("false", _("Non"))]),
    )
    website = forms.URLField(label=_("Site internet"), required=False, assume_scheme="https")

    @classmethod
    def of(cls, organisation, data=None):
        """The form filled with what is known."""
        initial = {name: getattr(organisation, name) for name in cls.base_fields}
        return cls(data, initial=initial | {"siret": siret_shown(organisation.siret)})

    def clean_siret(self):
        return cleaned(check_siret, self.cleaned_data["siret"])

    def clean_rna(self):
        return cleaned(check_rna, self.cleaned_data["rna"])

    def clean_register(self):
        return cleaned(check_register, self.cleaned_data["register"])

    def clean_founded_on(self):
        day = self.cleaned_data["founded_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Cette date est dans le futur."))
        return day

    def clean(self):
        """A SIRET always suffices. Associations may do with their RNA number, those of Alsace-Moselle without it."""
        data = super().clean()
        accepted = {LegalForm.ASSOCIATION: ("rna",), LegalForm.LOCAL_ASSOCIATION: ("rna", "register")}
        names = ("siret", *accepted.get(data.get("legal_form"), ()))
        if data.get("legal_form") and not any(data.get(name) or name in self.errors for name in names):
            self.add_error("siret", self.missing(names))
        return data

    @staticmethod
    def missing(names):
        if "register" in names:
            return _("Donnez le SIRET, ou la référence du registre local, ou le numéro RNA.")
        return _("Donnez le SIRET ou le numéro RNA.") if "rna" in names else _("Donnez le SIRET.")

    def identity(self):
        """What the action takes; the kind follows from the legal form."""
        values = self.cleaned_data
        return values | {"siret": values["siret"] or None, "rna": values["rna"] or None}

    def kind(self):
        return KIND_OF.get(self.cleaned_data["legal_form"], Kind.ASSOCIATION)


class ProfileForm(forms.Form):
    first_name = forms.CharField(label=_("Prénom"), max_length=150, widget=forms.TextInput(NAMES["first_name"]))
    last_name = forms.CharField(label=_("Nom"), max_length=150, widget=forms.TextInput(NAMES["last_name"]))
    language = forms.ChoiceField(
        label=_("Langue des pages et des messages"), choices=[("fr", "Français"), ("en", "English")]
    )


class SignupForm(forms.Form):
    """What is asked for a new account beside the address and the password."""

    first_name = forms.CharField(label=_("Prénom"), max_length=150, widget=forms.TextInput(NAMES["first_name"]))
    last_name = forms.CharField(label=_("Nom"), max_length=150, widget=forms.TextInput(NAMES["last_name"]))

    def signup(self, request, user):
        """Allauth wants this door; the adapter has stored the names already."""


def all_regions():
    return Territory.objects.filter(level=Level.REGION, current=True).order_by("name")


class RegionsForm(forms.Form):
    regions = forms.ModelMultipleChoiceField(
        label=_("Régions suivies"),
        queryset=Territory.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["regions"].queryset = all_regions()


class InvitationForm(RegionsForm):
    """Whom to invite, in which role; régions for a delegate."""

    email = forms.EmailField(label=_("Adresse e-mail"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Rôle"))
    field_order = ["email", "role", "regions"]

    def __init__(self, *args, organisation, by, **options):
        super().__init__(*args, **options)
        self.fields["role"].choices = [(r.value, r.label) for r in roles_to_give(by, organisation)]
        if organisation.kind != Kind.FUNDER:
            del self.fields["regions"]
        else:
            self.fields["regions"].help_text = _("Pour un·e délégué·e : une ou plusieurs régions.")

    def clean(self):
        data = super().clean()
        if data.get("role") == Role.DELEGATE and not data.get("regions"):
            self.add_error("regions", _("Choisissez au moins une région."))
        return data


class JoinForm(forms.Form):
    message = forms.CharField(
        label=_("Un mot pour vos collègues"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Dites qui vous êtes : ils décident de vous ouvrir l’accès."),
    )


class LeaveForm(forms.Form):
    """Who takes over: asked of the last person who can act for the organisation, or who answers for files alone."""

    successor = forms.ModelChoiceField(
        label=_("Qui prend le relais ?"), queryset=Membership.objects.none(), empty_label=_("Choisir")
    )

    sure = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def __init__(self, *args, membership, files=0, **options):
        super().__init__(*args, **options)
        if files or queries.is_last(membership):
            self.fields["successor"].queryset = queries.successors(membership)
            self.fields["successor"].label_from_instance = lambda m: str(m.user)
        else:
            del self.fields["successor"]


class EraseForm(forms.Form):
    agree = forms.BooleanField(label=_("J’ai compris : rien ne pourra être retrouvé."))


class JournalForm(forms.Form):
    """The filters of the journal."""

    verb = forms.ChoiceField(label=_("Action"), required=False)
    actor = forms.CharField(label=_("Auteur"), required=False, max_length=100)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["verb"].choices = [("", _("Toutes")), *((v, v) for v in queries.journal_verbs())]
