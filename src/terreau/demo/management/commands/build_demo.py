from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from terreau.calls.models import Call
from terreau.demo import builder
from terreau.territories import reference
from terreau.territories.models import Territory


class Command(BaseCommand):
    help = "Construit l’édition de démonstration : 273 dossiers fictifs sur la géographie réelle de la France."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=2025)

    def handle(self, *_args: Any, **options: Any) -> None:
        if builder.already_built():
            return
        if Call.objects.exists():
            raise CommandError("cette base contient déjà des appels : la démonstration veut une base à elle.")
        columns = (TextColumn("{task.description:32}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as shown:
            if not Territory.objects.exists():
                task = shown.add_task("", total=1.0)
                reference.build(lambda label, share: shown.update(task, description=label, completed=share))
            task = shown.add_task("", total=1.0)
            builder.build(
                lambda label, share: shown.update(task, description=label, completed=share), seed=options["seed"]
            )
