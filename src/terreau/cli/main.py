"""The `terreau` command. Methods run on plain files; the rest needs the instance's database."""

import os
import sys

import typer

from terreau.cli import applications, data, demonstration, serving
from terreau.cli.methods import Infeasible
from terreau.cli.methods.calibrate import calibrate

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Terreau, en ligne de commande."
)
app.command()(serving.serve)
app.command()(serving.migrate)
app.command()(demonstration.demo)
app.command()(calibrate)
app.add_typer(applications.imports, name="import")
app.add_typer(applications.exports, name="export")
app.add_typer(data.app, name="data")


@app.command()
def version() -> None:
    """Affiche la version."""
    from terreau import __version__

    typer.echo(__version__)


@app.callback()
def root() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terreau.config.settings")


def main() -> None:
    """Run the command; what the user got wrong ends in one line and exit code 2, what cannot hold in exit code 3."""
    try:
        app()
    except Infeasible as problem:
        print(f"terreau: {problem}", file=sys.stderr)  # noqa: T201 - what cannot hold together, in words
        sys.exit(3)
    except ValueError as problem:
        print(f"terreau: {problem}", file=sys.stderr)  # noqa: T201 - the one line
        sys.exit(2)
