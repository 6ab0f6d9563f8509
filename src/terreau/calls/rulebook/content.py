"""A rulebook to JSON and back: `parse(dump(rules)) == rules`, and bad content is refused with its place."""

from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeAliasType, Union, get_args, get_origin, get_type_hints

from terreau.calls.rulebook.parts import Rulebook

SCALARS: dict[Any, tuple[type, ...]] = {int: (int,), float: (int, float), str: (str,), bool: (bool,)}


def parse(content: dict[str, Any]) -> Rulebook:
    """The rules held in the JSON of a version. ValueError names the place of what cannot be read."""
    rules: Rulebook = _read(Rulebook, content, "")
    return rules


def dump(rules: Rulebook) -> dict[str, Any]:
    """JSON-ready content: `parse(dump(rules)) == rules`."""
    content: dict[str, Any] = plain(asdict(rules))
    return content


def plain(value: Any) -> Any:
    """Tuples to lists and dates to ISO text, all the way down."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def _read(wanted: Any, value: Any, place: str) -> Any:
    origin = get_origin(wanted)
    if isinstance(wanted, TypeAliasType):
        return _condition(value, place)
    if origin in (UnionType, Union):
        wanted = next(a for a in get_args(wanted) if a is not type(None))
        return None if value in (None, "") else _read(wanted, value, place)
    if origin is tuple:
        return _read_list(get_args(wanted)[0], value, place)
    if origin is Literal:
        return _expect(value in get_args(wanted), value, place)
    if is_dataclass(wanted):
        return _read_dataclass(wanted, value, place)
    return _read_date(wanted, value, place) if wanted in (date, datetime) else _read_scalar(wanted, value, place)


def _expect(fits: bool, value: Any, place: str) -> Any:
    if not fits:
        raise ValueError(f"{place}: {value!r}")
    return value


def _condition(value: Any, place: str) -> Any:
    return _expect(isinstance(value, dict), value, place)


def _read_list(item: Any, value: Any, place: str) -> tuple[Any, ...]:
    _expect(value is None or isinstance(value, list | tuple), value, place)
    return tuple(_read(item, v, f"{place}[{i}]") for i, v in enumerate(value or ()))


def _read_scalar(wanted: Any, value: Any, place: str) -> Any:
    fits = isinstance(value, SCALARS[wanted]) and (wanted is bool or not isinstance(value, bool))
    if wanted is int and isinstance(value, float) and value.is_integer():
        return int(value)
    return wanted(_expect(fits, value, place))


def _read_date(wanted: Any, value: Any, place: str) -> Any:
    if isinstance(value, str):
        try:
            value = wanted.fromisoformat(value)
        except ValueError as problem:
            raise ValueError(f"{place}: {value!r}") from problem
    fits = type(value) is wanted and (wanted is date or value.tzinfo is not None)
    return _expect(fits, value, place)


@cache
def _hints(wanted: type) -> dict[str, Any]:
    """The type of each field; asked for every line of a rulebook, hence kept."""
    return get_type_hints(wanted)


def _read_dataclass(wanted: Any, value: Any, place: str) -> Any:
    _expect(isinstance(value, dict), value, place)
    hints = _hints(wanted)
    if unknown := {str(k) for k in value} - hints.keys():
        raise ValueError(f"{place}: {', '.join(sorted(unknown))}")
    try:
        return wanted(**{k: _read(hints[k], v, f"{place}.{k}".lstrip(".")) for k, v in value.items()})
    except TypeError as problem:
        raise ValueError(f"{place}: {problem}") from problem
