"""The `terreau` command. Methods run on plain files; the rest needs the instance's database."""

import os
import sys

import typer
from typer.exceptions import Abort, TyperException

from terreau.cli import applications, companies, data, demonstration, faults, funding, grants, serving
from terreau.cli.methods import Infeasible
from terreau.cli.methods.assign import assign
from terreau.cli.methods.calibrate import calibrate
from terreau.cli.methods.giving import giving
from terreau.cli.methods.match import match
from terreau.cli.methods.select import select

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Terreau, en ligne de commande."
)
app.command()(serving.serve)
app.command()(serving.migrate)
app.command()(demonstration.demo)
app.command()(assign)
app.command()(calibrate)
app.command()(giving)
app.command()(match)
app.command()(select)
applications.imports.command("grants")(grants.import_grants)
app.add_typer(applications.imports, name="import")
app.add_typer(applications.exports, name="export")
app.add_typer(grants.publish, name="publish")
app.add_typer(companies.app, name="companies")
app.add_typer(data.app, name="data")
app.add_typer(funding.app, name="funding")


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
        code = app(standalone_mode=False)
    except Infeasible as problem:
        code = _told(str(problem), 3)
    except TyperException as problem:
        code = _told(faults.in_words(problem), 2)
    except Abort:
        code = _told("abandon.", 1)
    except ValueError as problem:
        code = _told(str(problem), 2)
    if code:
        sys.exit(code)


def _told(words: str, code: int) -> int:
    if words:
        print(f"terreau: {words}", file=sys.stderr)  # noqa: T201 - the one line
    return code
