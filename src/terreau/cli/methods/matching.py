"""Projects, weights and options of `terreau match`, as the method takes them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from terreau.cli.methods import tables
from terreau.cli.methods.firms import FirmsFile
from terreau.cli.methods.tables import Columns
from terreau.methods.matching.affinity import by_division, learned
from terreau.methods.matching.divisions import DIVISIONS_IN_WORDS
from terreau.methods.matching.firms import Query
from terreau.methods.matching.plain import DIVISIONS, PARTS, Project, Weights, query
from terreau.methods.matching.texts import likeness, packaged
from terreau.methods.matching.units import LARGEST

EXTRA = {"affinity": 0.15, "text": 0.15, "basin": 0.10, "travel": 0.40}  # weights of the options, unless given
TRAVEL_MINUTES = 30.0  # scale of the decay with travel time
YES, NO, LATER = {"yes", "oui"}, {"no", "non"}, {"later", "plus tard"}


@dataclass(frozen=True)
class Settings:
    """The weights file: the plain score, and what options count for."""

    plain: Weights = field(default_factory=Weights)
    extra: Mapping[str, float] = field(default_factory=lambda: dict(EXTRA))
    scale_minutes: float = TRAVEL_MINUTES


def settings(path: Path | None) -> Settings:
    """ValueError, in one line, for what the file should not hold."""
    if path is None:
        return Settings()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ValueError(f"le fichier {path} n’existe pas.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ValueError(f"{path.name} n’est pas un fichier TOML lisible ({problem}).") from None
    weights = _numbers(path, "weights", told.pop("weights", {}), {*PARTS, *EXTRA})
    sizes = _numbers(path, "size", told.pop("size", None), None)
    scales = _numbers(path, "", told, {"scale_km", "scale_minutes"})
    for name, value in scales.items():
        if value <= 0:
            raise ValueError(f"{path.name} : « {name} » doit être positif.")
    for name, value in weights.items():
        if value < 0:
            raise ValueError(f"{path.name} : le poids « {name} » est négatif.")
    known = {one.name for one in fields(Weights)}
    plain = {name: value for name, value in {**weights, **scales}.items() if name in known}
    base = replace(Weights(), **plain)  # type: ignore[arg-type]
    extra = EXTRA | {name: value for name, value in weights.items() if name in EXTRA}
    return Settings(
        replace(base, size_values=sizes) if sizes else base, extra, scales.get("scale_minutes", TRAVEL_MINUTES)
    )


def _numbers(path: Path, table: str, told: Any, known: set[str] | None) -> dict[str, float]:
    if told is None:
        return {}
    where = f" dans [{table}]" if table else ""
    if not isinstance(told, dict):
        raise ValueError(f"{path.name} : [{table}] doit être une table.")  # noqa: TRY004 - told in one line
    for name, value in told.items():
        if known is not None and name not in known:
            raise ValueError(f"{path.name} : « {name} » est inconnu{where} (connus : {', '.join(sorted(known))}).")
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
            raise ValueError(f"{path.name} : « {name} »{where} n’est pas un nombre.")
    return {name: float(value) for name, value in told.items()}


@dataclass(frozen=True, eq=False)
class ProjectsFile:
    """The projects in the order of the file, and its table for what options read."""

    table: Columns
    projects: list[Project]

    @property
    def names(self) -> list[str]:
        return [project.name for project in self.projects]

    def column(self, names: tuple[str, ...], option: str) -> list[str]:
        """The texts of a column that an option needs."""
        return [text.strip() for text in self.table.cells[self.table.find("", names, names[0], option)]]


def projects(path: Path) -> ProjectsFile:
    table = tables.read(path)
    found = {
        name: table.find("", names, f"« {name} »", f"un en-tête « {name} »")
        for name, names in {
            "id": ("id", "project", "projet"),
            "lat": ("lat", "latitude"),
            "lon": ("lon", "lng", "longitude"),
            "sectors": ("sectors", "secteurs", "sector", "secteur"),
            "themes": ("themes", "thèmes", "theme", "thème"),
            "seeks": ("seeks", "recherche", "besoins"),
        }.items()
    }
    places = []
    for name, bound, words in (("lat", 90, "une latitude"), ("lon", 180, "une longitude")):
        values = table.numbers(found[name])
        if len(wrong := np.flatnonzero(np.abs(values) > bound)):
            shown = table.cells[found[name]][wrong[0]].strip()
            raise table.fault(wrong, found[name], f"« {shown} » n’est pas {words}")
        places.append(values.tolist())
    themes, seeks = table.values(found["themes"]), table.values(found["seeks"])
    sectors = [
        _divisions(table, row, found["sectors"], codes) for row, codes in enumerate(table.values(found["sectors"]))
    ]
    rows = zip(table.ids(found["id"]), *places, sectors, map(frozenset, themes), map(frozenset, seeks), strict=True)
    return ProjectsFile(table, [Project(*row) for row in rows])


def _divisions(table: Columns, row: int, column: str, codes: tuple[str, ...]) -> frozenset[int]:
    for code in codes:
        if not (code[:2].isdecimal() and (len(code) == 1 or code[:2].isascii())):
            raise table.fault([row], column, f"« {code} » n’est pas une division de la NAF")
    return frozenset(int(code[:2]) for code in codes)


@dataclass(frozen=True)
class Options:
    """What comes on top of the plain score."""

    affinity: Path | None
    travel: Path | None
    answers: Path | None
    on: date
    text: bool
    basin: bool


def queries(them: ProjectsFile, firms: FirmsFile, told: Settings, on_top: Options) -> list[Query]:
    """One query a project, in the order of the file."""
    asked = [query(project, told.plain, firms.words) for project in them.projects]
    if on_top.affinity:
        asked = _with_affinity(asked, them, on_top.affinity, told.extra["affinity"])
    if on_top.text:
        asked = _with_text(asked, them, told.extra["text"])
    if on_top.basin:
        asked = _with_basin(asked, them, firms, told.extra["basin"])
    if on_top.travel:
        asked = _with_travel(asked, them, firms, on_top.travel, told)
    if on_top.answers:
        asked = _with_memory(asked, them, firms, on_top.answers, on_top.on)
    return asked


def _with_affinity(asked: list[Query], them: ProjectsFile, path: Path, weight: float) -> list[Query]:
    """A given table (naf, theme, value), or one learned from commitments (naf, theme), on top of the score."""
    table = tables.read(path)
    naf = table.find("", ("naf", "division", "ape"), "la NAF", "un en-tête « naf »")
    theme = table.find("", ("theme", "thème", "themes", "thèmes"), "le thème", "un en-tête « theme »")
    value = table.find_if_any("", ("value", "valeur", "affinité"), "la valeur", "un en-tête « value »")
    lists = [sorted(_divisions(table, row, naf, codes)) for row, codes in enumerate(table.values(naf))]
    pairs = [(row, d, t) for row, t in enumerate(table.names(theme)) for d in lists[row]]
    if value:
        values = table.numbers(value)
        if len(wrong := np.flatnonzero((values < 0) | (values > 1))):
            raise table.fault(wrong, value, "une affinité va de 0 à 1")
        known = {(d, t): float(values[row]) for row, d, t in pairs}
    else:
        known = learned((d, t) for _, d, t in pairs)
    return _topped(asked, "affinity", "sector", [weight * by_division(known, one.themes) for one in them.projects])


def _with_text(asked: list[Query], them: ProjectsFile, weight: float) -> list[Query]:
    """The project's text beside what firms of each division do; its summary is all that is read of anybody."""
    texts = them.column(("text", "texte", "résumé", "description"), "un en-tête « text »")
    alike = likeness(texts, [(told,) for told in DIVISIONS_IN_WORDS.values()], packaged())
    values = np.zeros((len(asked), DIVISIONS + 1))
    values[:, list(DIVISIONS_IN_WORDS)] = weight * alike
    return _topped(asked, "text", "sector", list(values))


def _with_basin(asked: list[Query], them: ProjectsFile, firms: FirmsFile, weight: float) -> list[Query]:
    """The same labour basin, on top of the score."""
    of_firms = np.array(firms.more["basin"])
    wanted = them.column(("basin", "bassin", "zone d'emploi", "ze"), "un en-tête « basin »")
    values = [weight * ((of_firms == one) & (of_firms != "")) for one in wanted]
    return _topped(asked, "basin", "basin", values)


def _with_travel(asked: list[Query], them: ProjectsFile, firms: FirmsFile, path: Path, told: Settings) -> list[Query]:
    """Travel time between communes in the place of distance; a pair that the matrix lacks is out of reach."""
    table = tables.read(path)
    columns = [table.named(name, "--travel") for name in ("from", "to", "minutes")]
    start, end = table.names(columns[0]), table.names(columns[1])
    minutes = table.numbers(columns[2])
    if len(wrong := np.flatnonzero(minutes < 0)):
        raise table.fault(wrong, columns[2], "une durée négative")
    code = {name: place for place, name in enumerate(firms.more["commune"])}
    reach: dict[str, dict[int, float]] = {}
    for a, b, spent in zip(start, end, minutes.tolist(), strict=True):
        if b in code:
            reach.setdefault(a, {})[code[b]] = spent
    values = []
    for one in them.column(("commune", "code commune", "insee"), "un en-tête « commune »"):
        near = ({code[one]: 0.0} if one in code else {}) | reach.get(one, {})
        row = np.zeros(len(code))
        row[list(near)] = told.extra["travel"] * np.exp(-np.array(list(near.values())) / told.scale_minutes)
        values.append(row)
    return _topped([replace(query, distance=0.0) for query in asked], "travel", "commune", values)


def _topped(asked: list[Query], part: str, column: str, values: list[Any]) -> list[Query]:
    return [
        replace(one, tables={**one.tables, part: (column, np.asarray(of, dtype=np.float64))})
        for one, of in zip(asked, values, strict=True)
    ]


def _with_memory(asked: list[Query], them: ProjectsFile, firms: FirmsFile, path: Path, on: date) -> list[Query]:
    """Leaves out the pairs that were answered: yes or no for good, later until the date told (or for good)."""
    table = tables.read(path)
    project, firm, answer = (table.named(name, "--answers") for name in ("project", "firm", "answer"))
    until = table.find_if_any("", ("until", "jusqu'au"), "la date", "un en-tête « until »")
    place = {name: p for p, name in enumerate(them.names)}
    row_of = firms.rows(table.names(firm))
    hidden: dict[int, list[int]] = {}
    for line, (of, who, said) in enumerate(zip(*(table.names(name) for name in (project, firm, answer)), strict=True)):
        if said.lower() not in YES | NO | LATER:
            raise table.fault([line], answer, f"« {said} » n’est ni oui, ni non, ni plus tard")
        limit = _day(table, line, until) if until and said.lower() in LATER else None
        if of in place and who in row_of and (limit is None or limit > on):
            hidden.setdefault(place[of], []).append(row_of[who])
    return [
        replace(one, hidden=np.array(hidden[p], dtype=np.int32)) if p in hidden else one for p, one in enumerate(asked)
    ]


def _day(table: Columns, line: int, column: str) -> date | None:
    text = table.cells[column][line].strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise table.fault([line], column, f"« {text} » n’est pas une date (AAAA-MM-JJ)") from None
