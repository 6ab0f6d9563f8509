from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.calls.models import Window
from terreau.core import money
from terreau.funding.forms import checked

DAY = {"type": "date", "class": "short"}
LARGEST = 5 * 1024 * 1024  # bytes of a bank's return


def day(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput(DAY, format="%Y-%m-%d"), **options)


class PrepareForm(forms.Form):
    executes_on = day(_("Date d’exécution"), help_text=_("Le jour où la banque débite le compte."))

    def clean_executes_on(self):
        found = self.cleaned_data["executes_on"]
        if found < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée."))
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), widget=forms.Textarea({"rows": 3}), max_length=1000)


class SettleForm(forms.Form):
    on = day(_("Date du relevé"))
    rejection = forms.CharField(
        label=_("Motif du rejet"),
        required=False,
        max_length=200,
        help_text=_("À remplir si la banque a rejeté les paiements cochés ; vide, ils sont exécutés."),
    )

    def clean_on(self):
        found = self.cleaned_data["on"]
        if found > timezone.localdate():
            raise forms.ValidationError(_("Cette date est à venir."))
        return found


class ReturnForm(forms.Form):
    file = forms.FileField(
        label=_("Retour de la banque"),
        help_text=_("pain.002 (XML), ou CSV avec les colonnes reference et statut."),
    )
    on = day(_("Date d’exécution des paiements"))

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("Ce fichier dépasse 5 Mo."))
        return upload


class WindowField(forms.ModelChoiceField):
    """The windows of several calls, told apart."""

    def label_from_instance(self, window):
        return f"{window.call.title}, {window.label}"


class ReserveForm(forms.Form):
    window = WindowField(Window.objects.none(), label=_("Période"))
    back = forms.ChoiceField(
        label=_("Sens"),
        choices=[("", _("réserver")), ("back", _("lever une réservation"))],
        widget=forms.RadioSelect,
        required=False,
    )
    amount = forms.CharField(label=_("Montant"), max_length=30)
    note = forms.CharField(label=_("Motif"), max_length=200)
    token = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args, windows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["window"].queryset = windows
        self.initial.setdefault("token", uuid4().hex)

    def clean_amount(self):
        cents = checked(money.parse, self.cleaned_data["amount"])
        if cents <= 0:
            raise forms.ValidationError(_("Indiquez un montant positif."))
        return cents
