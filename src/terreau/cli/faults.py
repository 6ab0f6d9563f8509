"""What was typed wrong, in one line of French."""

import re
from typing import Any

from typer.exceptions import TyperException

WORDS = {
    r"No such command '(.*)'.*": "commande inconnue « {} ». La liste : terreau --help.",
    r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\).*": "argument en trop : {}.",
    r".*valid (integer|number).*": "un nombre est attendu",
    r".*'.*' is not one of (.*)\.": "à choisir parmi {}",
    r".*greater than or equal to (\S+)": "{} au moins",
}


def in_words(problem: TyperException) -> str:
    """The fault that typer found; its own words where it has no French here."""
    told: Any = problem
    match type(problem).__name__:
        case "NoSuchOption":
            near = f" Vouliez-vous dire {' ou '.join(sorted(told.possibilities))} ?" if told.possibilities else ""
            return f"option inconnue : {told.option_name}.{near}"
        case "BadOptionUsage":
            return f"l’option {told.option_name} attend une valeur."
        case "MissingParameter":
            return f"il manque {_called(told.param)}."
        case "BadParameter":
            return f"{_called(told.param)} : cette valeur ne convient pas ({_french(told.message)})."
    return _french(str(getattr(problem, "message", problem)))


def _french(text: str) -> str:
    for pattern, words in WORDS.items():
        if found := re.fullmatch(pattern, text):
            return words.format(found[1])
    return text


def _called(parameter: Any) -> str:
    """`--draws`, or the name of an argument as --help shows it."""
    names = [name for name in getattr(parameter, "opts", ()) if name.startswith("-")]
    return names[0] if names else str(getattr(parameter, "metavar", None) or getattr(parameter, "name", "")).upper()
