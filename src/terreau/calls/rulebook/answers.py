"""From what a form or a file gives to a JSON value, and from a value to what is wrong with it.

`normalise` loses nothing: text that cannot be read as a number, an amount or a date stays as typed, and
`check_answer` says so. So a draft keeps everything, and only a submission is refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from terreau.calls.rulebook.conditions import empty, holds, is_number
from terreau.calls.rulebook.parts import Question
from terreau.calls.rulebook.text import count_words, is_date, read_date
from terreau.core import money

type Reader = Callable[[Question, Any], Any]
COUNTED = re.compile(r"\s*(.*\S)\s*[:=]\s*([\d\s]*\d)\s*")
TERRITORY = re.compile(r"(commune|epci|departement|region|ze|basin):[0-9A-Za-z-]{1,12}")


def normalise(question: Question, raw: Any) -> Any:
    """The JSON value of what was typed, ticked or read in a column; None for no answer. Never fails."""
    if isinstance(raw, str):
        raw = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if empty(raw):
        return None
    reader: Reader | None = READERS.get(question.kind)
    return reader(question, raw) if reader else _text(raw)


def _text(raw: Any) -> Any:
    return raw if isinstance(raw, str) else str(raw)


def _number(_question: Question, raw: Any) -> Any:
    if is_number(raw):
        return raw
    text = re.sub(r"[\s\u00a0\u202f]", "", str(raw)).replace(",", ".")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text):
        return _text(raw)
    return float(text) if "." in text and not text.rstrip("0").endswith(".") else int(text.split(".")[0])


def _money(_question: Question, raw: Any) -> Any:
    """Text is euros as people write them; an integer is already cents."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    try:
        return money.parse(str(raw))
    except ValueError:
        return _text(raw)


def _date(_question: Question, raw: Any) -> Any:
    text = raw.isoformat()[:10] if hasattr(raw, "isoformat") else str(raw)
    return read_date(text) or _text(raw)


def _key(question: Question, raw: Any) -> str:
    """The key of a choice given by its key or, in any case, by its label."""
    text = str(raw).strip()
    if any(c.key == text for c in question.choices):
        return text
    return next((c.key for c in question.choices if c.label.casefold() == text.casefold()), text)


def _choices(question: Question, raw: Any) -> Any:
    given = re.split(r"\s*[;|\n]\s*", raw) if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple):
        return [_key(question, given)]
    keys = list(dict.fromkeys(_key(question, one) for one in given if str(one).strip()))
    order = {c.key: i for i, c in enumerate(question.choices)}
    return sorted(keys, key=lambda key: order.get(key, len(order))) or None


def _counts(question: Question, raw: Any) -> Any:
    """`{"graduates": 40}`; a file may give `graduates: 40; cadres: 12`."""
    if not isinstance(raw, dict):
        parts = [COUNTED.fullmatch(part) for part in re.split(r"\s*[;|\n]\s*", str(raw)) if part]
        if not parts or not all(parts):
            return _text(raw)
        raw = {part[1]: part[2] for part in parts if part}
    counts = {_key(question, k): _number(question, v) for k, v in raw.items() if v not in (None, "")}
    order = {c.key: i for i, c in enumerate(question.choices)}
    return dict(sorted(counts.items(), key=lambda item: order.get(item[0], len(order)))) or None


def _territories(_question: Question, raw: Any) -> Any:
    given = re.split(r"[\s,;|]+", raw) if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple):
        return [str(raw)]
    return list(dict.fromkeys(str(one).strip() for one in given if str(one).strip())) or None


READERS: dict[str, Reader] = {
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _key,
    "choices": _choices,
    "counts": _counts,
    "territory": _territories,
    "file": lambda _question, raw: raw,
}


def well_formed(question: Question, value: Any) -> bool:
    """Whether a value is one that this question can have. Conditions read only such values."""
    return not empty(value) and not _shape(question, value)


def check_answer(question: Question, value: Any, answers: Mapping[str, Any]) -> list[str]:
    """What is wrong with an answer, in sentences; an empty list when it may be submitted.

    `answers` are the other answers, for the condition of validity. A hidden question is not checked here:
    ask `asked(rules, answers)` first. Total: any JSON value gets its sentences.
    """
    if empty(value):
        return [_("Cette réponse est nécessaire.")] if question.required else []
    if wrong := _shape(question, value):
        return [wrong]
    found = [*_limits(question, value), *_bounds(question, value)]
    if question.valid_if and not holds(question.valid_if, {**answers, question.key: value}):
        found.append(question.message or _("Cette réponse ne convient pas."))
    return found


def _shape(question: Question, value: Any) -> str:
    """Why a value cannot be read as an answer to this question; nothing when it can."""
    if question.kind == "territory":
        return _shape_territories(value)
    if question.kind in {"choice", "choices", "counts"}:
        return _shape_choices(question, value)
    fits, wrong = SHAPES[question.kind]
    return "" if fits(value) else str(wrong) % {"value": _short(value)}


def _is_cents(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= money.LARGEST


def _is_file(value: Any) -> bool:
    return isinstance(value, str | int | dict) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


SHAPES = {
    "short_text": (_is_text, gettext_lazy("Cette réponse doit être un texte.")),
    "long_text": (_is_text, gettext_lazy("Cette réponse doit être un texte.")),
    "number": (is_number, gettext_lazy("« %(value)s » n’est pas un nombre.")),
    "money": (_is_cents, gettext_lazy("« %(value)s » n’est pas un montant.")),
    "date": (is_date, gettext_lazy("« %(value)s » n’est pas une date (jour/mois/année).")),
    "file": (_is_file, gettext_lazy("Ce fichier n’a pas été reçu.")),
}


def _shape_choices(question: Question, value: Any) -> str:
    known = {c.key for c in question.choices}
    wanted: Any = {"choice": str, "choices": list, "counts": dict}[question.kind]
    if not isinstance(value, wanted):
        return _("Choisissez dans la liste.")
    given: list[Any] = [value] if isinstance(value, str) else [*value]
    for key in given:
        if not isinstance(key, str) or key not in known:
            return _("« %s » n’est pas dans la liste.") % _short(key)
    if isinstance(value, dict) and not all(isinstance(n, int) and is_number(n) and n >= 0 for n in value.values()):
        return _("Indiquez des nombres entiers, sans signe.")
    return ""


def _shape_territories(value: Any) -> str:
    if not isinstance(value, list):
        return _("Choisissez un territoire dans la liste.")
    for one in value:
        if not isinstance(one, str) or not TERRITORY.fullmatch(one):
            return _("« %s » n’est pas un territoire connu.") % _short(one)
    return ""


def _limits(question: Question, value: Any) -> list[str]:
    if question.limit is None or not isinstance(value, str):
        return []
    if question.kind == "long_text" and (words := count_words(value)) > question.limit:
        text = _("%(count)s mots : la limite est de %(limit)s mots.")
        return [text % {"count": words, "limit": question.limit}]
    if question.kind == "short_text" and len(value) > question.limit:
        text = _("%(count)s caractères : la limite est de %(limit)s caractères.")
        return [text % {"count": len(value), "limit": question.limit}]
    return []


def _bounds(question: Question, value: Any) -> list[str]:
    low, high = question.minimum, question.maximum
    match question.kind:
        case "choices" | "territory":
            return _count_bounds(len(value), low, high)
        case "number" | "money":
            if low is not None and value < low:
                return [_("Le minimum est %s.") % shown_bound(question, low)]
            if high is not None and value > high:
                return [_("Le maximum est %s.") % shown_bound(question, high)]
    return []


def _count_bounds(count: int, low: float | None, high: float | None) -> list[str]:
    if low is not None and count < low:
        text = ngettext("Choisissez au moins %(n)s réponse.", "Choisissez au moins %(n)s réponses.", int(low))
        return [text % {"n": int(low)}]
    if high is not None and count > high:
        text = ngettext("Choisissez au plus %(n)s réponse.", "Choisissez au plus %(n)s réponses.", int(high))
        return [text % {"n": int(high)}]
    return []


def shown_bound(question: Question, bound: float) -> str:
    """A bound as a reader sees it: euros for money, no idle decimals elsewhere."""
    if question.kind == "money":
        return money.euros(int(bound))
    whole = float(bound).is_integer() if is_number(bound) else False
    return number_format(int(bound) if whole else bound, force_grouping=True)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def in_words(question: Question, value: Any) -> str:
    """An answer as people read it: labels for keys, euros for cents, a date in the reader's locale."""
    if empty(value):
        return ""
    writer: Reader | None = WRITERS.get(question.kind)
    return writer(question, value) if writer and well_formed(question, value) else str(value)


def _counts_in_words(question: Question, value: dict[str, int]) -> str:
    return ", ".join(f"{question.choice(key)} : {count}" for key, count in value.items() if count)


WRITERS: dict[str, Reader] = {
    "money": lambda _question, value: money.euros(value),
    "number": shown_bound,
    "date": lambda _question, value: date_format(date.fromisoformat(value), "DATE_FORMAT"),
    "choice": lambda question, value: question.choice(value),
    "choices": lambda question, value: ", ".join(question.choice(key) for key in value),
    "counts": _counts_in_words,
    "territory": lambda _question, value: ", ".join(value),
    "file": lambda _question, value: str(value.get("name", "") if isinstance(value, dict) else value),
}
