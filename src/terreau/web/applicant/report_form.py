"""A report as a form: its steps, its texts, its lines with what was typed in them."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from terreau.core import money
from terreau.funding.lifecycle import ReportKind
from terreau.funding.queries import reports as queries
from terreau.funding.rulebook import financial_report, reporting
from terreau.projects.rulebook import COFUNDED

TEXT, FIGURES, PEOPLE, PAPERS, REVIEW = "texte", "chiffres", "personnes", "pieces", "relecture"
STEPS = {
    TEXT: _("Récit"),
    FIGURES: _("Chiffres"),
    PEOPLE: _("Participants"),
    PAPERS: _("Pièces jointes"),
    REVIEW: _("Relecture et envoi"),
}


def steps_of(report):
    """The steps of this kind of report, in order."""
    told = queries.has_figures(report)
    return [key for key in STEPS if told or key not in {FIGURES, PEOPLE}]


def navigation(report, current, missing):
    """The steps as the `steps` tag shows them."""
    lacking = {item.step for item in missing}
    return [
        {
            "label": STEPS[key],
            "url": address(report, key),
            "state": "current"
            if key == current
            else "todo"
            if (lacking if key == REVIEW else key in lacking)
            else "done",
        }
        for key in steps_of(report)
    ]


def address(report, key):
    return reverse("applicant:report-step", args=[report.agreement.application.reference, report.pk, key])


class TextForm(forms.Form):
    """The qualitative questions. Nothing is refused while it is being written."""

    use_required_attribute = False

    def __init__(self, sections, texts):
        super().__init__(initial=texts)
        for section in sections:
            self.fields[section.key] = forms.CharField(
                label=section.title,
                help_text=section.help,
                widget=forms.Textarea({"rows": 6, "maxlength": reporting.LONGEST_SECTION}),
            )


def texts_of(report, said, typed=None):
    """Each question with its field and what a script needs to save it alone, as `applicant/answer.html` shows it."""
    sections = queries.rules_of(report).asked(report.kind)
    texts = {s.key: said[s.key].value for s in sections if s.key in said}
    form = TextForm(sections, texts | (typed or {}))
    reference = report.agreement.application.reference
    return [
        {
            "question": section,
            "field": form[section.key],
            "version": said[section.key].version if section.key in said else 0,
            "hidden": False,
            "trigger": "input delay:1200ms, change",
            "params": f"{section.key},base-{section.key},aside-{section.key},writer",
            "words": "",
            "url": reverse("applicant:report-save", args=[reference, report.pk, section.key]),
        }
        for section in sections
    ]


def figures_of(data):
    """The figures in what was posted: name of the line → what was typed; an added line left empty is none."""
    typed = {name.removeprefix("fig-"): value for name, value in data.items() if name.startswith("fig-")}
    gone = {
        key
        for key in {name.partition("-")[0] for name in typed if name.startswith("x")}
        if not any(typed.get(name, "").strip() for name in (key, f"{key}-label"))
    }
    return {name: value for name, value in typed.items() if name.partition("-")[0] not in gone}


def sides_of(report, typed):
    """The tables of the financial report: charges, resources, in kind; each with its rows and one empty line to add."""
    rules, known = queries.rules_of(report), queries.lines(report)
    sides = financial_report.sides(known)
    added = [int(line.key[1:]) for line in known if line.key.startswith("x")]
    free = max(added, default=0)
    found = []
    for side, (_key, _label, rubrics) in zip(sides, financial_report.SIDES, strict=False):
        rows = [row(report, line, typed, rules) for group in side.groups for line in group.lines]
        free += 1
        found.append(
            {"side": side, "rubrics": rubrics, "rows": rows, "new": f"x{free}", "cofunded": side.key == "income"}
        )
    return found


def row(report, line, typed, rules):
    value = typed.get(line.key, "")
    shown = money.euros(value).strip("€\u00a0") if isinstance(value, int) else value
    wrong = _("« %(text)s » n’est pas un montant.") % {"text": value} if value and not isinstance(value, int) else ""
    return {
        "line": line,
        "actual": shown,
        "wrong": wrong,
        "added": line.key.startswith("x"),
        "cofunded": line.rubric in COFUNDED and not line.ours,
        "owes": report.kind == ReportKind.FINAL and financial_report.owes_words(line, rules),
    }


def people_of(data):
    return {name.removeprefix("count-"): value for name, value in data.items() if name.startswith("count-")}


class UploadForm(forms.Form):
    """One file joined to the report; its content is read by `core.files.check` in the action."""

    file = forms.FileField(
        label=_("Fichier à joindre"),
        help_text=_("Compte rendu d’activité, comptes approuvés, photos, articles : PDF, image, Word, Excel…"),
    )
