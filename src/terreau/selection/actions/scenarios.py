"""Scenarios: a question frozen, answered, kept; replayed from what was kept; turned into proposals."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.calls.models import Window
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.methods.selection.outcome import Outcome
from terreau.projects.models import Application
from terreau.projects.queries import digest
from terreau.selection import queries
from terreau.selection.actions.committee import convene, lock, propose, withdraw_proposal
from terreau.selection.lifecycle import Outcome as Decided
from terreau.selection.models import Committee, Decision, Input, Scenario
from terreau.selection.rulebook import Parameters, dump


@transaction.atomic
def run_selection(window: Window, parameters: Parameters, *, by: Any) -> Scenario:
    """The best portfolio of a window as it stands, under these parameters.

    The question is frozen with its digest; the same question under the same parameters is the same row, and is not
    solved again.
    """
    from terreau.methods.selection.select import select

    content = queries.selection_input(window)
    frozen, settings = digest(content), dump(parameters)
    known = {"window": window, "input_id": frozen, "digest": digest(settings)}
    if found := Scenario.objects.filter(**known).first():
        return found
    outcome = select(queries.instance_of(content, parameters))
    Input.objects.get_or_create(digest=frozen, defaults={"content": content})
    scenario, created = Scenario.objects.get_or_create(
        **known, defaults={"parameters": settings, "outcome": queries.dump_outcome(outcome), "made_by": by}
    )
    if created:
        journal.record(scenario, "run_selection", by=by, input=frozen, status=outcome.status.value)
    return scenario


def solved_again(scenario: Scenario) -> Outcome:
    """The answer to the stored question, computed anew: no other row is read."""
    from terreau.methods.selection.select import select

    return select(queries.instance_of(scenario.input.content, queries.parameters_of(scenario)))


@transaction.atomic
def replay(scenario: Scenario, *, by: Any) -> tuple[Outcome, bool]:
    """Answer the stored question again. True where the answer is the one that was kept, to the cent."""
    outcome, kept = solved_again(scenario), queries.load_outcome(scenario.outcome)
    same = (outcome.status, dict(outcome.granted), set(outcome.conflict)) == (
        kept.status,
        dict(kept.granted),
        set(kept.conflict),
    )
    journal.record(scenario, "replay", by=by, same=same)
    return outcome, same


@transaction.atomic
def keep_scenario(scenario: Scenario, *, name: str, kept: bool, by: Any) -> Scenario:
    """Give a scenario its name, keep it in the list or let it go from there."""
    scenario.name, scenario.kept = name.strip()[:120], kept
    scenario.save(update_fields=["name", "kept"])
    journal.record(scenario, "keep_scenario", by=by, name=scenario.name, kept=kept)
    return scenario


@transaction.atomic
def refer_to(committee: Committee, scenario: Scenario | None, *, by: Any) -> Committee:
    """Take a scenario as the one that the committee's decisions are held against; None: none of them."""
    held = lock(committee)
    if scenario is not None and (scenario.window_id != held.window_id or not scenario.outcome["granted"]):
        raise Refused(_("Ce scénario ne peut pas servir de référence."))
    held.reference = scenario
    held.save(update_fields=["reference"])
    journal.record(held, "refer_to", by=by, scenario=scenario.pk if scenario else None, name=str(scenario or ""))
    return held


@dataclass(frozen=True)
class Adopted:
    """What an adoption wrote: files proposed as selected, proposals changed for others, files left untouched."""

    selected: int
    others: int
    unseen: int


@transaction.atomic
def adopt(scenario: Scenario, *, others: str = "", reason: str = "", by: Any) -> Adopted:
    """Propose every file of a portfolio, which becomes the scenario of reference; the chair may then change each.

    `others` is what is proposed for the files outside it that have no decision or were selected; empty: those lose
    their proposal. Files that `by` left the room for are not touched. Refused where the portfolio is empty or a file
    of it is no longer before the committee.
    """
    granted = scenario.outcome["granted"]
    files = {file.reference: file for file in queries.candidates(scenario.window).select_related("version", "call")}
    if gone := sorted(set(granted) - set(files)):
        raise Refused(_("Ces dossiers ne sont plus devant le comité : %(files)s.") % {"files": ", ".join(gone)})
    committee = refer_to(convene(scenario.window, by=by), scenario, by=by)
    hidden = queries.recused_files(by, scenario.window) if by else set()
    seen = {reference: file for reference, file in files.items() if file.pk not in hidden}
    for reference in sorted(set(granted) & set(seen)):
        _propose(committee, seen[reference], Decided.SELECTED, cents=granted[reference], by=by)
    outside = _outside(committee, seen, granted)
    for file in outside:
        if others:
            _propose(committee, file, others, reason=reason, by=by)
        else:
            withdraw_proposal(committee, file, by=by)
    return Adopted(len(set(granted) & set(seen)), len(outside), len(hidden & {file.pk for file in files.values()}))


def _outside(committee: Committee, files: dict[str, Application], granted: dict[str, int]) -> list[Application]:
    """The files outside the portfolio that are proposed as selected, or not at all."""
    told = Decision.objects.filter(committee=committee).exclude(outcome=Decided.SELECTED)
    settled = set(told.values_list("application__reference", flat=True))
    return [files[reference] for reference in sorted(set(files) - set(granted) - settled)]


def _propose(
    committee: Committee, file: Application, outcome: str, *, by: Any, cents: int | None = None, reason: str = ""
) -> None:
    try:
        propose(committee, file, outcome, amount_cents=cents, reason=reason, by=by)
    except ValueError as problem:
        raise Refused(f"{file.reference} : {problem}") from problem
