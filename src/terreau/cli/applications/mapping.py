"""Which column feeds which field: the file's own layout, a TOML of the user's, names that are close enough."""

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from django.utils.text import slugify

from terreau.calls import rulebook
from terreau.cli.applications.fields import BY_KEY, FIELDS, IGNORED
from terreau.cli.applications.shapes import Shape
from terreau.cli.reading import Table, plain

SURE, CLOSE = 0.9, 0.65  # likeness (difflib ratio) to take a column alone, or only to suggest it
OTHERS = {"platform_state"}


@dataclass
class Mapping:
    """For each header, in order: the field it feeds, or "-". `added` are questions that a new call must ask."""

    targets: list[str]
    constants: dict[str, str] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)  # key → header
    remarks: list[str] = field(default_factory=list)


def map_columns(table: Table, shape: Shape, rules: rulebook.Rulebook | None, given: Path | None) -> Mapping:
    """ValueError where a required column is missing or the user's mapping names something unknown."""
    chosen, constants = dict(shape.columns), dict(shape.constants)
    if given:
        own_columns, own_constants = _read_given(given, table)
        chosen |= own_columns
        constants |= own_constants
    _require([c for c in shape.required if c not in chosen.values()], table)
    mapping = Mapping([], constants)
    for header in table.headers:
        target = chosen.get(header) or (_by_name(header, rules, mapping) if shape.by_name else IGNORED)
        if target.startswith("answers.") and (rules is None or target[8:] not in rules.questions):
            mapping.added[target[8:]] = header
        mapping.targets.append(target)
    _once(mapping, table)
    if not {"title", "holder", "siret"} & {*mapping.targets, *constants}:
        raise ValueError(
            "aucune colonne ne donne le titre ni la structure ; dites lesquelles avec --mapping MAP.toml "
            f"(colonnes du fichier : {', '.join(table.headers[:12])})."
        )
    return mapping


def _require(required: list[str], table: Table) -> None:
    for column in required:
        if column not in table.headers:
            near = get_close_matches(column, table.headers, n=1, cutoff=CLOSE)
            hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
            raise ValueError(f"{table.path.name} : colonne manquante « {column} ».{hint}")


def _read_given(path: Path, table: Table) -> tuple[dict[str, str], dict[str, str]]:
    """`[columns]` header = "field" and `[constants]` field = "value", from a TOML file."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ValueError(f"{path.name} : correspondance illisible ({problem}).") from None
    columns = {str(k): str(v) for k, v in content.get("columns", {}).items()}
    constants = {str(k): str(v) for k, v in content.get("constants", {}).items()}
    _require(list(columns), table)
    for target in [*columns.values(), *constants]:
        if not known(target):
            near = get_close_matches(target, [*BY_KEY], n=1, cutoff=0.4)
            hint = f" ; proche : {near[0]}" if near else ""
            raise ValueError(f"{path.name} : champ inconnu « {target} »{hint}.")
    return columns, constants


def known(target: str) -> bool:
    return target in BY_KEY or target in OTHERS | {IGNORED} or target.startswith(("answers.", "publics."))


def _by_name(header: str, rules: rulebook.Rulebook | None, mapping: Mapping) -> str:
    """A column is taken when its name says clearly what it is; otherwise it is told, with what comes near."""
    names = _names(rules)
    asked = plain(header)
    if asked in names:
        return names[asked]
    near = get_close_matches(asked, names, n=1, cutoff=SURE)
    if near:
        mapping.remarks.append(f"colonne « {header} » comprise comme {names[near[0]]}")
        return names[near[0]]
    if rules is None and asked:
        return f"answers.{_question_key(header, mapping)}"
    near = get_close_matches(asked, names, n=1, cutoff=CLOSE)
    hint = f" ; proche : {names[near[0]]}, à confirmer avec --mapping" if near else ""
    mapping.remarks.append(f"colonne « {header} » laissée de côté{hint}")
    return IGNORED


def _names(rules: rulebook.Rulebook | None) -> dict[str, str]:
    """Every spelling that is known, with its field. The questions of the call first."""
    names: dict[str, str] = {}
    for one in FIELDS:
        names |= dict.fromkeys((plain(one.key), plain(one.label), *map(plain, one.names)), one.key)
    for question in rules.questions.values() if rules else ():
        names |= {plain(question.label): f"answers.{question.key}", plain(question.key): f"answers.{question.key}"}
    return names


def _question_key(header: str, mapping: Mapping) -> str:
    """A key for a question that the new call will ask: from its header, never twice the same."""
    stem = slugify(header)[:34].strip("-") or "question"
    key, number = stem, 2
    while key in mapping.added:
        key, number = f"{stem}-{number}", number + 1
    return key


def _once(mapping: Mapping, table: Table) -> None:
    """A field is fed by one column; a second one that claims it is left aside, and said."""
    fed: set[str] = set()
    for place, target in enumerate(mapping.targets):
        if target in fed and target != IGNORED:
            mapping.remarks.append(f"colonne « {table.headers[place]} » laissée de côté : {target} est déjà pris")
            mapping.targets[place] = IGNORED
        fed.add(target)
