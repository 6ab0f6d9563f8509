"""`terreau select`: the best portfolio of a file of applications, without a database."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from terreau.cli.methods import Infeasible, answer, first_use, options, question, screen, writing
from terreau.cli.methods.answer import Answer
from terreau.cli.methods.choosing import RULES, Work, working
from terreau.cli.methods.question import Asked
from terreau.methods.selection.outcome import Status

JSON = (".json",)
CHOICE, DRAWS = 15, 15  # seconds of the first use; measured: docs/decisions/0014


def select(  # noqa: PLR0913 - one argument an option
    file: options.File,
    *,
    identifier: options.Identifier = "",
    amount: options.Amount = "",
    merit: options.Merit = "",
    minimum: options.Minimum = "",
    sd: options.Deviation = "",
    budget: options.Budget = "",
    at_least: options.AtLeast = None,
    at_most: options.AtMost = None,
    one_per: options.OnePer = None,
    together: options.Together = None,
    either: options.Either = None,
    force: options.Force = None,
    exclude: options.Exclude = None,
    balance: options.Balance = None,
    weight: options.Weight = None,
    rule: options.RuleName = "optimal",
    ballots: options.Votes = None,
    explain: options.Explain = False,
    draws: options.Draws = 0,
    seed: options.Seed = 0,
    json: options.Json = None,
    output: options.Output = None,
) -> None:
    """Choisit les meilleurs dossiers d’un fichier sous une enveloppe et des règles, et prouve que rien n’est meilleur.

    Le fichier a une ligne par dossier : un numéro, un montant demandé, une note. Les colonnes sont reconnues à leur
    nom ; sinon --id, --amount et --merit disent lesquelles. Une cellule peut porter plusieurs valeurs, séparées par
    un point-virgule. Un fichier Pabulib dit lui-même son enveloppe ; la note y est « score », ou le nombre de votes.

    Dans les règles, N est un nombre de dossiers (3), un montant (500000EUR) ou une part du montant accordé (25%).

    Exemples :

    terreau select dossiers.csv --budget 4000000 --at-least region=Corse:1 --at-most theme=Emploi:40% --one-per siret

    terreau select dossiers.xlsx --budget 4000000 --force D-012 --explain -o retenus.xlsx

    terreau select notes.csv --budget 4000000 --sd sd --draws 10000 --json choix.json

    Code de sortie : 0, fait ; 2, fichier ou option à corriger, rien n’est écrit ; 3, règles incompatibles.
    """
    started = time.perf_counter()
    writing.check_outputs([file, ballots], (json, JSON), (output, writing.SHEETS))
    lists = {"at_least": at_least, "at_most": at_most, "one_per": one_per, "together": together, "either": either}
    lists |= {"force": force, "exclude": exclude, "balance": balance, "weight": weight}
    columns = {"id": identifier, "amount": amount, "merit": merit, "minimum": minimum, "sd": sd}
    typed: dict[str, Any] = columns | {name: tuple(given or ()) for name, given in lists.items()}
    asked = Asked(file, budget, draws=draws, **typed)
    if rule not in RULES:
        raise ValueError(f"--rule {rule} : écrivez {' ou '.join(RULES)}.")
    posed = question.read(asked)
    for remark in posed.remarks:
        typer.echo(f"Attention : {remark}.", err=True)
    with first_use.told(CHOICE + DRAWS * bool(draws)), working() as step:
        found = RULES[rule](posed, step, Work(explain, draws, seed, ballots))
    found = replace(found, seconds=time.perf_counter() - started)
    _finish(found, json, output)


def _finish(found: Answer, json: Path | None, output: Path | None) -> None:
    """Files, then the screen; where nothing can hold, the JSON alone and the words."""
    files: dict[Path, Any] = {} if json is None else {json: answer.as_json(found)}
    if found.outcome.status == Status.INFEASIBLE:
        writing.save(files)
        raise Infeasible(infeasible_words(found))
    if output is not None:
        files[output] = answer.as_sheet(found)
    writing.save(files)
    screen.show(found, Console(highlight=False))


def infeasible_words(found: Answer) -> str:
    words = [answer.conflict(found, one)["words"] for one in found.outcome.conflict]
    if len(words) == 1:
        return f"cette règle ne peut pas tenir : {words[0]}."
    return "ces règles ne peuvent pas tenir ensemble : " + " ; ".join(words) + "."
