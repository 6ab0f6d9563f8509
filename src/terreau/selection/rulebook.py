"""What the committee sets before the best portfolio is sought: plain frozen values and their JSON. Pure.

Money is cents, shares are of one. The files are named by their references.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

ATTRIBUTES = ("region", "theme", "public", "kind")
MEASURES = ("count", "money", "share")
WEIGHTS = ("merit", "participants", "need")
SWITCHES = ("one_per_organisation", "by_euro")
TOPS = {"margin": 0.5, "balance": 5.0, "merit": 100, "participants": 100, "need": 100}
FLOORS = {"reduce": 0.5}

type Sway = Literal["in", "out", "free"]


@dataclass(frozen=True)
class Line:
    """A floor or a cap on the files that carry one value; no attribute means every file. `on`: the switch.

    `limit` is in files, in cents, or a share of the money granted, as `measure` says.
    """

    attribute: str
    value: str
    measure: str
    limit: float
    is_floor: bool
    on: bool = True


@dataclass(frozen=True)
class Parameters:
    """The rules as the committee sets them.

    margin: the share of the envelope that is kept back. reduce: the least share of its request that a file may be
    granted (1: all or nothing). by_euro: points count in proportion to the request, so that a dear file is worth as
    much a euro as a cheap one of like quality; else each file counts its points once. merit, participants, need:
    weights of the three parts of a file's points, whole numbers. balance: points that each per cent of the envelope
    costs when it strays from the shares of need.
    """

    lines: tuple[Line, ...] = ()
    one_per_organisation: bool = True
    by_euro: bool = False
    margin: float = 0.0
    reduce: float = 1.0
    merit: int = 100
    participants: int = 0
    need: int = 0
    balance: float = 0.0
    forced: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def sway(self, reference: str) -> Sway:
        """Whether the committee forces this file in or out, or leaves it free."""
        return "in" if reference in self.forced else "out" if reference in self.excluded else "free"


def swayed(parameters: Parameters, reference: str, sway: Sway) -> Parameters:
    """The same with one file forced in, out, or left free."""
    forced = {*parameters.forced} - {reference} | ({reference} if sway == "in" else set())
    excluded = {*parameters.excluded} - {reference} | ({reference} if sway == "out" else set())
    return replace(parameters, forced=tuple(sorted(forced)), excluded=tuple(sorted(excluded)))


def dump(parameters: Parameters) -> dict[str, Any]:
    """As JSON; the same parameters give the same JSON."""
    found = dict(vars(parameters))
    found["lines"] = [vars(line) for line in parameters.lines]
    found["forced"], found["excluded"] = sorted(parameters.forced), sorted(parameters.excluded)
    return found


def parse(content: Mapping[str, Any]) -> Parameters:
    """From JSON. ValueError where a value is out of bounds or unknown."""
    known = Parameters.__dataclass_fields__
    if unknown := set(content) - set(known):
        raise ValueError(f"unknown parameters: {sorted(unknown)}")
    lines = tuple(_line(line) for line in content.get("lines", ()))
    names = {key: tuple(sorted(set(map(str, content.get(key, ()))))) for key in ("forced", "excluded")}
    if set(names["forced"]) & set(names["excluded"]):
        raise ValueError("a file is forced in and out at once")
    numbers: dict[str, Any] = {key: _bounded(key, content[key]) for key in (*TOPS, *FLOORS) if key in content}
    switches: dict[str, Any] = {key: bool(content[key]) for key in SWITCHES if key in content}
    found = replace(Parameters(lines, forced=names["forced"], excluded=names["excluded"]), **switches, **numbers)
    if not any(getattr(found, weight) for weight in WEIGHTS):
        raise ValueError("every weight is zero")
    return found


def _bounded(key: str, value: Any) -> float | int:
    low, top = FLOORS.get(key, 0.0), TOPS.get(key, 1.0)
    number = float(value)
    if not math.isfinite(number) or not low <= number <= top:
        raise ValueError(f"{key} is out of bounds: {value}")
    return int(number) if key in WEIGHTS else number


def _line(content: Mapping[str, Any]) -> Line:
    line = Line(**content)
    top = {"count": 10**6, "money": 10**13, "share": 1.0}.get(line.measure)
    if top is None or line.attribute not in ("", *ATTRIBUTES):
        raise ValueError(f"unknown rule: {content}")
    limit = float(line.limit)
    if not math.isfinite(limit) or not 0 <= limit <= top:
        raise ValueError(f"a limit is out of bounds: {content}")
    return replace(line, limit=limit if line.measure == "share" else float(int(limit)))


def without_doubles(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The last of the lines that say the same thing with another limit stands."""
    kept = {(line.attribute, line.value, line.measure, line.is_floor): line for line in lines}
    return tuple(kept.values())
