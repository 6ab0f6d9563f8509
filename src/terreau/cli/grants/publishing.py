"""Writes the published grants in a standard: the whole file, or none."""

from collections.abc import Iterator
from pathlib import Path

import typer
from django.utils import translation

from terreau.cli.applications.importing import tell
from terreau.funding.queries import published
from terreau.funding.rulebook import grants


def run(standard: str, output: Path, edition: int | None) -> None:
    """ValueError where the ending is not one of the standard's, or where nothing may be published."""
    file = next((one for one in grants.FILES if (one.standard, one.suffix) == (standard, output.suffix.lower())), None)
    if file is None:
        endings = " ou ".join(one.suffix for one in grants.FILES if one.standard == standard)
        raise ValueError(f"{output.name} : pour {standard}, écrivez un fichier {endings}.")
    if not output.parent.is_dir():
        raise ValueError(f"le dossier {output.parent} n’existe pas.")
    written = Written(file)
    draft = output.with_name(f".{output.name}.part")
    try:
        with translation.override("fr"), draft.open("w", encoding="utf-8", newline="") as lines:
            lines.writelines(file.lines(written.rows(edition), published.publisher()))
        if not written.number:
            raise ValueError("rien à publier : aucune convention signée d’un projet annoncé.")
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    typer.echo(f"Subventions écrites dans {output} : {written.number} ; laissées : {written.left_out}.")


class Written:
    """Counts what goes into the file, and tells what does not."""

    def __init__(self, file: grants.File) -> None:
        self.file, self.number, self.left_out = file, 0, 0

    def rows(self, edition: int | None) -> Iterator[grants.PublishedGrant]:
        for grant in published.grants(edition):
            if found := self.file.faults(grant):
                self.left_out += 1
                tell(f"{grant.reference}, {grant.beneficiary.name} : {' '.join(found)}")
            else:
                self.number += 1
                yield grant
