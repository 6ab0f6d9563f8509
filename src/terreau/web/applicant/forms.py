"""The questions of a call as form fields. Nothing is refused: a draft keeps what was typed, and says what is wrong."""

from django import forms
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _

from terreau.calls import rulebook
from terreau.calls.forms import answer_field, help_of
from terreau.projects.models import Collaborator
from terreau.projects.rulebook import COFUNDED, EXPENSES, INCOME, KIND_EXPENSES, KIND_INCOME
from terreau.web.ui.territory_picker import TerritoriesField

TYPED = {"short_text", "long_text", "number", "money"}  # kinds that are saved while they are being typed


def field_of(question, searched):
    """A question as the whole house shows it; territories are picked by search or on a map."""
    if question.kind != "territory":
        return answer_field(question)
    field = TerritoriesField(label=question.label, help_text=help_of(question), required=question.required)
    field.widget.query = searched.get(f"{question.key}-q", "").strip()[:100]
    return field


class AnswerForm(forms.Form):
    """Questions with their stored values. `strict` also tells which necessary answers are missing."""

    use_required_attribute = False

    def __init__(self, questions, held, *, strict=False, typed=None, searched=None):
        self.questions = {q.key: q for q in questions if q.kind != "file"}
        shown = dict(held) | (typed or {})
        super().__init__(initial={key: shown.get(key) for key in self.questions})
        self.fields |= {key: field_of(question, searched or {}) for key, question in self.questions.items()}
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
    """The value of one question in what was posted."""
    widget = field_of(question, {}).widget
    return rulebook.normalise(question, widget.value_from_datadict(data, {}, question.key))


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
