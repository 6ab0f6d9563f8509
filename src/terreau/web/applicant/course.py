"""The steps of a form for one file: which there are on its route, where one is, what each still lacks."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from terreau.calls import rulebook
from terreau.projects import queries

FIXED = {
    "project": _("Projet"),
    "territory": _("Territoire"),
    "publics": _("Publics"),
    "budget": _("Budget"),
    "partners": _("Partenaires"),
    "documents": _("Pièces"),
    "review": _("Relecture"),
}


@dataclass(frozen=True)
class Step:
    key: str
    label: str
    help: str = ""
    questions: tuple[rulebook.Question, ...] = ()  # all of them, shown or not
    shown: frozenset[str] = field(default_factory=frozenset)


class Course:
    """One file being written: its rules, its answers, its steps."""

    def __init__(self, application):
        self.application = application
        self.rules = queries.rules_of(application)
        self.file = queries.loaded(application)
        self.held = queries.answers(self.file)
        self.asked = rulebook.asked(self.rules, self.held)
        self.versions = {answer.key: answer.version for answer in self.file.answers.all()}
        self.steps = {step.key: step for step in self._steps()}

    def _steps(self):
        identity = rulebook.identity(self.rules)
        shown = frozenset(self.asked.questions)
        yield self._identity("project", identity, shown)
        kept = {section.key for section in self.asked.sections}
        for section in self.rules.sections:
            if section.key in kept:
                yield Step(f"section-{section.key}", section.title, section.help, section.questions, shown)
        for key in ("territory", "publics"):
            step = self._identity(key, identity, shown)
            if step.questions:
                yield step
        for key in ("budget", "partners", "documents", "review"):
            yield Step(key, FIXED[key])

    def _identity(self, key, identity, shown):
        questions = tuple(q for q in identity.questions if queries.step_of(identity, q) == key)
        return Step(key, FIXED[key], "", questions, shown)

    def missing(self):
        return queries.missing(self.file, self.rules)

    def next_after(self, key):
        keys = list(self.steps)
        return keys[min(keys.index(key) + 1, len(keys) - 1)]

    def before(self, key):
        position = list(self.steps).index(key)
        return list(self.steps)[position - 1] if position else ""

    def navigation(self, current, missing):
        """The steps as the `steps` tag shows them."""
        lacking = {item.step for item in missing}
        return [
            {
                "label": step.label,
                "url": reverse("applicant:step", args=[self.application.reference, step.key]),
                "state": "current" if step.key == current else "todo" if self.lacks(step.key, lacking) else "done",
            }
            for step in self.steps.values()
        ]

    def lacks(self, key, lacking):
        return bool(lacking) if key == "review" else key in lacking


def decisive(rules):
    """The keys of the answers that decide whether something is shown."""
    items = [*rules.sections, *rules.questions.values(), *rules.documents]
    return {leaf["question"] for item in items for leaf in rulebook.leaves(item.show_if)}
