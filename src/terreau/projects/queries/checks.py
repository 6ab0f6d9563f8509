"""What the machine verifies on a file, and what still prevents its submission."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.calls import rulebook as call_rules
from terreau.projects import rulebook
from terreau.projects.models import Application
from terreau.projects.queries import content
from terreau.projects.rulebook import Check

BLOCKING = frozenset({"balanced", "kind_balanced", "requested", "minimum", "maximum", "rate"})


@dataclass(frozen=True)
class Missing:
    """One thing to mend before submission, with the step of the form and the field where it is."""

    step: str
    key: str
    label: str
    detail: str

    @property
    def anchor(self) -> str:
        """Where the step shows it."""
        own = {"budget": "budget-state", "documents": f"piece-{self.key}", "partners": "partenaires"}
        return own.get(self.step, f"answer-{self.key}")


def checks(application: Application) -> list[Check]:
    """Every machine check of a file: budget, amounts, rate, documents, eligibility."""
    rules = content.rules_of(application)
    application = content.loaded(application)
    held = content.answers(application)
    return [
        *rulebook.budget_checks(content.budget_lines(application), rules.amounts),
        *_documents(rules, held),
        *_eligibility(application, rules),
    ]


def _documents(rules: call_rules.Rulebook, held: dict[str, Any]) -> list[Check]:
    wanted = [d for d in call_rules.asked(rules, held).documents if d.required]
    return [
        Check(
            f"document:{d.key}",
            d.key in held,
            _("Pièce fournie : %(label)s") % {"label": d.label},
            (held.get(d.key) or {}).get("name", "") if isinstance(held.get(d.key), dict) else "",
        )
        for d in wanted
    ]


def _eligibility(application: Application, rules: call_rules.Rulebook) -> list[Check]:
    holder = application.holder
    facts = call_rules.Facts(
        legal_form=holder.legal_form or None,
        founded_on=holder.founded_on,
        accounts_closed=holder.accounts_closed,
        seat=call_rules.seat_of(holder.commune.code if holder.commune else None),
        today=timezone.localdate(),
    )
    reasons = call_rules.eligibility_reasons(rules.eligibility, facts)
    return [Check(f"eligibility:{r.key}", r.ok, r.sentence, source=r.source) for r in reasons]


def documents_wanted(application: Application, held: dict[str, Any] | None = None) -> list[call_rules.DocumentRule]:
    """The documents asked of this file, on its route through the conditions."""
    held = content.answers(application) if held is None else held
    return list(call_rules.asked(content.rules_of(application), held).documents)


def missing(application: Application, rules: call_rules.Rulebook | None = None) -> list[Missing]:
    """What prevents submission, in the order of the form. Empty when the file may be submitted."""
    rules = rules or content.rules_of(application)
    application = content.loaded(application)
    held = content.answers(application)
    asked = call_rules.asked(rules, held)
    found = [
        Missing(step_of(section, question), question.key, question.label, sentence)
        for section in asked.sections
        for question in section.questions
        for sentence in call_rules.check_answer(question, held.get(question.key), asked.answers)
    ]
    found += _missing_tables(application, rules, held)
    found += [
        Missing("documents", d.key, d.label, _("Cette pièce est nécessaire."))
        for d in asked.documents
        if d.required and d.key not in held
    ]
    waiting = [answer.key for answer in application.answers.all() if answer.contested]  # type: ignore[attr-defined]
    labels = {key: q.label for key, q in asked.questions.items()}
    found += [
        Missing("conflicts", key, labels.get(key, key), _("Deux textes attendent votre choix.")) for key in waiting
    ]
    return found


def step_of(section: call_rules.Section, question: call_rules.Question) -> str:
    """The step of the form where a question is asked."""
    own = {"territories": "territory", "publics": "publics"}
    if section.key == "identity":
        return own.get(question.key, "project")
    return f"section-{section.key}"


def _missing_tables(application: Application, rules: call_rules.Rulebook, held: dict[str, Any]) -> list[Missing]:
    lines = content.budget_lines(application)
    found = [
        Missing("budget", check.key, check.label, check.detail or _("À compléter."))
        for check in rulebook.budget_checks(lines, rules.amounts)
        if check.key in BLOCKING and not check.ok
    ]
    found += [
        Missing("budget", "unreadable", line.get("label") or line["rubric"], _("Le montant n’est pas lisible."))
        for line in held.get("budget") or []
        if "amount_cents" not in line
    ]
    found += [
        Missing("partners", "siret", row.get("name") or row["siret"], row["error"])
        for row in held.get("partners") or []
        if row.get("error")
    ]
    return found
