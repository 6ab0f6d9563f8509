"""Texts with fields between braces, written by people: what they may name, and how they are filled."""

from collections.abc import Container, Mapping
from string import Formatter

from django.utils.translation import gettext as _


def unknown_fields(text: str, known: Container[str]) -> list[tuple[int, str]]:
    """The names between braces that are not known, each with its line. ValueError, in words, where a brace is alone."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            parts = [(name, spec, turn) for _text, name, spec, turn in Formatter().parse(line) if name is not None]
        except ValueError:
            raise ValueError(
                _("Ligne %(line)d : une accolade { ou } est seule. Écrivez un champ ainsi : {title}.")
                % {"line": number}
            ) from None
        found += [(number, "{" + name + "}") for name, spec, turn in parts if name not in known or spec or turn]
    return found


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Put the fields in their places; a paragraph that an empty field leaves blank goes away with it."""
    filled = text.format_map(fields)
    while "\n\n\n" in filled:
        filled = filled.replace("\n\n\n", "\n\n")
    return filled.strip() + "\n"
