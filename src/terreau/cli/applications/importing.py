"""The import, step by step: read, recognise, map, check every row, then take all of them in or none."""

import sys
from pathlib import Path

import typer
from django.db import transaction

from terreau.calls.models import Call
from terreau.cli.applications.checking import Checker
from terreau.cli.applications.loading import SHOWN, Outcome, check, known_ids, load, make_call, slug_of
from terreau.cli.applications.mapping import map_columns
from terreau.cli.applications.shapes import Shape, recognise
from terreau.cli.reading import Table, open_table


def run(file: Path, slug: str, given: Path | None, window: str, *, dry_run: bool, only_good: bool) -> None:
    """ValueError where nothing was taken in; the faults are on the error stream by then."""
    table = open_table(file)
    shape = recognise(table)
    tell(f"{file.name} : {table.read_as} ; forme reconnue : {shape.label}.")
    with transaction.atomic():
        call, slug = _call(slug, table, shape)
        mapping = map_columns(table, shape, call.rules if call else None, given)
        for remark in mapping.remarks:
            tell(f"· {remark}")
        made = call is None
        call = call or make_call(shape, slug, mapping.added)
        _check_window(call, window)
        checker = Checker(table, mapping, call.rules, currency=shape.currency)
        outcome = _import(checker, call, window, only_good=only_good, dry_run=dry_run)
        if dry_run:
            transaction.set_rollback(True)
    _sum_up(outcome, call, made=made, dry_run=dry_run)


def tell(text: str) -> None:
    typer.echo(text, err=True)


def _call(slug: str, table: Table, shape: Shape) -> tuple[Call | None, str]:
    """The call that receives the files, and its address: asked for, named by the file, or proper to its layout."""
    slug = slug or _named_inside(table, shape) or (slug_of(shape.call) if shape.call else "")
    if not slug:
        raise ValueError("dites avec --call l’adresse courte de l’appel qui reçoit ces dossiers.")
    if slug != slug_of(slug):
        raise ValueError(f"« {slug} » ne convient pas comme adresse : minuscules sans accent, chiffres et tirets.")
    return Call.objects.filter(slug=slug).first(), slug


def _named_inside(table: Table, shape: Shape) -> str:
    """Our own export names its call on each row."""
    header = next((h for h, target in shape.columns.items() if target == "call"), None)
    if header is None:
        return ""
    place = table.headers.index(header)
    names = {cells[place] for _line, cells in table.rows() if place < len(cells)}
    if len(names) > 1:
        raise ValueError("ce fichier mêle plusieurs appels ; choisissez avec --call celui qui reçoit les dossiers.")
    return names.pop() if names else ""


def _check_window(call: Call, window: str) -> None:
    keys = list(call.windows.values_list("key", flat=True))
    if window and window not in keys:
        raise ValueError(f"l’appel n’a pas de période « {window} » ; ses périodes : {', '.join(keys) or 'aucune'}.")


def _import(checker: Checker, call: Call, window: str, *, only_good: bool, dry_run: bool) -> Outcome:
    known = known_ids(call)
    outcome = check(checker, known)
    for fault in outcome.faults:
        tell(str(fault))
    if len(outcome.faults) >= SHOWN:
        tell(f"… les {SHOWN} premières fautes sont montrées.")
    if outcome.bad and not only_good:
        raise ValueError(
            f"{outcome.bad} mauvaise(s) ligne(s) sur {outcome.rows} : rien n’a été importé. "
            "Corrigez-les, ou prenez les autres avec --only-good."
        )
    if not outcome.rows:
        raise ValueError("le fichier n’a aucune ligne sous son en-tête.")
    if not dry_run:
        outcome.taken = load(checker, call, known, window=window, source=checker.table.path.name)
    return outcome


def _sum_up(outcome: Outcome, call: Call, *, made: bool, dry_run: bool) -> None:
    verb = "seraient ajoutés" if dry_run else "ajoutés"
    where = f"« {call.slug} »" + (" (créé, en préparation)" if made else "")
    typer.echo(
        f"{outcome.rows} lignes lues ; dossiers {verb} : {outcome.taken} ; déjà là : {outcome.known} ; "
        f"lignes laissées : {outcome.bad}. Appel : {where}."
    )
    sys.stdout.flush()
