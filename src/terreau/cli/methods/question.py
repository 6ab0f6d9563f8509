"""From a table and what was typed to the question that the selection answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from terreau.cli.methods import pabulib, rules, tables
from terreau.cli.methods.tables import Columns
from terreau.methods.selection.instance import Attribute, Floats, Instance, Ints
from terreau.methods.selection.words import Voice, figure

IDS = ("id", "dossier", "file", "reference", "numero", "numero de dossier", "n°", "project_id", "identifiant")
AMOUNTS = ("montant", "montant demande", "demande", "subvention demandee", "amount", "requested", "cost", "cout")
CALIBRATED = ("calibrated", "note calibree", "score calibre")
MERITS = ("note", "score", "merite", "merit", "points", "moyenne", "note moyenne", "score moyen")
DEVIATIONS = ("sd", "ecart type", "standard deviation")
TITLES = ("titre", "title", "titre du projet", "intitule", "nom du projet", "name", "projet")


@dataclass(frozen=True)
class Asked:
    """What was typed, as it was typed."""

    file: Path
    budget: str = ""
    id: str = ""
    amount: str = ""
    merit: str = ""
    minimum: str = ""
    sd: str = ""
    at_least: Sequence[str] = ()
    at_most: Sequence[str] = ()
    one_per: Sequence[str] = ()
    together: Sequence[str] = ()
    either: Sequence[str] = ()
    force: Sequence[str] = ()
    exclude: Sequence[str] = ()
    balance: Sequence[str] = ()
    weight: Sequence[str] = ()
    draws: int = 0


@dataclass(frozen=True, eq=False)
class Question:
    """The instance, and what is needed to speak of it. `sd` (n,): points, where draws are asked."""

    instance: Instance
    titles: Sequence[str]
    sd: Floats | None = None
    voice: Voice = field(default_factory=Voice)
    remarks: Sequence[str] = ()
    poll: pabulib.Pabulib | None = None


def read(asked: Asked) -> Question:
    """ValueError, in one line, for what is wrong in the file or in the options."""
    table = tables.read(asked.file)
    poll = pabulib.read(asked.file) if table.kind == "pabulib" else None
    column = table.find(asked.id, IDS, "le numéro du dossier", "--id")
    ids = tuple(table.ids(column))
    title = table.find_if_any("", TITLES, "le titre", "")
    bounds = [rules.bound(text, table, is_floor=True) for text in asked.at_least]
    bounds += [rules.bound(text, table, is_floor=False) for text in asked.at_most]
    one_per = tuple(dict.fromkeys(table.named(name, "--one-per") for name in asked.one_per))
    wishes = tuple(rules.balance(text, table) for text in asked.balance)
    wanted = dict.fromkeys([*(b.attribute for b in bounds if b.attribute), *one_per, *(w.attribute for w in wishes)])
    attributes = {name: Attribute.of(table.values(name)) for name in wanted}
    requested = _requested(table, asked, poll)
    instance = Instance(
        ids=ids,
        merit=_merit(table, asked, poll),
        requested=requested,
        budget=_budget(asked, poll),
        minimum=_minimum(table, asked, requested),
        attributes=attributes,
        rules=tuple(bounds),
        one_per=one_per,
        together=tuple(rules.group(text, "--together") for text in asked.together),
        either=tuple(rules.group(text, "--either") for text in asked.either),
        forced=frozenset(asked.force),
        excluded=frozenset(asked.exclude),
        balance=wishes,
    )
    _known(instance)
    remarks = rules.unknown_values(bounds, {name: a.values for name, a in attributes.items()})
    sd = _deviations(table, asked) if asked.draws else None
    return Question(instance, table.cells[title] if title else ids, sd, _voice(poll), remarks, poll)


def _requested(table: Columns, asked: Asked, poll: pabulib.Pabulib | None) -> Ints:
    column = table.find(asked.amount, AMOUNTS, "le montant demandé", "--amount")
    if poll is not None and column == "cost":
        return np.rint(poll.costs * 100 / poll.scale).astype(np.int64)
    cents = table.euros(column)
    if len(zero := np.flatnonzero(cents == 0)):
        raise table.fault(zero, column, "le montant demandé est nul")
    return cents


def _merit(table: Columns, asked: Asked, poll: pabulib.Pabulib | None) -> Floats:
    """The column of merit, plus each weighted column times its weight."""
    if poll is not None and not asked.merit:
        merit = poll.merit.copy()
    else:
        guess = CALIBRATED if table.find_if_any("", CALIBRATED, "la note", "--merit") else MERITS
        merit = table.numbers(table.find(asked.merit, guess, "la note", "--merit")).copy()
    for text in asked.weight:
        column, weight = rules.weight(text, table)
        merit += weight * table.numbers(column)
    return merit


def _minimum(table: Columns, asked: Asked, requested: Ints) -> Ints | None:
    """The least useful amount; an empty cell means the whole request."""
    if not asked.minimum:
        return None
    column = table.named(asked.minimum, "--minimum")
    whole = [row for row, cell in enumerate(table.cells[column]) if not cell.strip()]
    minimum = table.with_cells(column, whole, "1").euros(column)
    minimum[whole] = requested[whole]
    if len(wrong := np.flatnonzero(minimum > requested)):
        raise table.fault(wrong, column, "le montant minimal dépasse le montant demandé")
    if len(wrong := np.flatnonzero(minimum == 0)):
        raise table.fault(wrong, column, "le montant minimal est nul")
    return minimum


def _deviations(table: Columns, asked: Asked) -> Floats:
    column = table.find(asked.sd, DEVIATIONS, "l’écart-type des notes, qu’il faut pour --draws", "--sd")
    values = table.numbers(column)
    if len(wrong := np.flatnonzero(values < 0)):
        raise table.fault(wrong, column, "un écart-type n’est jamais négatif")
    return values


def _budget(asked: Asked, poll: pabulib.Pabulib | None) -> int:
    if asked.budget:
        try:
            budget = tables.cents(asked.budget)
        except ValueError as problem:
            raise ValueError(f"--budget : {problem}") from None
    elif poll is not None and poll.budget is not None:
        budget = round(poll.budget * 100 / poll.scale)
    else:
        raise ValueError("dites l’enveloppe à répartir avec --budget, en euros.")
    if budget <= 0:
        raise ValueError("--budget : l’enveloppe doit être un montant positif.")
    return budget


def _known(it: Instance) -> None:
    names = set(it.ids)
    options: Iterable[tuple[str, Iterable[str]]] = (
        ("--force", sorted(it.forced)),
        ("--exclude", sorted(it.excluded)),
        *(("--together", group) for group in it.together),
        *(("--either", group) for group in it.either),
    )
    for option, group in options:
        for name in group:
            if name not in names:
                near = get_close_matches(name, it.ids, n=1)
                hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
                raise ValueError(f"{option} : le dossier « {name} » n’est pas dans le fichier.{hint}")


def _voice(poll: pabulib.Pabulib | None) -> Voice:
    currency = poll.meta.get("currency", "EUR") if poll is not None else "EUR"
    if currency == "EUR":
        return Voice()
    return Voice(money=lambda cents: f"{figure(cents / 100)}\u00a0{currency}")
