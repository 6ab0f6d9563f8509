"""What a scenario says of its files: why one is out, who is selected group by group."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from django.core.cache import cache

from terreau.methods.selection.instance import Attribute, Floats
from terreau.methods.selection.outcome import Outcome, Status
from terreau.selection.models import Scenario
from terreau.selection.queries.instance import (
    Content,
    instance_of,
    merit_share,
    offered,
    points,
    readings_of,
)
from terreau.selection.queries.readings import calibration_of
from terreau.selection.queries.scenarios import load_outcome, parameters_of
from terreau.selection.rulebook import Parameters

if TYPE_CHECKING:
    from terreau.methods.selection.fairness import Rate
    from terreau.methods.selection.reasons import Reason
    from terreau.methods.selection.robustness import Robustness
    from terreau.methods.selection.rule_prices import Price

DRAWS, SEED = 10_000, 273
STEP = 1_000  # draws between two words on how far it is
SIZES = {  # total budget of the project, in euros
    "small": (0.0, 100_000.0),
    "medium": (100_000.0, 250_000.0),
    "large": (250_000.0, np.inf),
}
AGES = {"young": (0.0, 5.0), "settled": (5.0, 15.0), "old": (15.0, np.inf)}  # years of the organisation

type Told = Callable[[int, int], None]  # steps behind, steps in all


def silently(_done: int, _total: int) -> None:
    """Nobody listens."""


def with_and_without(scenario: Scenario, reference: str) -> Outcome:
    """The best portfolio that has this file, or, for a file that is in, the best without it."""
    from terreau.methods.selection.select import select

    question = instance_of(scenario.input.content, parameters_of(scenario))
    free = replace(question, forced=question.forced - {reference}, excluded=question.excluded - {reference})
    if reference in scenario.outcome["granted"]:
        return select(replace(free, excluded=free.excluded | {reference}))
    return select(replace(free, forced=free.forced | {reference}))


def reason(scenario: Scenario, reference: str) -> "Reason | None":
    """Why a file is out: points short, what it would push out, euros too dear, rules in the way. A second or so.

    None where the file may not be granted at all. Remembered: a scenario never changes.
    """
    from terreau.methods.selection.reasons import why_not

    def found() -> "Reason | None":
        question = instance_of(scenario.input.content, parameters_of(scenario))
        if reference not in question.ids:
            return None
        free = replace(question, excluded=question.excluded - {reference})
        return why_not(free, load_outcome(scenario.outcome), [reference])[0]

    return _remembered(_key(scenario, f"reason:{reference}"), found)


def prices(scenario: Scenario) -> "list[Price]":
    """What each rule costs in points; empty where the portfolio is not proved best."""
    from terreau.methods.selection.rule_prices import rule_prices

    outcome = load_outcome(scenario.outcome)
    if outcome.status != Status.OPTIMAL:
        return []
    question = instance_of(scenario.input.content, parameters_of(scenario))
    return _remembered(_key(scenario, "prices"), lambda: rule_prices(question, outcome))


def robustness(scenario: Scenario, tell: Told = silently) -> "Robustness | None":
    """The portfolio chosen again under 10 000 draws of the scores; None where there is nothing to choose again.

    Some seconds: `tell` hears how many draws are behind, of how many.
    """
    from terreau.methods.selection.robustness import redraw

    if not scenario.outcome["granted"]:
        return None
    content, parameters = scenario.input.content, parameters_of(scenario)
    question, outcome = instance_of(content, parameters), load_outcome(scenario.outcome)
    draws, parts = drawn_points(content, parameters, DRAWS), []
    for at in range(0, DRAWS, STEP):
        tell(at, DRAWS)
        parts.append(redraw(question, outcome, draws[at : at + STEP]))
    return _joined(parts)


def _joined(parts: "Sequence[Robustness]") -> "Robustness":
    """Redraws of equal numbers as one."""
    from terreau.methods.selection.robustness import Robustness

    share = np.mean([list(part.probability.values()) for part in parts], axis=0)
    return Robustness(
        dict(zip(parts[0].probability, share.tolist(), strict=True)),
        float(np.mean([part.overlap for part in parts])),
        sum(part.draws for part in parts),
        sum(part.exact_fallbacks for part in parts),
    )


def _key(scenario: Scenario, what: str) -> str:
    return f"{what}:{scenario.input_id}:{scenario.digest}"


def _remembered[T](key: str, found: Callable[[], T]) -> T:
    """`found()` once a process and a key: what it answers never changes. Packed, so that None is an answer too."""
    kept: tuple[T] | None = cache.get(key)
    if kept is None:
        kept = (found(),)
        cache.set(key, kept, timeout=None)
    return kept[0]


def drawn_points(content: Content, parameters: Parameters, count: int) -> Floats:
    """Points of each file that may be granted under `count` draws of the scores, (count, n); the seed is fixed."""
    base, ids = points(content, parameters), [file["id"] for file in offered(content)]
    draws = np.tile(base, (count, 1))
    found = calibration_of(readings_of(content))
    if found is None:
        return draws
    share = merit_share(content, parameters)
    number = {reference: i for i, reference in enumerate(found.references)}
    read = [k for k, reference in enumerate(ids) if reference in number]
    astray = found.scores.draw(count, seed=SEED) - found.scores.mean
    draws[:, read] += share[read] * astray[:, [number[ids[k]] for k in read]]
    return draws


def rates(content: Content, granted: Collection[str]) -> "dict[str, list[Rate]]":
    """The rate of selection by région, kind, size of the project and seniority of the organisation."""
    from terreau.methods.selection.fairness import banded, selection_rates

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
