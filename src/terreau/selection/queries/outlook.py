"""What a scenario says of its files: why one is out, who is selected group by group."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import numpy as np

from terreau.methods.selection.fairness import Rate, banded, selection_rates
from terreau.methods.selection.instance import Attribute
from terreau.methods.selection.outcome import Outcome
from terreau.methods.selection.select import select
from terreau.selection.models import Scenario
from terreau.selection.queries.instance import Content, instance_of
from terreau.selection.queries.scenarios import parameters_of

SIZES = {  # total budget of the project, in euros
    "small": (0.0, 100_000.0),
    "medium": (100_000.0, 250_000.0),
    "large": (250_000.0, np.inf),
}
AGES = {"young": (0.0, 5.0), "settled": (5.0, 15.0), "old": (15.0, np.inf)}  # years of the organisation


def with_and_without(scenario: Scenario, reference: str) -> Outcome:
    """The best portfolio that has this file, or, for a file that is in, the best without it."""
    question = instance_of(scenario.input.content, parameters_of(scenario))
    free = replace(question, forced=question.forced - {reference}, excluded=question.excluded - {reference})
    if reference in scenario.outcome["granted"]:
        return select(replace(free, excluded=free.excluded | {reference}))
    return select(replace(free, forced=free.forced | {reference}))


def rates(content: Content, granted: Collection[str]) -> dict[str, list[Rate]]:
    """The rate of selection by région, kind, size of the project and seniority of the organisation."""
    files, on = content["files"], date.fromisoformat(content["on"])
    taken = np.array([file["id"] in granted for file in files])
    budgets = [file["total"] / 100 if file["total"] else np.nan for file in files]
    years = [(on - date.fromisoformat(file["founded"])).days / 365.25 if file["founded"] else np.nan for file in files]
    groups: dict[str, Attribute] = {
        "region": Attribute.of([[file["region"]] if file["region"] else [] for file in files]),
        "kind": Attribute.of([[file["kind"]] if file["kind"] else [] for file in files]),
        "size": banded(np.array(budgets), SIZES),
        "age": banded(np.array(years), AGES),
    }
    return {name: selection_rates(group, taken) for name, group in groups.items()}
