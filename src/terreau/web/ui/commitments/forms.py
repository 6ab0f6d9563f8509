"""What is typed about a commitment; which fields a form shows comes from the table of what it asks."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from terreau.engagement.actions.commitments import Offer, Plan
from terreau.engagement.lifecycle import Form
from terreau.engagement.models import Immersion
from terreau.engagement.rulebook import commitments as asks
from terreau.web.ui.agreements.forms import date_field
from terreau.web.ui.fields import EurosField, NumberField

NO_NAME = _("Lu par les deux parties. N’écrivez aucun nom de participant, rien sur la santé.")
WORTH = frozenset({Form.MONEY, Form.GOODS, Form.SKILLS})
ALWAYS = ("starts_at", "ends_at", "place")


def forms_of_engagement():
    return [("", _("Choisir")), *((form.value, capfirst(form.label)) for form in Form)]


class OfferForm(forms.Form):
    """What a firm offers a project, or a project asks of a firm."""

    form = forms.ChoiceField(label=_("Forme d’engagement"), choices=forms_of_engagement)
    title = forms.CharField(label=_("En une phrase"), max_length=120, help_text=NO_NAME)
    text = forms.CharField(label=_("Précisions"), widget=forms.Textarea({"rows": 4}), max_length=2000, required=False)
    value = EurosField(
        label=_("Valeur prévue"),
        required=False,
        help_text=_("Pour un don d’argent, de matériel ou de temps de travail\u00a0; en nature, au coût de revient."),
    )

    def offer(self, need=None):
        kept = self.cleaned_data
        value = kept["value"] if kept["form"] in WORTH else None
        return Offer(kept["form"], kept["title"], kept["text"], value, need)


def area(label):
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 3}), max_length=1000, help_text=NO_NAME)


def amount(label, most):
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=forms.NumberInput({"class": "short"}))


class Moment(forms.DateTimeField):
    """A day and an hour, as the browser's own picker writes them."""

    widget = forms.DateTimeInput({"type": "datetime-local", "class": "moment"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **options):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)


class PlanForm(forms.Form):
    """The fields that the form of engagement asks to be planned, and a place for all."""

    def __init__(self, *args, commitment, **options):
        super().__init__(*args, initial=held(commitment), **options)
        self.by_day = commitment.form in asks.BY_DAY
        asked = {ask.field for ask in asks.of(commitment.form, "plan")}
        first, last = (_("Premier jour"), _("Dernier jour")) if self.by_day else (_("Début"), _("Fin"))
        when = date_field if self.by_day else lambda label: Moment(label=label)
        whole = {
            "starts_at": when(first),
            "ends_at": when(last),
            "place": forms.CharField(label=_("Lieu"), max_length=200),
            "capacity": amount(_("Places"), 1000),
            "accessibility": area(_("Accessibilité du lieu\u00a0: accès, stationnement, sanitaires, bruit, lumière")),
            "briefing": area(_("Consignes de sécurité\u00a0: tenue, équipements, zones interdites")),
            "hours_a_month": amount(_("Heures par mois"), 100),
            "months": amount(_("Nombre de mois"), 60),
            "purpose": forms.ChoiceField(label=_("Objet de l’immersion"), choices=Immersion.Purpose.choices),
            "tutor": forms.CharField(label=_("Tuteur ou tutrice dans l’entreprise"), max_length=120),
        }
        for name, field in whole.items():
            if name in asked or name in ALWAYS:
                field.required = name in asked
                self.fields[name] = field

    def clean(self):
        kept = super().clean()
        first, last = kept.get("starts_at"), kept.get("ends_at")
        if first and last and last < first:
            self.add_error("ends_at", _("La fin vient avant le début."))
        return kept

    def plan(self):
        kept = {name: value for name, value in self.cleaned_data.items() if value is not None}
        if self.by_day:
            for name in {"starts_at", "ends_at"} & kept.keys():
                kept[name] = timezone.make_aware(datetime.combine(kept[name], time()))
        return Plan(**kept)


def held(commitment):
    """What is planned already, to be moved."""
    names = ("place", "capacity", "accessibility", "briefing", "hours_a_month", "months")
    found = {name: getattr(commitment, name) for name in names}
    for name in ("starts_at", "ends_at"):
        at = getattr(commitment, name)
        found[name] = timezone.localtime(at) if at else None
    immersion = getattr(commitment, "immersion", None)
    return found | ({"purpose": immersion.purpose, "tutor": immersion.tutor} if immersion else {})


class CompleteForm(forms.Form):
    """What the form of engagement asks once it took place."""

    def __init__(self, *args, commitment, **options):
        super().__init__(*args, **options)
        asked = {ask.field for ask in asks.of(commitment.form, "complete")}
        if "attendance" in asked:
            self.fields["attendance"] = forms.IntegerField(
                label=_("Personnes présentes"),
                min_value=0,
                max_value=10_000,
                widget=forms.NumberInput({"class": "short"}),
            )
        if "is_list_kept" in asked:
            self.fields["is_list_kept"] = forms.BooleanField(
                label=_("La liste d’émargement est signée, la structure la garde"),
                help_text=_("Elle porte des noms\u00a0: ne l’envoyez ni à l’entreprise ni ici."),
            )


class SignForm(forms.Form):
    party = forms.ChoiceField(
        label=_("Qui a signé\u00a0?"), choices=list(asks.PARTIES.items()), widget=forms.RadioSelect
    )
    on = date_field(_("Signée le"), initial=timezone.localdate)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Pourquoi"), max_length=200, help_text=_("L’autre partie lira ce motif."))


class HoursForm(forms.Form):
    """A day's line of the log."""

    use_required_attribute = False
    on = date_field(_("Jour"), initial=timezone.localdate)
    hours = NumberField(
        label=_("Heures données"), at_least=0, help_text=_("Un quart d’heure s’écrit 0,25\u00a0; une demi-heure, 0,5.")
    )
    on_working_time = forms.BooleanField(
        label=_("Sur le temps de travail, payé par l’entreprise"), initial=True, required=False
    )
    note = forms.CharField(label=_("Ce qui a été fait"), max_length=200, required=False, help_text=NO_NAME)

    def line(self):
        kept = self.cleaned_data
        return {
            "on": kept["on"],
            "minutes": round(kept["hours"] * 60),
            "on_working_time": kept["on_working_time"],
            "note": kept["note"],
        }
