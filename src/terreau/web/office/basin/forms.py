"""What a delegate types about the basin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.accounts.forms import CommuneField
from terreau.accounts.identifiers import compact
from terreau.accounts.models import Organisation
from terreau.engagement.lifecycle import Form
from terreau.engagement.models import CompanyProfile
from terreau.engagement.queries import words
from terreau.engagement.reference import directory, kinds
from terreau.methods.matching.divisions import DIVISIONS_IN_WORDS
from terreau.projects.models import Application
from terreau.web.ui.territory_picker import TerritoriesField

KINDS = [(kind.value, kind.label) for kind in Organisation.Kind if kind != Organisation.Kind.FUNDER]
ANY = ("", _("Tous"))


def place():
    return TerritoriesField(
        label=_("Dans quel territoire"),
        help_text=_("Commune, intercommunalité, zone d’emploi, bassin dessiné…"),
        single=True,
        required=False,
    )


class BasinFilters(forms.Form):
    q = forms.CharField(label=_("Nom, commune ou SIRET"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Type"), choices=[ANY, *KINDS], required=False)
    offer = forms.ChoiceField(
        label=_("Peut apporter"),
        choices=[("", _("Tout")), *((form.value, form.label) for form in Form)],
        required=False,
    )
    theme = forms.ChoiceField(label=_("Sujet qui compte"), required=False)
    territory = place()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["theme"].choices = [ANY, *words.themes().items()]


class DirectoryFilters(forms.Form):
    q = forms.CharField(label=_("Nom, SIREN, SIRET ou RNA"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=_("Type"),
        choices=[
            ANY,
            (kinds.FIRM, _("entreprise")),
            (kinds.ASSOCIATION, _("association, fondation, mutuelle")),
            (kinds.PUBLIC, _("acteur public")),
        ],
        required=False,
    )
    division = forms.ChoiceField(label=_("Activité (division NAF)"), required=False)
    size = forms.ChoiceField(label=_("Taille"), choices=[ANY, *CompanyProfile.Size.choices], required=False)
    is_sse = forms.BooleanField(label=_("Économie sociale et solidaire seulement"), required=False)
    territory = place()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if directory.associations_listed():
            self.fields["kind"].choices += [(kinds.REGISTERED, _("association, d’après le RNA"))]
        labels = ((f"{number:02}", f"{number:02} · {said}") for number, said in DIVISIONS_IN_WORDS.items())
        self.fields["division"].choices = [ANY, *labels]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Votre note"),
        help_text=_("Lue par les équipes régionales seules. Rien sur la santé de quelqu’un."),
        widget=forms.Textarea({"rows": 3}),
        max_length=4000,
    )


class AcquaintanceForm(forms.Form):
    other = forms.CharField(label=_("Connaît"), help_text=_("Le SIRET ou le nom exact."), max_length=200)
    how = forms.CharField(label=_("Comment"), max_length=200, required=False)

    def __init__(self, *args, among, **options):
        super().__init__(*args, **options)
        self.among = among

    def clean_other(self):
        text = self.cleaned_data["other"].strip()
        found = list(self.among.filter(siret=compact(text))[:1] or self.among.filter(name__iexact=text)[:2])
        if not found:
            raise forms.ValidationError(_("Aucune organisation de vos régions n’a ce SIRET ni ce nom."))
        if len(found) > 1:
            raise forms.ValidationError(_("Plusieurs organisations ont ce nom : donnez le SIRET."))
        return found[0]


class IntroduceForm(forms.Form):
    project = forms.ModelChoiceField(
        label=_("À quel projet"), queryset=Application.objects.none(), empty_label=_("Choisir")
    )
    email = forms.EmailField(
        label=_("Adresse e-mail à inviter"),
        help_text=_("Seulement si personne n’agit encore ici pour cette entreprise."),
        required=False,
    )

    def __init__(self, *args, projects, **options):
        super().__init__(*args, **options)
        self.fields["project"].queryset = projects
        self.fields["project"].label_from_instance = lambda project: f"{project.title} ({project.holder})"


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("Adresse e-mail de la personne"))


class RelayForm(forms.Form):
    """A person's need, without the person: nothing of it is kept."""

    place = CommuneField(label=_("Où"), help_text=_("La commune ou son code postal."))
    theme = forms.ChoiceField(label=_("Sujet"), required=False)
    public = forms.ChoiceField(label=_("Public"), required=False)
    text = forms.CharField(
        label=_("Le besoin, en quelques mots"),
        help_text=_("N’écrivez ni nom, ni rien sur la santé. Rien n’est enregistré."),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["theme"].choices = [ANY, *words.themes().items()]
        self.fields["public"].choices = [ANY, *words.publics().items()]
