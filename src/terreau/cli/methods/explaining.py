"""Reasons for those who are not taken, prices of the rules, and how far the choice hangs on the scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from terreau.cli.methods.answer import Answer, Told
from terreau.cli.methods.answer import euros as in_euros
from terreau.cli.methods.rules import as_option
from terreau.methods.selection.outcome import Excluded, Status
from terreau.methods.selection.words import Voice, constraint_words

if TYPE_CHECKING:
    from terreau.methods.selection.reasons import Reason

NEAREST = 3  # files told with their price in euros and the rules in their way: a second or so each
NAMED = 3  # files that a phrase names at most


def explained(found: Answer, step: Callable[[str], None]) -> Answer:
    """An exact reason for each file left out, at length for the nearest ones, and the price of every rule."""
    from terreau.methods.selection.reasons import why_not
    from terreau.methods.selection.rule_prices import rule_prices

    if found.outcome.status != Status.OPTIMAL:
        raise ValueError("--explain demande un choix prouvé le meilleur, ce qu’on n’a pas pour un si grand fichier.")
    it, outcome, voice = found.question.instance, found.outcome, found.question.voice
    step("Raisons des dossiers non retenus…")
    reasons = {reason.id: reason for reason in why_not(it, outcome)}
    nearest = sorted((r for r in reasons.values() if r.possible), key=lambda r: (r.short_points, r.id))[:NEAREST]
    for number, one in enumerate(nearest, 1):
        step(f"Les plus proches du choix : {number} sur {len(nearest)}…")
        reasons |= {reason.id: reason for reason in why_not(it, outcome, [one.id])}
    step("Prix des règles…")
    prices = {price.constraint: price.gain_points for price in rule_prices(it, outcome)}
    return replace(found, told={name: told(reason, voice) for name, reason in reasons.items()}, prices=prices)


def told(reason: Reason, voice: Voice) -> Told:
    """A reason in words and in values."""
    if any(isinstance(one, Excluded) for one in reason.in_the_way):
        return Told("écarté à la demande")
    if not reason.possible:
        return Told("aucun choix ne peut le retenir : l’enveloppe et les règles s’y opposent")
    values: dict[str, Any] = {
        "points": round(reason.short_points, 6),
        "pushes_out": list(reason.pushes_out),
        "brings_in": list(reason.brings_in),
    }
    if reason.short_points < 1e-9:
        words = "à égalité avec le choix fait"
    else:
        words = f"le meilleur choix avec lui vaut {voice.figure(max(0.01, reason.short_points))} points de moins"
    if reason.pushes_out:
        words += f" et écarte {_listed(reason.pushes_out)}"
    if reason.cheaper_cents:
        values["euros"] = in_euros(reason.cheaper_cents)
        words += f" ; il entrerait en demandant {voice.money(reason.cheaper_cents)} de moins"
    if reason.in_the_way:
        values["without"] = [as_option(one) for one in reason.in_the_way]
        rules = " ou ".join(f"« {constraint_words(one, voice)} »" for one in reason.in_the_way[:NAMED])
        words += f" ; il entrerait sans {rules}"
    return Told(words, values)


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else "")


def redrawn(found: Answer, step: Callable[[str], None], *, draws: int, seed: int) -> Answer:
    """The share of redrawn portfolios that hold each file; scores are drawn apart from one another."""
    from terreau.methods.selection.robustness import posterior_draws, redraw

    step(f"{draws} choix refaits avec d’autres notes…")
    it = found.question.instance
    again = redraw(it, found.outcome, posterior_draws(it.merit, found.question.sd, count=draws, seed=seed))
    standing = {name: again.label(name).value for name in it.ids}
    return replace(found, probability=again.probability, standing=standing)
