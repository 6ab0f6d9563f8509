"""From rows to files ready to be taken in: every fault is told with its line, its column and its reason."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from terreau.accounts.identifiers import check_rna, check_siren, check_siret
from terreau.calls import rulebook
from terreau.cli.applications import values
from terreau.cli.applications.fields import IGNORED
from terreau.cli.applications.mapping import Mapping
from terreau.cli.reading import Table, plain
from terreau.projects.queries.exports import restored
from terreau.territories.models import FormerCommune, Level, Territory

LIST = " | "
TERRITORY = re.compile(r"\b(?:commune|epci|departement|region|ze|basin):[0-9A-Za-z-]{1,12}")
AMOUNTS = ("requested", "total", "granted")


@dataclass(frozen=True)
class Fault:
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"ligne {self.line}, colonne « {self.column} » : {self.reason}"


@dataclass
class Found:
    """One row, read and checked. Amounts in another currency than the euro stay among the answers, as they are."""

    line: int
    external_id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    publics: dict[str, int] = field(default_factory=dict)
    territories: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Places:
    """The places that a cell may name, read once."""

    @cached_property
    def by_key(self) -> dict[str, int]:
        return {f"{level}:{code}": pk for level, code, pk in Territory.objects.values_list("level", "code", "pk")}

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Codes of the communes of a name, spelled plainly."""
        found: dict[str, list[str]] = {}
        for name, code in Territory.objects.filter(level=Level.COMMUNE).values_list("name", "code"):
            found.setdefault(plain(name), []).append(code)
        return found

    @cached_property
    def former(self) -> dict[str, str]:
        return dict(FormerCommune.objects.values_list("code", "commune__code"))

    def commune(self, text: str) -> int:
        """By today's code, by a former one, or by a name that only one commune bears."""
        code = text.strip().upper().zfill(5)
        pk = self.by_key.get(f"commune:{self.former.get(code, code)}")
        if pk:
            return pk
        codes = self.names.get(plain(text), [])
        if len(codes) > 1:
            raise ValueError(f"plusieurs communes s’appellent « {text} » ; donnez son code Insee.")
        if not codes:
            raise ValueError(f"« {text} » n’est pas une commune connue.")
        return self.by_key[f"commune:{codes[0]}"]

    def place(self, level: str, code: str) -> int:
        pk = self.by_key.get(f"{level}:{code}") or self.by_key.get(f"{level}:{code.zfill(2)}")
        if not pk:
            raise ValueError(f"« {code} » n’est pas un code connu.")
        return pk

    def territories(self, text: str) -> list[int]:
        """« level:code name », joined by « | »; names are for people and are not read."""
        keys = TERRITORY.findall(text)
        if unknown := [key for key in keys if key not in self.by_key] or ([] if keys else [text]):
            raise ValueError(f"territoire inconnu : {', '.join(unknown)}.")
        return [self.by_key[key] for key in keys]


class Checker:
    """Reads the rows of a table under a mapping and the rules of the call."""

    def __init__(self, table: Table, mapping: Mapping, rules: rulebook.Rulebook, *, currency: str = "") -> None:
        self.table, self.mapping, self.rules, self.currency = table, mapping, rules, currency
        self.places = Places()
        self.questions = rulebook.all_questions(rules)
        self.seen: set[str] = set()

    def rows(self) -> Iterator[Found]:
        self.seen.clear()
        for line, cells in self.table.rows():
            yield self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> Found:
        found = Found(line)
        headers, targets = self.table.headers, self.mapping.targets
        if len(cells) != len(headers):
            text = f"{len(cells)} cellules au lieu de {len(headers)}"
            found.faults.append(Fault(line, headers[min(len(cells), len(headers) - 1)], text))
            return found
        for header, target, cell in zip(headers, targets, cells, strict=True):
            if target != IGNORED and cell.strip():
                self._put(found, header, target, restored(cell))
        for target, text in self.mapping.constants.items():
            if target not in found.values:
                self._put(found, target, target, text)
        self._whole(found)
        return found

    def _put(self, found: Found, header: str, target: str, text: str) -> None:
        try:
            if target.startswith("answers."):
                found.answers[target[8:]] = self._answer(target[8:], text)
            elif target.startswith("publics."):
                found.publics[target[8:]] = _count(text)
            else:
                self._field(found, target, text)
        except ValueError as problem:
            found.faults.append(Fault(found.line, header, str(problem)))

    def _field(self, found: Found, target: str, text: str) -> None:
        if reader := READERS.get(target):
            found.values[target] = reader(text)
        elif target in {"commune", "departement", "region"}:
            pk = self.places.commune(text) if target == "commune" else self.places.place(target, text.strip())
            found.values[target] = pk
        elif target == "territories":
            found.territories = self.places.territories(text)
        elif target in {"kind", "domain", "themes", "window"}:
            found.values[target] = self._choice(target, text)
        else:
            found.values[target] = " ".join(text.split()) if target != "summary" else text.strip()

    def _choice(self, key: str, text: str) -> Any:
        """Among the choices of the call, by key or by label; as it is where the call has no such list."""
        question = self.questions.get(key)
        if question is None:
            given = [one.strip()[:40] for one in text.split(LIST) if one.strip()]
            return given if key == "themes" else given[0]
        given = rulebook.normalise(question, text)
        allowed = {c.key for c in question.choices}
        if unknown := [one for one in (given if isinstance(given, list) else [given]) if one not in allowed]:
            raise ValueError(f"« {', '.join(unknown)} » n’est pas proposé par l’appel.")
        return given

    def _answer(self, key: str, text: str) -> Any:
        question = self.questions.get(key)
        if question is None:
            return text.strip()
        value = rulebook.normalise(question, text)
        if question.kind in {"number", "money", "date", "choice", "choices"} and value is not None:
            problems = rulebook.check_answer(question, value, {})
            if problems and not _only_bounds(question, value):
                raise ValueError(problems[0])
        return value

    def _whole(self, found: Found) -> None:
        """What a row must hold as a whole."""
        kept = found.values
        found.external_id = str(kept.pop("external_id", "") or kept.get("reference", "")).strip()[:80]
        if not found.external_id:
            found.faults.append(Fault(found.line, "numéro d’origine", "le numéro qui identifie la ligne manque."))
        elif found.external_id in self.seen:
            found.faults.append(Fault(found.line, "numéro d’origine", f"« {found.external_id} » est déjà plus haut."))
        self.seen.add(found.external_id)
        if "platform_state" in kept:
            kept["state"] = kept.pop("platform_state")
        if not kept.get("holder") and not kept.get("siret"):
            found.faults.append(Fault(found.line, "structure porteuse", "ni nom, ni SIRET."))
        _set_currency_apart(found, self.currency)
        if not kept.get("title"):
            kept["title"] = f"Dossier {found.external_id}"
        kept["title"] = kept["title"][:200]


def _count(text: str) -> int:
    number = int(text) if text.strip().isdigit() else -1
    if not 0 <= number < 2**31:
        raise ValueError(f"« {text} » n’est pas un nombre de personnes.")
    return number


def _only_bounds(question: rulebook.Question, value: Any) -> bool:
    """A value of the right sort, whatever the bounds of today's call: what was answered then is kept."""
    if question.kind in {"number", "money"}:
        return isinstance(value, int | float) and value >= 0
    allowed = {c.key for c in question.choices}
    if question.kind == "choices":
        return set(value) <= allowed
    return question.kind == "choice" and value in allowed


def _set_currency_apart(found: Found, currency: str) -> None:
    """Amounts that are not euros become answers: « 500 GBP ». Nothing is converted."""
    code = currency.removeprefix("=") if currency.startswith("=") else found.answers.get(currency, "")
    if not currency or code == "EUR":
        return
    for key in AMOUNTS:
        if (cents := found.values.pop(key, None)) is not None:
            found.answers[f"{key}_abroad"] = f"{cents / 100:.2f} {code}"


READERS: dict[str, Callable[[str], Any]] = {
    "submitted_at": values.moment,
    "state": values.state,
    "platform_state": values.platform_state,
    "email": values.email,
    "siret": check_siret,
    "siren": check_siren,
    "rna": check_rna,
    "legal_form": values.legal_form,
    "requested": values.amount,
    "total": values.amount,
    "granted": values.amount,
    "budget": values.budget,
    "partners": values.partners,
}
