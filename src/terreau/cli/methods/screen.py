"""The answer of `terreau select` on a terminal, for people."""

from collections.abc import Iterable, Iterator

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from terreau.cli.methods.answer import Answer
from terreau.methods.selection.instance import Instance, Ints, Measure, Rule
from terreau.methods.selection.outcome import Outcome, Status
from terreau.methods.selection.words import constraint_words, figure

TAKEN, NEAREST = 40, 10  # rows shown
STANDINGS = {"safe-in": "sûrs d’y être", "fragile": "fragiles", "safe-out": "sûrs de ne pas y être"}


def show(answer: Answer, console: Console) -> None:
    """What was taken, how the rules are kept and what they cost, and who came nearest."""
    for line in summary(answer):
        console.print(Text(line), soft_wrap=True)
    it, outcome = answer.question.instance, answer.outcome
    console.print(_taken(answer))
    if len(outcome.granted) > TAKEN:
        console.print(f"… et {len(outcome.granted) - TAKEN} autres : écrivez-les avec -o.")
    if it.rules or answer.prices:
        console.print(_rules(answer))
    if answer.told:
        console.print(_nearest(answer))


def summary(answer: Answer) -> Iterator[str]:
    it, outcome, voice = answer.question.instance, answer.outcome, answer.question.voice
    number = len(outcome.granted)
    yield (
        f"{number} {'dossiers retenus' if number > 1 else 'dossier retenu'} sur {len(it)}, "
        f"{voice.money(outcome.total_cents)} accordés sur {voice.money(it.budget)}."
    )
    if answer.proved:
        yield _proof(outcome)
    if answer.standing:
        counts = {label: [*answer.standing.values()].count(label) for label in STANDINGS}
        yield "Si les notes bougent : " + ", ".join(f"{counts[k]} {words}" for k, words in STANDINGS.items()) + "."


def _proof(outcome: Outcome) -> str:
    total = f"Mérite total : {figure(outcome.objective)} points"
    if outcome.status == Status.OPTIMAL:
        return f"{total}, le plus élevé possible (prouvé)."
    return f"{total} ; aucun autre choix ne peut faire mieux de plus de {100 * outcome.gap:.3g} %.".replace(".", ",", 1)


def _table(title: str, *columns: str, right: Iterable[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _points(value: float) -> str:
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")


def _taken(answer: Answer) -> Table:
    it, outcome, voice = answer.question.instance, answer.outcome, answer.question.voice
    names = ["Dossier", "Titre", "Note", "Demandé", "Accordé"]
    titled = answer.question.titles is not it.ids
    if not titled:
        names.remove("Titre")
    if answer.probability:
        names.append("Probabilité")
    table = _table("Retenus", *names, right=names[-4 if answer.probability else -3 :])
    chosen = sorted((i for i, n in enumerate(it.ids) if n in outcome.granted), key=lambda i: -it.merit[i])
    for i in chosen[:TAKEN]:
        name = it.ids[i]
        amounts = voice.money(int(it.requested[i])), voice.money(outcome.granted[name])
        title = [answer.question.titles[i][:60]] if titled else []
        share = [f"{answer.probability[name]:.0%}".replace("%", "\u00a0%")] if answer.probability else []
        table.add_row(*map(Text, (name, *title, _points(it.merit[i]), *amounts, *share)))
    return table


def _rules(answer: Answer) -> Table:
    voice = answer.question.voice
    priced = bool(answer.prices)
    table = _table(
        "Règles", "Règle", "Atteint", *(["Prix en points"] if priced else []), right=("Atteint", "Prix en points")
    )
    shown = [
        *answer.question.instance.rules,
        *(c for c, gain in answer.prices.items() if gain > 0 and not isinstance(c, Rule)),
    ]
    cents = _cents(answer.question.instance, answer.outcome)
    for rule in shown:
        reached = _reached(answer, rule, cents) if isinstance(rule, Rule) else ""
        price = [_points(answer.prices.get(rule, 0.0))] if priced else []
        table.add_row(*map(Text, (constraint_words(rule, voice), reached, *price)))
    return table


def _reached(answer: Answer, rule: Rule, cents: Ints) -> str:
    """Where the portfolio stands on this rule."""
    it, outcome = answer.question.instance, answer.outcome
    carried = np.arange(len(it)) if not rule.attribute else it.attributes[rule.attribute].carriers(rule.value)
    if rule.measure == Measure.COUNT:
        return str(np.count_nonzero(cents[carried]))
    money = int(cents[carried].sum())
    if rule.measure == Measure.MONEY:
        return answer.question.voice.money(money)
    return f"{figure(100 * money / max(1, outcome.total_cents))}\u00a0%"


def _cents(it: Instance, outcome: Outcome) -> Ints:
    return np.array([outcome.granted.get(name, 0) for name in it.ids], dtype=np.int64)


def _nearest(answer: Answer) -> Table:
    """The declined that the fewest points keep out."""
    table = _table("Non retenus, du plus proche au plus lointain", "Dossier", "Pourquoi")
    short = {n: t.in_if["points"] for n, t in answer.told.items() if t.in_if.get("points") is not None}
    for name in sorted(short, key=lambda n: (short[n], n))[:NEAREST]:
        table.add_row(Text(name), Text(answer.told[name].reason))
    return table
