"""`terreau companies`: the directory of firms, associations and public actors, from the official files."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from terreau.cli.data import bar, start

app = typer.Typer(no_args_is_help=True, help="Annuaire des entreprises et des associations : fichiers Sirene et RNA.")


@app.command()
def load(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="StockUniteLegale et StockEtablissement (.parquet, .zip ou .csv), ensemble."),
    ] = None,
    rna: Annotated[
        list[Path] | None, typer.Option("--rna", help="Fichier du RNA, waldec ou import (répétable ; .zip ou .csv).")
    ] = None,
) -> None:
    """Charge les fichiers officiels tels quels ; l’annuaire en service reste en place jusqu’à la dernière seconde."""
    if not files and not rna:
        raise ValueError("donnez les deux fichiers de stock Sirene, ou --rna FICHIER, ou les trois.")
    start()
    from terreau.engagement.reference import associations, stock

    if files:
        with bar() as shown:
            task = shown.add_task("", total=1.0)
            told = stock.load(files, lambda label, share: shown.update(task, description=label, completed=share))
        typer.echo(
            f"établissements ouverts : {told.places}, fermés : {told.closed}, non diffusés : {told.hidden}, "
            f"entreprises à rapprocher : {told.firms}"
        )
        if told.left:
            typer.echo(f"laissés de côté, sans SIRET lisible ou sans unité légale : {told.left}")
    if rna:
        with bar() as shown:
            task = shown.add_task("", total=1.0)
            count = associations.load(rna, lambda label, share: shown.update(task, description=label, completed=share))
        typer.echo(f"associations du RNA : {count}")


@app.command()
def show(number: Annotated[str, typer.Argument(metavar="SIRET", help="Un SIRET, ou un numéro RNA.")]) -> None:
    """Montre ce que l’annuaire sait d’un SIRET ou d’un numéro RNA."""
    start()
    from terreau.accounts.identifiers import check_rna, check_siret, compact

    told = _association(check_rna(number)) if compact(number).startswith("W") else _establishment(check_siret(number))
    width = max(map(len, told))
    for label, value in told.items():
        typer.echo(f"{label:{width}}  {value}")


def _establishment(siret: str) -> dict[str, Any]:
    from terreau.engagement.reference import directory, naf

    if not directory.is_loaded():
        raise ValueError("l’annuaire n’est pas chargé : « terreau companies load ».")
    found = directory.firm(siret)
    if found is None:
        raise ValueError(f"l’annuaire ne connaît pas le SIRET {siret}.")
    if not found.is_open:
        return {"SIRET": siret, "état": f"fermé{_since(found.closed_on)}"}
    if not found.is_diffusible:
        return {"SIRET": siret, "état": "non diffusé, à la demande de la personne"}
    size = f"{found.size or 'inconnue'}{f' ({found.size_year})' if found.size_year else ''}"
    told = {
        "SIRET": siret,
        "nom": found.name,
        "enseigne": found.sign,
        "adresse": found.address,
        "commune": f"{found.postal_code} {found.commune_name} ({found.commune})",
        "catégorie juridique": found.legal_category,
        "taille": size,
        "NAF": f"{naf.told(found.naf, found.nomenclature)} ({found.nomenclature})" if found.naf else "",
        "NAF 2025": found.naf_2025,
        "ESS": "oui" if found.is_sse else "",
        "association": "oui" if found.is_association else "",
        "RNA": found.rna,
        "créée le": _day(found.founded_on),
    }
    return {label: value for label, value in told.items() if value}


def _association(rna: str) -> dict[str, Any]:
    from terreau.engagement.reference import directory

    if not directory.associations_loaded():
        raise ValueError("le RNA n’est pas chargé : « terreau companies load --rna FICHIER ».")
    found = directory.association(rna)
    if found is None:
        raise ValueError(f"l’annuaire ne connaît pas le numéro {rna}.")
    told = {
        "RNA": rna,
        "nom": found.name,
        "objet": found.purpose,
        "adresse": found.address,
        "commune": f"{found.postal_code} {found.commune_name} ({found.commune})",
        "SIRET": found.siret,
        "créée le": _day(found.founded_on),
        "état": "" if found.is_open else "dissoute",
    }
    return {label: value for label, value in told.items() if value}


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _since(day: date | None) -> str:
    return f" depuis le {_day(day)}" if day else ""
