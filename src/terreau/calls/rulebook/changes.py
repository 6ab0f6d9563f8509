"""What differs between two rulebooks, in words: added, removed, changed from one value to another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.calls.rulebook.eligibility import SEATS
from terreau.calls.rulebook.identity import all_questions
from terreau.calls.rulebook.parts import Choice, Question, Rulebook
from terreau.calls.rulebook.words import condition_in_words
from terreau.core import money

FIELDS = {
    "label": gettext_lazy("nom"),
    "title": gettext_lazy("titre"),
    "help": gettext_lazy("aide"),
    "kind": gettext_lazy("type de réponse"),
    "required": gettext_lazy("obligatoire"),
    "limit": gettext_lazy("limite"),
    "minimum": gettext_lazy("minimum"),
    "maximum": gettext_lazy("maximum"),
    "choices": gettext_lazy("choix"),
    "show_if": gettext_lazy("condition pour être montré"),
    "valid_if": gettext_lazy("condition de validité"),
    "message": gettext_lazy("message"),
    "opens_at": gettext_lazy("ouverture"),
    "deadline": gettext_lazy("date limite"),
    "committee_on": gettext_lazy("comité"),
    "envelope_cents": gettext_lazy("enveloppe"),
    "weight": gettext_lazy("poids"),
    "guidance": gettext_lazy("repères pour noter"),
    "minimum_cents": gettext_lazy("montant minimum"),
    "maximum_cents": gettext_lazy("montant maximum"),
    "rate_ceiling": gettext_lazy("part cofinancée maximum"),
    "note": gettext_lazy("source"),
    "legal_forms": gettext_lazy("formes juridiques admises"),
    "minimum_age_months": gettext_lazy("ancienneté minimum, en mois"),
    "age_at": gettext_lazy("date où l’ancienneté est comptée"),
    "accounts_closed": gettext_lazy("exercice comptable clos"),
    "seats": gettext_lazy("sièges admis"),
    "source": gettext_lazy("source"),
    "summary_words": gettext_lazy("mots du résumé"),
    "themes_maximum": gettext_lazy("nombre de thèmes"),
}
QUESTION_KINDS = {
    "short_text": gettext_lazy("texte court"),
    "long_text": gettext_lazy("texte long"),
    "number": gettext_lazy("nombre"),
    "money": gettext_lazy("montant"),
    "date": gettext_lazy("date"),
    "choice": gettext_lazy("un choix"),
    "choices": gettext_lazy("plusieurs choix"),
    "counts": gettext_lazy("un nombre par choix"),
    "territory": gettext_lazy("territoires"),
    "file": gettext_lazy("fichier"),
}
SECTIONS = {
    "kinds": gettext_lazy("Types de projet"),
    "domains": gettext_lazy("Domaines"),
    "themes": gettext_lazy("Thèmes"),
    "publics": gettext_lazy("Publics"),
    "windows": gettext_lazy("Périodes de sélection"),
    "criteria": gettext_lazy("Critères"),
    "sections": gettext_lazy("Sections"),
    "documents": gettext_lazy("Pièces"),
}


@dataclass(frozen=True)
class Change:
    """One difference. `before` and `after` are empty for a part that appears or goes."""

    what: Literal["added", "removed", "changed"]
    place: str
    label: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if self.what == "added":
            return _("%(place)s : ajout de « %(label)s »") % {"place": self.place, "label": self.label}
        if self.what == "removed":
            return _("%(place)s : retrait de « %(label)s »") % {"place": self.place, "label": self.label}
        return _("%(place)s, %(label)s : %(before)s → %(after)s") % {
            "place": self.place,
            "label": self.label,
            "before": self.before or "–",
            "after": self.after or "–",
        }


def compare(old: Rulebook, new: Rulebook, labels: Mapping[str, Any] | None = None) -> list[Change]:
    """Every difference, in the order of the rulebook. `labels` names the legal forms."""
    words = _Words(all_questions(old), all_questions(new), labels or {})
    found: list[Change] = []
    for name in ("windows", "amounts", "summary_words", "themes_maximum", *list(SECTIONS)[:4], "eligibility"):
        found += _part(name, getattr(old, name), getattr(new, name), words)
    for name in ("criteria", "sections", "documents"):
        found += _part(name, getattr(old, name), getattr(new, name), words)
    return found


def _part(name: str, before: Any, after: Any, words: "_Words") -> Iterator[Change]:
    if isinstance(before, tuple):
        yield from _items(str(SECTIONS[name]), before, after, words)
    elif name in {"amounts", "eligibility"}:
        place = _("Montants") if name == "amounts" else _("Éligibilité")
        yield from _fields(place, before, after, words)
    elif before != after:
        label = str(FIELDS[name])
        yield Change("changed", _("Formulaire"), label, words.old(name, before, None), words.new(name, after, None))


def _items(place: str, before: tuple[Any, ...], after: tuple[Any, ...], words: "_Words") -> Iterator[Change]:
    """Items matched by key: gone, new, changed inside, then moved."""
    old, new = {i.key: i for i in before}, {i.key: i for i in after}
    yield from (Change("removed", place, _name(item)) for key, item in old.items() if key not in new)
    for key, item in new.items():
        if key not in old:
            yield Change("added", place, _name(item))
        elif item != old[key]:
            yield from _fields(f"{place}, « {_name(old[key])} »", old[key], item, words)
    kept = [key for key in old if key in new]
    order = [key for key in new if key in old]
    if kept != order:
        yield Change(
            "changed",
            place,
            _("ordre"),
            ", ".join(_name(old[k]) for k in kept),
            ", ".join(_name(new[k]) for k in order),
        )


def _name(item: Any) -> str:
    return getattr(item, "label", "") or getattr(item, "title", "") or item.key


def _fields(place: str, before: Any, after: Any, words: "_Words") -> Iterator[Change]:
    for field in fields(before):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if one == other or field.name == "key":
            continue
        if field.name == "questions":
            yield from _items(place, one, other, words)
            continue
        label = str(FIELDS.get(field.name, field.name))
        yield Change("changed", place, label, words.old(field.name, one, before), words.new(field.name, other, after))


@dataclass(frozen=True)
class _Words:
    """Values as people read them, on each side of a comparison."""

    before: Mapping[str, Question]
    after: Mapping[str, Question]
    labels: Mapping[str, Any]

    def old(self, name: str, value: Any, item: Any) -> str:
        return self._say(name, value, item, self.before)

    def new(self, name: str, value: Any, item: Any) -> str:
        return self._say(name, value, item, self.after)

    def _say(self, name: str, value: Any, item: Any, questions: Mapping[str, Question]) -> str:
        if value in (None, "", ()):
            return ""
        if name in {"show_if", "valid_if"}:
            return condition_in_words(value, questions)
        if name.endswith("_cents") or (isinstance(item, Question) and item.kind == "money" and _bound(name)):
            return money.euros(int(value))
        named: dict[str, Callable[[Any], str]] = {
            "rate_ceiling": lambda v: f"{number_format(round(v * 100, 2))}\u00a0%",
            "kind": lambda v: str(QUESTION_KINDS.get(v, v)),
            "legal_forms": lambda v: ", ".join(str(self.labels.get(one, one)) for one in v),
            "seats": lambda v: ", ".join(str(SEATS.get(one, one)) for one in v),
        }
        return named.get(name, plain_words)(value)


def _bound(name: str) -> bool:
    return name in {"minimum", "maximum"}


def plain_words(value: Any) -> str:
    """A value of no particular field: yes or no, a moment, a day, a number, labels in a row."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, int | float):
        return number_format(int(value) if float(value).is_integer() else value)
    if isinstance(value, tuple):
        return ", ".join(one.label if isinstance(one, Choice) else str(one) for one in value)
    return str(value)
