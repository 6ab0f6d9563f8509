"""What a funder asks of its reports: when they are due, what they tell, from which gap a word is owed.

Each figure is a parameter of one funder from one day on (`models.ReportingRules`); these are the defaults and, in
`SOURCES`, where each comes from. A report keeps the parameters under which it was opened.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.funding.lifecycle import ReportKind

LONGEST_SECTION = 20_000  # characters of one text


@dataclass(frozen=True)
class Section:
    """One question of the qualitative part, and the reports in which it is asked."""

    key: str
    title: str
    help: str = ""
    kinds: tuple[str, ...] = (ReportKind.MILESTONE, ReportKind.FINAL)


def _sections() -> tuple[Section, ...]:
    both, follow = (ReportKind.MILESTONE, ReportKind.FINAL), (ReportKind.FOLLOW_UP,)
    return (
        Section("activities", "Ce qui a été fait", "Les actions menées, où, avec qui, par rapport au projet.", both),
        Section("participants", "Les personnes", "Qui a participé. N’écrivez ni nom ni information de santé.", both),
        Section("results", "Ce qui a changé", "Des faits et des chiffres, avec leur source.", both),
        Section("difficulties", "Les difficultés et ce qui a été adapté", "", both),
        Section("next", "La suite", "Ce qui est prévu d’ici la fin du projet.", (ReportKind.MILESTONE,)),
        Section(
            "lessons", "Les enseignements", "Ce que d’autres territoires pourraient reprendre.", (ReportKind.FINAL,)
        ),
        Section("since", "Depuis la fin du projet", "Ce qui continue, ce qui s’est arrêté, et pourquoi.", follow),
        Section("outcomes", "Ce que sont devenues les personnes", "En nombres, sans nom.", follow),
    )


@dataclass(frozen=True)
class Reporting:
    """The parameters. Months run from the end of the project; a gap past either bound needs an explanation."""

    final_months: int = 6
    milestone_lead_days: int = 30
    follow_up_months: tuple[int, ...] = (6, 12)
    remind_days: tuple[int, ...] = (-30, -7, 0, 7, 30)
    explain_percent: int = 10
    explain_cents: int = 100_000
    repay_days: int = 30
    visit_days: int = 180
    spending_percent: int = 30
    participants_percent: int = 50
    sections: tuple[Section, ...] = _sections()

    def asked(self, kind: str) -> tuple[Section, ...]:
        """The sections of one kind of report, in order."""
        return tuple(section for section in self.sections if kind in section.kinds)


LAW = gettext_lazy("Arrêté du 11 octobre 2006 et loi 2000-321, article 10 : six mois après la fin de l’exercice")
FORM = gettext_lazy("Usage avec le formulaire Cerfa 15059*02 ; seuil fixé par le financeur")
LIFE = gettext_lazy("Vie d’un dossier : suivi après la fin du projet")
HOUSE = gettext_lazy("Paramètre du financeur")
SOURCES: Mapping[str, Any] = {
    "final_months": LAW,
    "milestone_lead_days": HOUSE,
    "follow_up_months": LIFE,
    "remind_days": HOUSE,
    "explain_percent": FORM,
    "explain_cents": FORM,
    "repay_days": HOUSE,
    "visit_days": HOUSE,
    "spending_percent": HOUSE,
    "participants_percent": HOUSE,
    "sections": HOUSE,
}
BOUNDS: Mapping[str, tuple[int, int]] = {
    "final_months": (0, 24),
    "milestone_lead_days": (0, 365),
    "explain_percent": (0, 100),
    "explain_cents": (0, 10**9),
    "repay_days": (1, 365),
    "visit_days": (1, 1000),
    "spending_percent": (1, 100),
    "participants_percent": (1, 100),
}


def dump(reporting: Reporting) -> dict[str, Any]:
    """The parameters as plain JSON."""
    plain = asdict(reporting)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def parse(values: Mapping[str, Any]) -> Reporting:
    """Parameters from JSON; what is not said keeps its default. ValueError, in words, when one cannot hold."""
    known = {field.name for field in fields(Reporting)}
    if unknown := set(values) - known:
        raise ValueError(_("Paramètre inconnu : %(names)s.") % {"names": ", ".join(sorted(unknown))})
    given = {name: _checked(name, value) for name, value in values.items()}
    return replace(Reporting(), **given)


def _checked(name: str, value: Any) -> Any:
    if name == "sections":
        return _read_sections(value)
    if name in BOUNDS:
        least, most = BOUNDS[name]
        if not isinstance(value, int) or not least <= value <= most:
            raise ValueError(_("Le nombre doit être entre %(least)s et %(most)s.") % {"least": least, "most": most})
        return value
    numbers = tuple(sorted(set(value)))
    limit = 60 if name == "follow_up_months" else 365
    least = 1 if name == "follow_up_months" else -limit
    if len(numbers) > 12 or not all(isinstance(n, int) and least <= n <= limit for n in numbers):
        raise ValueError(
            _("Écrivez au plus douze nombres entre %(least)s et %(most)s.") % {"least": least, "most": limit}
        )
    return numbers


def _read_sections(value: Any) -> tuple[Section, ...]:
    sections = tuple(
        section if isinstance(section, Section) else Section(**{**section, "kinds": tuple(section["kinds"])})
        for section in value
    )
    keys = [section.key for section in sections]
    if len(set(keys)) != len(keys) or not all(re.fullmatch(r"[a-z][a-z0-9-]{0,19}", key) for key in keys):
        raise ValueError(_("Chaque question a sa propre clé : des minuscules, des chiffres, des tirets."))
    if not all(section.title.strip() and set(section.kinds) <= set(ReportKind.values) for section in sections):
        raise ValueError(_("Chaque question a un titre et dit dans quels rapports elle est posée."))
    return sections
