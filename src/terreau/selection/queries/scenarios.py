"""Reads of the scenarios: what was answered, what changed since, how two answers differ."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.db.models import QuerySet

from terreau.calls.models import Window
from terreau.methods.selection.instance import Measure, Rule
from terreau.methods.selection.outcome import (
    Budget,
    Constraint,
    Either,
    Excluded,
    Forced,
    OnePer,
    Outcome,
    Status,
    Together,
)
from terreau.selection.models import Scenario
from terreau.selection.queries.instance import Content, points
from terreau.selection.rulebook import Parameters, parse

KINDS: dict[str, Any] = {
    kind.__name__.lower(): kind for kind in (Budget, Rule, OnePer, Together, Either, Forced, Excluded)
}


def dump_outcome(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON; `load_outcome` gives it back."""
    return {
        "status": outcome.status.value,
        "granted": dict(outcome.granted),
        "objective": float(outcome.objective),
        "bound": float(outcome.bound),
        "conflict": [{"type": type(one).__name__.lower(), **asdict(one)} for one in outcome.conflict],
    }


def load_outcome(content: Mapping[str, Any]) -> Outcome:
    return Outcome(
        Status(content["status"]),
        content["granted"],
        content["objective"],
        content["bound"],
        tuple(_constraint(one) for one in content["conflict"]),
    )


def _constraint(content: Mapping[str, Any]) -> Constraint:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}
    kind = KINDS[fields.pop("type")]
    if "measure" in fields:
        fields["measure"] = Measure(fields["measure"])
    made: Constraint = kind(**fields)
    return made


def scenarios(window: Window) -> QuerySet[Scenario]:
    """Every scenario of a window, newest first, without the questions themselves."""
    return Scenario.objects.filter(window=window).select_related("made_by").order_by("-id")


def last_scenario(window: Window) -> Scenario | None:
    return scenarios(window).select_related("input").first()


def last_portfolio(scenario: Scenario) -> Scenario | None:
    """The scenario itself where it has a portfolio, else the last one before it that has."""
    if scenario.outcome["status"] != Status.INFEASIBLE:
        return scenario
    earlier = scenarios(scenario.window).filter(pk__lt=scenario.pk).exclude(outcome__status=Status.INFEASIBLE)
    return earlier.select_related("input").first()


def parameters_of(scenario: Scenario | None) -> Parameters:
    """The committee's rules in a scenario; those that the room opens with where there is none."""
    return parse(scenario.parameters) if scenario else Parameters()


@dataclass(frozen=True)
class Change:
    """One thing that differs between a stored question and the live one: `what` of a file, or of the window."""

    reference: str
    what: Literal["envelope", "added", "removed", "score", "amount", "facts", "need"]
    before: Any = None
    after: Any = None


FACTS = ("organisation", "region", "kind", "themes", "publics")


def changes(old: Content, new: Content) -> list[Change]:
    """What changed from one question to another, the window first, then by file."""
    found = []
    if old["envelope_cents"] != new["envelope_cents"]:
        found.append(Change("", "envelope", old["envelope_cents"], new["envelope_cents"]))
    if old["needs"] != new["needs"]:
        found.append(Change("", "need"))
    before, after = ({file["id"]: file for file in content["files"]} for content in (old, new))
    for reference in sorted({*before, *after}):
        found += _changes_of(reference, before.get(reference), after.get(reference))
    return found


def _changes_of(reference: str, old: Content | None, new: Content | None) -> list[Change]:
    if old is None or new is None:
        return [Change(reference, "added" if old is None else "removed")]
    found = []
    if old["raw"] != new["raw"] or old["reviews"] != new["reviews"]:
        found.append(Change(reference, "score", old["raw"], new["raw"]))
    if (old["requested"], old["minimum"]) != (new["requested"], new["minimum"]):
        found.append(Change(reference, "amount", old["requested"], new["requested"]))
    if any(old[key] != new[key] for key in FACTS):
        found.append(Change(reference, "facts"))
    return found


@dataclass(frozen=True)
class Swap:
    """One difference between two portfolios: what `ours` takes in the place of what `theirs` takes.

    Files of like points are paired; one side may be missing. Same file on both sides: the amounts differ.
    `points` and `cents` are ours less theirs.
    """

    ours: str | None
    theirs: str | None
    points: float
    cents: int


def swaps(ours: Mapping[str, int], theirs: Mapping[str, int], worth: Mapping[str, float]) -> list[Swap]:
    """How two portfolios (reference → cents) differ, in pairs from the most points to the least, then amounts."""
    only_ours, only_theirs = (
        sorted(set(one) - set(other), key=lambda r: (-worth.get(r, 0.0), r))
        for one, other in ((ours, theirs), (theirs, ours))
    )
    found = []
    for n in range(max(len(only_ours), len(only_theirs))):
        mine = only_ours[n] if n < len(only_ours) else None
        yours = only_theirs[n] if n < len(only_theirs) else None
        gain = (worth.get(mine, 0.0) if mine else 0.0) - (worth.get(yours, 0.0) if yours else 0.0)
        found.append(Swap(mine, yours, gain, (ours[mine] if mine else 0) - (theirs[yours] if yours else 0)))
    shared = sorted(r for r in set(ours) & set(theirs) if ours[r] != theirs[r])
    return found + [Swap(r, r, 0.0, ours[r] - theirs[r]) for r in shared]


def worth_of(content: Content, parameters: Parameters) -> dict[str, float]:
    """The points of each file under these parameters, by reference."""
    names = [file["id"] for file in content["files"] if file["requested"] > 0]
    return dict(zip(names, points(content, parameters).tolist(), strict=True))
