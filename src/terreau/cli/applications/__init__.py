"""`terreau import applications` and `terreau export applications`."""

from pathlib import Path
from typing import Annotated

import typer

from terreau.cli.start import django_up

imports = typer.Typer(no_args_is_help=True, help="Importer des données.")
exports = typer.Typer(no_args_is_help=True, help="Exporter des données.")


@imports.command("applications")
def import_applications(
    file: Annotated[Path, typer.Argument(help="Fichier CSV, XLSX, Parquet, JSON (360Giving) ou PB (Pabulib).")],
    call: Annotated[str, typer.Option(help="Adresse courte de l’appel qui reçoit les dossiers.")] = "",
    mapping: Annotated[Path | None, typer.Option(help="Correspondance des colonnes, en TOML.")] = None,
    window: Annotated[str, typer.Option(help="Période de sélection, si le fichier ne la dit pas.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vérifie sans rien écrire.")] = False,
    only_good: Annotated[bool, typer.Option("--only-good", help="Prend les bonnes lignes, laisse les autres.")] = False,
) -> None:
    """Importe des dossiers. Par défaut, une seule mauvaise ligne suffit pour ne rien prendre.

    Chaque mauvaise ligne est dite avec sa colonne et son motif. Relancer la commande ne change rien : un dossier
    déjà importé est reconnu à son numéro d’origine.
    """
    django_up()
    from terreau.cli.applications import importing

    importing.run(file, call, mapping, window, dry_run=dry_run, only_good=only_good)


@exports.command("applications")
def export_applications(
    output: Annotated[Path, typer.Option("--output", "-o", help="Fichier CSV ou XLSX à écrire.")],
    call: Annotated[str, typer.Option(help="Adresse courte de l’appel ; tous les appels sinon.")] = "",
) -> None:
    """Exporte des dossiers avec toutes leurs réponses ; « terreau import applications » relit ce fichier."""
    django_up()
    from terreau.cli.applications import exporting

    exporting.run(output, call)
