"""Ready rulebooks to start from, one TOML file each: `[preset]` says what it is, `[rules]` is the content."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from terreau.calls.rulebook.content import parse
from terreau.calls.rulebook.parts import Rulebook

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Preset:
    """A model offered when a call is created; `edition` is the year its dates are written for."""

    key: str
    title: str
    summary: str
    edition: int
    rules: Rulebook


def load(key: str) -> Preset:
    """One model. KeyError where there is none of this name."""
    path = FOLDER / f"{key}.toml"
    if path.parent != FOLDER or not path.is_file():
        raise KeyError(key)
    content = tomllib.loads(path.read_text())
    return Preset(key=key, rules=parse(content["rules"]), **content["preset"])


def available() -> list[Preset]:
    """Every model, by title."""
    return sorted((load(path.stem) for path in FOLDER.glob("*.toml")), key=lambda preset: preset.title)
