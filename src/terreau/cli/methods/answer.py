"""The answer of `terreau select` as plain values, for files and for other programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from terreau.cli.methods.question import Question
from terreau.cli.methods.rules import as_option
from terreau.cli.methods.writing import Sheet
from terreau.methods.selection.outcome import Constraint, Outcome, Status
from terreau.methods.selection.words import constraint_words

HEADERS = ("id", "decision", "granted", "requested", "merit", "probability", "standing", "reason")


@dataclass(frozen=True)
class Told:
    """Why a file was not taken, in words; `in_if`: what it would have taken, as plain values."""

    reason: str
    in_if: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Answer:
    """Everything that was found. `prices`: points that the portfolio would gain without a constraint."""

    question: Question
    outcome: Outcome
    told: Mapping[str, Told] = field(default_factory=dict)
    prices: Mapping[Constraint, float] = field(default_factory=dict)
    probability: Mapping[str, float] = field(default_factory=dict)
    standing: Mapping[str, str] = field(default_factory=dict)
    proved: bool = True
    seconds: float = 0.0


def euros(cents: int) -> float:
    """Euros, as an integer where nothing follows the comma."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def as_json(answer: Answer) -> dict[str, Any]:
    """The layout that `docs/methods` states."""
    outcome, it = answer.outcome, answer.question.instance
    found = outcome.status != Status.INFEASIBLE
    chosen = [name for name in it.ids if name in outcome.granted]
    return {
        "status": outcome.status.value,
        "objective": outcome.objective if found else None,
        "bound": outcome.bound if found and answer.proved else None,
        "budget": euros(it.budget),
        "granted": euros(outcome.total_cents),
        "selected": [{"id": name, "amount": euros(outcome.granted[name])} for name in chosen],
        "declined": [_declined(answer, name) for name in it.ids if found and name not in outcome.granted],
        "conflict": [conflict(answer, one) for one in outcome.conflict],
        "probability": dict(answer.probability),
        "seconds": round(answer.seconds, 6),
    }


def _declined(answer: Answer, name: str) -> dict[str, Any]:
    told = answer.told.get(name) or Told(plain_reason(answer, name))
    return {"id": name, "reason": told.reason, "in_if": dict(told.in_if)}


def conflict(answer: Answer, one: Constraint) -> dict[str, str]:
    return {"rule": as_option(one), "words": constraint_words(one, answer.question.voice)}


def plain_reason(answer: Answer, name: str) -> str:
    """What is known without solving anything again."""
    if name in answer.question.instance.excluded:
        return "écarté à la demande"
    return "hors du meilleur portefeuille" if answer.proved else "hors du portefeuille retenu"


def as_sheet(answer: Answer) -> Sheet:
    """One row a file, in the order of the input."""
    it, outcome = answer.question.instance, answer.outcome
    rows = []
    for i, name in enumerate(it.ids):
        granted = outcome.granted.get(name)
        told = "" if granted is not None else _declined(answer, name)["reason"]
        share, standing = answer.probability.get(name), answer.standing.get(name, "")
        money = None if granted is None else euros(granted), euros(int(it.requested[i]))
        decision = "declined" if granted is None else "selected"
        rows.append((name, decision, *money, float(it.merit[i]), share, standing, told))
    return Sheet(HEADERS, rows)
