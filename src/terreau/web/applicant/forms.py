"""The questions of a call as form fields. Nothing is refused: a draft keeps what was typed, and says what is wrong."""

from django import forms
from django.forms.utils import ErrorList
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from terreau.calls import rulebook
from terreau.core import money
from terreau.projects.models import Collaborator
from terreau.projects.rulebook import COFUNDED, EXPENSES, INCOME, KIND_EXPENSES, KIND_INCOME

NOWHERE = _("Sans réponse")


class CountsWidget(forms.MultiWidget):
    """One whole number beside each choice."""

    template_name = "applicant/widgets/counts.html"
    use_fieldset = True

    def __init__(self, choices):
        self.choices = choices
        super().__init__({c.key: forms.TextInput({"inputmode": "numeric", "size": 6}) for c in choices})

    def decompress(self, value):
        held = value if isinstance(value, dict) else {}
        return [held.get(c.key, "") for c in self.choices]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for widget, choice in zip(context["widget"]["subwidgets"], self.choices, strict=True):
            widget["label"] = choice.label
        return context


class CountsField(forms.Field):
    def __init__(self, *, choices, **options):
        super().__init__(widget=CountsWidget(choices), **options)


def _number(value):
    return formats.localize_input(value) if isinstance(value, int | float) else value


def _money(value):
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    return money.euros(value, decimals=2 if value % 100 else 0).replace("\u00a0€", "").replace("€", "")


SHOWN = {"number": _number, "money": _money}  # how a stored value is typed again


def _date(question, value, options):
    readable = not value or rulebook.well_formed(question, value)
    widget = forms.TextInput({"type": "date"} if readable else {"inputmode": "numeric"})
    return forms.CharField(widget=widget, **options)


def _choice(question, _value, options):
    choices = [(c.key, c.label) for c in question.choices]
    if len(choices) > 6:
        return forms.ChoiceField(choices=[("", NOWHERE), *choices], **options)
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)


def _choices(question, _value, options):
    choices = [(c.key, c.label) for c in question.choices]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)


def _long_text(question, _value, options):
    rows = min(max(4, (question.limit or 200) // 25), 14)
    return forms.CharField(widget=forms.Textarea({"rows": rows}), **options)


def _territory(_question, _value, options):
    return forms.CharField(widget=forms.Textarea({"rows": 3}), **options)


FIELDS = {
    "long_text": _long_text,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "territory": _territory,
    "counts": lambda question, _value, options: CountsField(choices=question.choices, **options),
    "number": lambda _q, _v, options: forms.CharField(widget=forms.TextInput({"inputmode": "decimal"}), **options),
    "money": lambda _q, _v, options: forms.CharField(widget=forms.TextInput({"inputmode": "decimal"}), **options),
}
TYPED = {"short_text", "long_text", "number", "money"}  # kinds that are saved while they are being typed


def _help(question):
    limits = {"long_text": _("%(n)s mots au plus."), "short_text": _("%(n)s caractères au plus.")}
    limit = limits[question.kind] % {"n": question.limit} if question.limit and question.kind in limits else ""
    return " ".join(part for part in (question.help, str(limit)) if part)


def field_of(question, value):
    options = {"label": question.label, "help_text": _help(question), "required": question.required}
    make = FIELDS.get(question.kind)
    return make(question, value, options) if make else forms.CharField(**options)


class AnswerForm(forms.Form):
    """Questions with their stored values. `strict` also tells which necessary answers are missing."""

    use_required_attribute = False

    def __init__(self, questions, held, *, strict=False, typed=None):
        self.questions = {q.key: q for q in questions if q.kind != "file"}
        shown = dict(held) | (typed or {})
        initial = {
            key: SHOWN[q.kind](shown.get(key)) if q.kind in SHOWN else shown.get(key)
            for key, q in self.questions.items()
        }
        super().__init__(initial=initial)
        for key, question in self.questions.items():
            self.fields[key] = field_of(question, shown.get(key))
        self.full_clean()
        for key, question in self.questions.items():
            value = shown.get(key)
            if strict or not rulebook.empty(value):
                self._tell(key, rulebook.check_answer(question, value, shown))

    def _tell(self, key, sentences):
        if sentences:
            self._errors[key] = ErrorList(sentences)
            self.fields[key].widget.attrs["aria-invalid"] = "true"
            self.fields[key].widget.attrs["aria-describedby"] = f"id_{key}_helptext id_{key}_error"


def read(question, data):
    """The value of one question in what was posted; None where its field was not in the form."""
    if question.kind == "counts":
        raw = {c.key: data.get(f"{question.key}_{c.key}", "") for c in question.choices}
    elif question.kind in {"choices", "territory"}:
        raw = data.getlist(question.key)
        raw = raw[0] if question.kind == "territory" and len(raw) == 1 else raw
    else:
        raw = data.get(question.key, "")
    return rulebook.normalise(question, raw)


def _rubrics(*groups):
    return [(key, f"{key[:2]} · {label}") for group in groups for key, label in group.items()]


TABLES = (  # the tables of a budget: key, title, rubrics, whether lines have a status
    ("expenses", _("Charges"), EXPENSES),
    ("income", _("Produits"), INCOME),
    ("kind-expenses", _("Emplois des contributions en nature (86)"), KIND_EXPENSES),
    ("kind-income", _("Ressources en nature (87)"), KIND_INCOME),
)


def lines_of(data):
    """The lines of the budget in what was posted, in the order of the page; those ticked for removal are left out."""
    gone = set(data.getlist("remove"))
    lines = []
    for row in data.getlist("row"):
        line = {name: data.get(f"{row}-{name}", "") for name in ("rubric", "label", "amount", "status")}
        line["requested"] = data.get("requested") == row
        said = line["label"].strip() or line["amount"].strip()
        if row not in gone and line["rubric"] and said:
            lines.append(line if line["rubric"] in COFUNDED else line | {"status": ""})
    return lines


def partners_of(data):
    gone = set(data.getlist("remove"))
    rows = [
        {name: data.get(f"{row}-{name}", "") for name in ("name", "siret", "contribution")}
        for row in data.getlist("row")
        if row not in gone
    ]
    return [row for row in rows if any(value.strip() for value in row.values())]


class ShareForm(forms.Form):
    """A colleague already known, or an address to invite."""

    member = forms.ChoiceField(label=_("Membre de la structure"), required=False)
    email = forms.EmailField(
        label=_("ou adresse e-mail d’une personne à inviter"),
        required=False,
        help_text=_("Elle recevra une invitation à rejoindre la structure, puis vous lui ouvrirez le dossier."),
    )
    role = forms.ChoiceField(
        label=_("Rôle"), choices=Collaborator.Role.choices, initial=Collaborator.Role.EDITOR, widget=forms.RadioSelect
    )

    def __init__(self, *args, colleagues=(), **options):
        super().__init__(*args, **options)
        people = [(str(m.pk), f"{m.user} ({m.user.email})") for m in colleagues]
        self.fields["member"].choices = [("", _("Choisir une personne")), *people]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("member")) == bool(cleaned.get("email")):
            raise forms.ValidationError(_("Choisissez une personne ou écrivez une adresse."))
        return cleaned


class MessageForm(forms.Form):
    body = forms.CharField(label=_("Votre message au financeur"), widget=forms.Textarea({"rows": 4}), max_length=5000)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Pourquoi ? (facultatif)"), widget=forms.Textarea({"rows": 3}), required=False)


class UploadForm(forms.Form):
    """One supporting document; its content is read by `core.files.check` in the action."""

    file = forms.FileField(label=_("Fichier"), help_text=_("PDF, image, Word, Excel ou OpenDocument."))
