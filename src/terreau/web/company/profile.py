"""Three questions to a firm, its size and its activity."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.engagement.actions.companies import check_naf, save_profile
from terreau.engagement.actions.proposals import propose_projects
from terreau.engagement.lifecycle import Form
from terreau.engagement.models import CompanyProfile
from terreau.engagement.queries import words
from terreau.engagement.reference import directory, naf
from terreau.web.company.scope import company_of

SIZES = (
    ("", gettext_lazy("Je ne sais pas")),
    ("micro", gettext_lazy("TPE : moins de 10 personnes et 2 M€ de chiffre d’affaires ou de bilan, au plus")),
    ("sme", gettext_lazy("PME : moins de 250 personnes, et 50 M€ de chiffre d’affaires ou 43 M€ de bilan, au plus")),
    ("midcap", gettext_lazy("ETI : moins de 5 000 personnes, et 1,5 Md€ de chiffre d’affaires ou 2 Md€ de bilan")),
    ("large", gettext_lazy("Grande entreprise : au-delà")),
)


class ProfileForm(forms.Form):
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("1. Qu’est-ce qui compte pour vous ?"),
        help_text=gettext_lazy("Les sujets des projets que vous aimeriez soutenir. Autant que vous voulez."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    offers = forms.MultipleChoiceField(
        label=gettext_lazy("2. Que pourriez-vous apporter ?"),
        help_text=gettext_lazy("Ce n’est pas une promesse : vous déciderez projet par projet."),
        choices=[(form.value, form.label.capitalize()) for form in Form],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_listed = forms.TypedChoiceField(
        label=gettext_lazy("3. Pouvons-nous vous proposer à des projets ?"),
        help_text=gettext_lazy("Vous changerez d’avis quand vous voudrez, sur cette page."),
        choices=[
            ("yes", gettext_lazy("Oui : les projets proches peuvent nous être présentés et nous écrire par le site")),
            ("no", gettext_lazy("Non : nous choisirons nous-mêmes, personne ne nous contacte")),
        ],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    size = forms.ChoiceField(label=gettext_lazy("Taille de l’entreprise"), choices=SIZES, required=False)
    naf = forms.CharField(
        label=gettext_lazy("Activité : code NAF (APE)"),
        help_text=gettext_lazy("Il figure sur vos fiches de paie, par exemple 62.01Z."),
        max_length=10,
        required=False,
    )
    presentation = forms.CharField(
        label=gettext_lazy("Votre entreprise en quelques mots"),
        help_text=gettext_lazy("Lu par les projets. N’écrivez rien sur la santé de quelqu’un."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args, profile, **options):
        held = {name: getattr(profile, name) for name in ("themes", "offers", "size", "naf", "presentation")}
        if profile.pk:
            held["is_listed"] = "yes" if profile.is_listed else "no"
        super().__init__(*args, initial=held, **options)
        self.fields["themes"].choices = list(words.themes().items())
        if told := naf.label(profile.naf, profile.nomenclature):
            self.fields["naf"].help_text = f"{told}."

    def clean_naf(self):
        try:
            return check_naf(self.cleaned_data["naf"]) if self.cleaned_data["naf"] else ""
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None


def profile(request, pk):
    """A contact answers; a mentor reads what was answered."""
    company = company_of(request, pk)
    held = CompanyProfile.objects.filter(organisation=company).first() or from_directory(company)
    may_write = request.user.has_perm("engagement.tell_profile", company)
    form = ProfileForm(request.POST or None, profile=held)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        if form.is_valid():
            save_profile(company, **form.cleaned_data, nomenclature=held.nomenclature, by=request.user)
            propose_projects(company, timezone.localdate(), by=request.user)
            messages.success(request, _("Vos réponses sont enregistrées. Voici les projets qui vous ressemblent."))
            return redirect("company:projects", pk)
    for field in form.fields.values():
        field.disabled = not may_write
    context = {"company": company, "form": form, "may_write": may_write, "known": held.pk is not None}
    return render(request, "company/profile.html", context, status=422 if form.errors else 200)


def from_directory(company):
    """A profile to begin with: size and activity as Sirene has them, where a directory is loaded."""
    known = directory.firm(company.siret or "")
    if known is None or known.nomenclature not in CompanyProfile.Nomenclature:
        return CompanyProfile(organisation=company, size=known.size if known else "")
    return CompanyProfile(organisation=company, size=known.size, naf=known.naf, nomenclature=known.nomenclature)
