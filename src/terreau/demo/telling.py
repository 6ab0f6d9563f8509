"""What a report says: words drawn for one project, and figures that follow its budget. Plain values."""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from terreau.demo.parts import Project
from terreau.demo.words import concepts, fit, listed, told_later
from terreau.funding.rulebook.financial_report import Line, owes_words
from terreau.funding.rulebook.reporting import Reporting
from terreau.projects.rulebook import REFUSED

EURO = 100
SPREAD = {"6": (0.95, 1.05), "7": (0.96, 1.0), "8": (1.0, 1.0)}  # by side of the budget; what is given in kind agrees


def words(rng: Random, project: Project, keys: Iterable[str], *, reached: int = 0) -> dict[str, str]:
    """An answer to each question of a report. `reached` is how many people took part so far."""
    place, texts = project.plan.place, told_later()["sections"]
    concept = concepts().get(project.plan.concept)
    done = listed(rng.sample(concept.activities, min(3, len(concept.activities)))) if concept else ""
    activities = fit(done, place) if done else "les visites, les ateliers et les rencontres annoncés"
    numbers = {"n": project.expected, "reached": reached, "p": project.answers["firms_count"], "list": activities}
    return {key: fit(rng.choice(texts[key]), place, **numbers) for key in keys}


def figures(
    rng: Random, lines: Iterable[Line], *, spent: float, rules: Reporting, final: bool, extra: int = 0
) -> dict[str, Any]:
    """What a holder types for each line: about `spent` of what was planned, with words where a gap owes them.

    `extra` cents are added to the first expense: a cost that the funder will not take.
    """
    typed: dict[str, Any] = {}
    for line in lines:
        if line.ours:
            continue
        if line.status == REFUSED:
            typed[f"{line.key}-status"] = REFUSED
            continue
        share = spent * rng.uniform(*SPREAD[line.rubric[0]])
        cents = round(line.planned_cents * share) // EURO * EURO + (extra if not typed else 0)
        typed[line.key] = cents
        if line.rubric[:2] in {"74", "75"}:
            typed[f"{line.key}-status"] = "obtained" if final else line.status
        if final and owes_words(_with(line, cents), rules):
            typed[f"{line.key}-why"] = told_later()["gaps"].get(line.rubric[:2], told_later()["gaps"]["other"])
    return typed


def _with(line: Line, cents: int) -> Line:
    return Line(line.key, line.rubric, line.label, line.planned_cents, cents, "", line.status, line.ours)


def people(rng: Random, expected: Mapping[str, int], share: float) -> dict[str, int]:
    """How many took part, of each public."""
    return {public: max(1, round(number * share * rng.uniform(0.85, 1.1))) for public, number in expected.items()}
