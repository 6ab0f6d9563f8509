"""`terreau calibrate`: jurors' scores brought to one scale, over a plain file."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

FILE = ("file", "dossier", "projet", "project", "candidature", "numéro de dossier")
JUROR = ("juror", "juré", "jure", "jury", "reviewer", "évaluateur", "lecteur")
SCORE = ("score", "note", "points")
CRITERION = ("criterion", "critère", "critere")
HEADERS = ("file", "raw", "calibrated", "sd", "rank", "rank_low", "rank_high", "reviews")
JUROR_HEADERS = ("juror", "reviews", "severity", "noise", "slope")
SHEETS = (".csv", ".xlsx", ".json")
SHOWN = 5  # names told before « … »
GAINS: dict[str, Literal["auto"] | bool] = {"auto": "auto", "oui": True, "non": False}


def calibrate(  # noqa: PLR0913 - one option a parameter
    reviews: Annotated[Path, typer.Argument(help="Notes (CSV, XLSX, Parquet) : dossier, juré, note[, critère].")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Notes calées, un dossier par ligne (CSV, XLSX, JSON).")
    ],
    *,
    json: Annotated[
        Path | None, typer.Option("--json", help="Le tout en JSON, avec les composantes de variance.")
    ] = None,
    jurors: Annotated[
        Path | None, typer.Option("--jurors", help="Sévérité et régularité par juré, pour le président seul.")
    ] = None,
    weight: Annotated[list[str] | None, typer.Option("--weight", help="Poids d’un critère : NOM=POIDS.")] = None,
    gain: Annotated[str, typer.Option(help="Écart propre à chaque juré : auto, oui ou non.")] = "auto",
    level: Annotated[float, typer.Option(help="Niveau des intervalles de rang.")] = 0.95,
    seed: Annotated[int, typer.Option(help="Graine des tirages des intervalles de rang.", min=0)] = 0,
    file_column: Annotated[str, typer.Option("--file", help="Colonne du dossier.")] = "",
    juror_column: Annotated[str, typer.Option("--juror", help="Colonne du juré.")] = "",
    score_column: Annotated[str, typer.Option("--score", help="Colonne de la note.")] = "",
    criterion_column: Annotated[str, typer.Option("--criterion", help="Colonne du critère.")] = "",
) -> None:
    """Cale les notes : ôte la sévérité et la dispersion de chaque juré, et dit ce qui reste incertain.

    Note brute, note calée, écart type et intervalle de rang côte à côte. Une note qui repose sur peu de lectures est
    rapprochée de la moyenne.
    """
    from terreau.cli.methods import tables
    from terreau.cli.methods.readings import Readings
    from terreau.cli.methods.writing import Sheet, check_outputs, save

    check_outputs([reviews], (output, SHEETS), (json, (".json",)), (jurors, SHEETS))
    wanted = GAINS.get(gain)
    if wanted is None:
        raise ValueError(f"--gain : « {gain} » n’est ni auto, ni oui, ni non.")
    if not 0.5 <= level < 1:
        raise ValueError("--level : un niveau est entre 0.5 et 1.")
    table = tables.read(reviews)
    columns = (
        table.find(file_column, FILE, "le dossier", "--file"),
        table.find(juror_column, JUROR, "le juré", "--juror"),
        table.find(score_column, SCORE, "la note", "--score"),
        table.find_if_any(criterion_column, CRITERION, "le critère", "--criterion"),
    )
    readings = Readings.of(table, *columns)
    found = readings.calibrate(weight or [], gain=wanted, level=level, seed=seed)
    outputs: dict[Path, Any] = {output: Sheet(*_sheet(readings.files, found))}
    if json:
        outputs[json] = _document(readings, found)
    if jurors:
        outputs[jurors] = Sheet(JUROR_HEADERS, _juror_rows(readings.jurors, found))
    save(outputs)
    _tell(readings, found, jurors)


def _sheet(files: list[str], found: Any) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Best first, part by part; the part is shown only where there are several."""
    order = sorted(range(len(files)), key=lambda i: (found.components[i], found.rank[i], files[i]))
    rows = [(files[i], *_figures(found, i)) for i in order]
    if found.connected:
        return HEADERS, rows
    return (*HEADERS, "component"), [(*row, int(found.components[i]) + 1) for row, i in zip(rows, order, strict=True)]


def _figures(found: Any, i: int) -> tuple[Any, ...]:
    points = (round(float(figures[i]), 4) for figures in (found.raw, found.mean, found.sd))
    return (*points, *(int(counts[i]) for counts in (found.rank, found.rank_low, found.rank_high, found.reviews)))


def _juror_rows(names: list[str], found: Any) -> list[tuple[Any, ...]]:
    """Severity in points, above zero where severe; noise: standard deviation of one reading, points."""
    return [
        (
            names[j],
            int(found.juror_reviews[j]),
            round(-float(found.juror_bias[j]), 4),
            round(float(found.juror_noise[j]), 4),
            round(float(found.slopes[j]), 4),
        )
        for j in sorted(range(len(names)), key=lambda j: names[j])
    ]


def _document(readings: Any, found: Any) -> dict[str, Any]:
    headers, rows = _sheet(readings.files, found)
    document = {
        "readings": int(found.reviews.sum()),
        "jurors": len(readings.jurors),
        "level": found.level,
        "gain": found.has_gain,
        "variances": {
            "quality": found.variances.quality,
            "juror": found.variances.juror,
            "noise": found.variances.noise,
        },
        "bridges": [readings.files[i] for i in found.bridges],
        "files": [dict(zip(headers, row, strict=True)) for row in rows],
    }
    if not found.connected:
        document["components"] = readings.parts(found)
    return document


def _tell(readings: Any, found: Any, jurors: Path | None) -> None:
    """What the reader of the figures must know, on the error stream."""
    if not found.connected:
        parts = readings.parts(found)
        told = " ; ".join(f"{k}) {listed(part)}" for k, part in enumerate(parts, 1))
        typer.echo(
            f"Attention : les lectures forment {len(parts)} groupes sans juré commun, dont les notes ne se comparent "
            f"pas ; les rangs valent dans chaque groupe (colonne component). Groupes : {told}.",
            err=True,
        )
    if len(found.bridges):
        names = [readings.files[i] for i in found.bridges]
        typer.echo(f"Dossiers qui relient seuls une partie des autres : {listed(names)}.", err=True)
    if jurors:
        typer.echo(f"{jurors.name} nomme les jurés : pour le président du jury seul.", err=True)
    spread = found.variances
    typer.echo(
        f"{len(readings.files)} dossiers, {len(readings.jurors)} jurés, {int(found.reviews.sum())} lectures. Écarts "
        f"types en points : qualité {spread.quality**0.5:.2f}, sévérité {spread.juror**0.5:.2f}, "
        f"lecture {spread.noise**0.5:.2f}."
    )


def listed(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" … ({len(names)} dossiers)" if more > 0 else "")
