import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from terreau.calls.models import Call
from terreau.demo import builder
from terreau.demo.accounts import ACCOUNTS, PASSWORD
from terreau.engagement.reference import directory
from terreau.territories import reference
from terreau.territories.models import Level, Territory


class Command(BaseCommand):
    help = "Construit l’édition de démonstration : 273 dossiers fictifs sur la géographie réelle de la France."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=2025)

    def handle(self, *_args: Any, **options: Any) -> None:
        _write_accounts()
        if Call.objects.exists() and not builder.already_built():
            raise CommandError("cette base contient déjà des appels : la démonstration veut une base à elle.")
        columns = (TextColumn("{task.description:34}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as shown:
            if not Territory.objects.exists():
                reference.build(_teller(shown, "territoires"))
            if settings.DATA_PACK and not Territory.objects.filter(level=Level.ZONE).exists():
                reference.load(progress=_teller(shown, "données"))
            if not builder.already_built():
                builder.build(_teller(shown, "démonstration"), seed=options["seed"])
            elif not directory.is_loaded():
                tell = _teller(shown, "annuaire")
                builder.settle_directory(lambda share: tell("entreprises", share), seed=options["seed"])


def _teller(shown: Progress, what: str) -> Any:
    """A bar on a terminal; elsewhere, a log for instance, one line a step."""
    if shown.console.is_terminal:
        task = shown.add_task(what, total=1.0)
        return lambda label, share: shown.update(task, description=f"{what} : {label}"[:34], completed=share)
    told: set[str] = set()

    def tell(label: str, _share: float) -> None:
        if label not in told:
            told.add(label)
            sys.stderr.write(f"· {what} : {label}\n")

    return tell


def _write_accounts() -> None:
    """What the terminal prints each time the demonstration is served."""
    book = {"accounts": [{"role": a.role, "email": a.email, "password": PASSWORD} for a in ACCOUNTS]}
    (settings.HOME / "demo-comptes.json").write_text(json.dumps(book, ensure_ascii=False, indent=2))
