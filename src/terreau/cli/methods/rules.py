"""The rules of `terreau select` as they are typed, and as they are told back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from terreau.cli.methods import tables
from terreau.cli.methods.tables import Columns
from terreau.methods.selection.instance import Balance, Measure, Rule
from terreau.methods.selection.outcome import Constraint, Either, Excluded, Forced, OnePer, Together

WEIGHT = re.compile(r"(?P<rest>.+):(?P<weight>\d+(?:[.,]\d+)?)")


def bound(text: str, table: Columns, *, is_floor: bool) -> Rule:
    """`region=Bretagne:3`, `theme=emploi:500000EUR`, `public=jeunes:25%`; `30` or `:30` bounds the whole."""
    option = "--at-least" if is_floor else "--at-most"
    what, _colon, written = text.rpartition(":")
    name, equal, value = what.partition("=")
    if what and not equal:
        raise ValueError(f"{option} {text} : écrivez COLONNE=VALEUR:N, ou N seul pour l’ensemble des dossiers.")
    attribute = table.named(name.strip(), f"{option} {text}") if what else ""
    try:
        measure, limit = _limit(written.strip())
    except ValueError as problem:
        raise ValueError(f"{option} {text} : {problem}") from None
    return Rule(attribute, value.strip(), measure, limit, is_floor)


def _limit(text: str) -> tuple[Measure, float]:
    if text.endswith("%"):
        share = tables.number(text[:-1])
        if not 0 <= share <= 100:
            raise ValueError(f"« {text} » n’est pas une part entre 0 et 100 %.")
        return Measure.SHARE, share / 100
    if text.upper().endswith(("EUR", "€")):
        return Measure.MONEY, float(tables.cents(text))
    if not text.isdigit():
        raise ValueError(
            f"« {text} » n’est ni un nombre de dossiers (3), ni un montant (500000EUR), ni une part (25%)."
        )
    return Measure.COUNT, float(text)


def group(text: str, option: str) -> tuple[str, ...]:
    """`A,B,C`: two names or more."""
    names = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    if len(names) < 2:
        raise ValueError(f"{option} {text} : donnez au moins deux dossiers, séparés par une virgule.")
    return names


def weight(text: str, table: Columns) -> tuple[str, float]:
    """`participants=0,01`: each unit of the column is worth so many points."""
    name, equal, value = text.partition("=")
    if not equal:
        raise ValueError(f"--weight {text} : écrivez COLONNE=POIDS.")
    return table.named(name.strip(), "--weight"), tables.number(value)


def balance(text: str, table: Columns) -> Balance:
    """`region:parts.csv`, `region:Bretagne=20%,Corse=5%`, either with its weight at the end: `:0.5`."""
    name, colon, rest = text.partition(":")
    if not colon or not rest:
        raise ValueError(f"--balance {text} : écrivez COLONNE:FICHIER ou COLONNE:VALEUR=PART,VALEUR=PART.")
    price = 1.0
    if found := WEIGHT.fullmatch(rest):
        rest, price = found["rest"], tables.number(found["weight"])
    attribute = table.named(name.strip(), "--balance")
    if "=" in rest:
        pairs = [one.partition("=") for one in re.split(r"[,;]", rest) if one.strip()]
        written = {value.strip(): part.strip() for value, _equal, part in pairs}
    else:
        shares = tables.read(Path(rest))
        value = shares.find("", (name, "valeur", "value"), "les valeurs", f"une colonne « {name} »")
        part = shares.find(
            "", ("part", "share", "parts", "besoin", "need", "poids"), "les parts", "une colonne « part »"
        )
        written = dict(zip(shares.ids(value), shares.cells[part], strict=True))
    return Balance(attribute, _shares(written, text), price)


def _shares(written: Mapping[str, str], text: str) -> dict[str, float]:
    """Parts of one. Per cents and fractions are taken as they are; other figures (inhabitants) in proportion."""
    try:
        values = {value: tables.number(part.rstrip(" %")) for value, part in written.items()}
    except ValueError as problem:
        raise ValueError(f"--balance {text} : {problem}") from None
    total = sum(values.values())
    if min(values.values()) < 0 or total <= 0:
        raise ValueError(f"--balance {text} : les parts sont des nombres positifs.")
    if any(part.endswith("%") for part in written.values()):
        values, total = {value: part / 100 for value, part in values.items()}, total / 100
        if total > 1.005:
            raise ValueError(f"--balance {text} : les parts dépassent 100 %.")
        return values
    return values if total <= 1.005 else {value: part / total for value, part in values.items()}


def unknown_values(rules: Iterable[Rule], values: Mapping[str, Sequence[str]]) -> list[str]:
    """A remark for each rule on a value that no file carries, with the nearest one: often a slip."""
    remarks = []
    for rule in rules:
        if rule.attribute and rule.value not in values[rule.attribute]:
            near = get_close_matches(rule.value, values[rule.attribute], n=1)
            hint = f" (vouliez-vous dire « {near[0]} » ?)" if near else ""
            remarks.append(f"aucun dossier n’a « {rule.value} » dans la colonne « {rule.attribute} »{hint}")
    return remarks


def as_option(constraint: Constraint) -> str:
    """The option of the command that states this constraint."""
    told = "--budget"
    match constraint:
        case Rule():
            what = f"{constraint.attribute}={constraint.value}:" if constraint.attribute else ""
            told = f"--at-{'least' if constraint.is_floor else 'most'} {what}{_limit_as_typed(constraint)}"
        case OnePer(attribute, _value):
            told = f"--one-per {attribute}"
        case Together(ids):
            told = f"--together {','.join(ids)}"
        case Either(ids):
            told = f"--either {','.join(ids)}"
        case Forced(name):
            told = f"--force {name}"
        case Excluded(name):
            told = f"--exclude {name}"
    return told


def _limit_as_typed(rule: Rule) -> str:
    factor, suffix = {Measure.COUNT: (1, ""), Measure.MONEY: (0.01, "EUR"), Measure.SHARE: (100, "%")}[rule.measure]
    return f"{rule.limit * factor:.10g}{suffix}"
