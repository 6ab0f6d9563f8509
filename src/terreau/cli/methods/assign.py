"""`terreau assign`: who reads which file, over plain files."""

from pathlib import Path
from typing import Annotated, Any

import typer

from terreau.cli.methods import Infeasible

SHEETS = (".csv", ".xlsx", ".json")
SECONDS = 20  # of the first use; measured: docs/decisions/0014
SHOWN = 8  # names told before « … »
PARTS = {"themes": "thèmes (40 %)", "publics": "publics (20 %)", "territory": "région (20 %)", "text": "texte (20 %)"}
FAULTS = {
    "more-reviews-than-jurors": "plus de lectures demandées qu’il n’y a de jurés",
    "least-out-of-bounds": "le nombre minimal de dossiers dépasse la charge",
    "load-negative": "charge négative",
    "reviews-negative": "nombre de lectures négatif",
    "pair-limit-negative": "--pairs-at-most est négatif",
    "locked-forbidden": "lecture rendue par un juré en conflit d’intérêts",
    "more-kept-than-reviews": "plus de lectures déjà attribuées que demandé",
}


def assign(  # noqa: PLR0913 - one option a parameter
    files: Annotated[Path, typer.Option("--files", help="Dossiers (CSV, XLSX, Parquet), un par ligne : file, …")],
    jurors: Annotated[Path, typer.Option("--jurors", help="Jurés (CSV, XLSX, Parquet), un par ligne : juror, …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Attributions : file,juror (CSV, XLSX, JSON).")],
    *,
    reviews: Annotated[int, typer.Option(help="Lectures par dossier, sauf colonne « reviews ».", min=0)] = 3,
    load: Annotated[int | None, typer.Option(help="Dossiers par juré au plus, sauf colonne « load ».", min=0)] = None,
    least: Annotated[int, typer.Option(help="Dossiers par juré au moins.", min=0)] = 0,
    conflicts: Annotated[Path | None, typer.Option(help="Conflits d’intérêts : file,juror[,value].")] = None,
    affinity: Annotated[Path | None, typer.Option(help="Affinités : file,juror,value (0 si absente).")] = None,
    need_region: Annotated[int, typer.Option(help="Jurés de la région du dossier, au moins.", min=0)] = 0,
    need_outside: Annotated[int, typer.Option(help="Jurés d’une autre région, au moins.", min=0)] = 0,
    pairs_at_most: Annotated[
        int | None, typer.Option(help="Dossiers que deux jurés lisent tous deux, au plus.")
    ] = None,
    kept: Annotated[
        Path | None, typer.Option(help="Attributions à garder autant que possible : file,juror[,rendered].")
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Le tout en JSON, bornes prouvées comprises.")] = None,
    gap: Annotated[float, typer.Option(help="Écart admis à l’affinité totale optimale (0 : aucun).", min=0)] = 0.0,
    seed: Annotated[int, typer.Option(help="Sans effet : rien n’est tiré au sort.", min=0)] = 0,  # noqa: ARG001 - every method takes one
) -> None:
    """Attribue les dossiers aux jurés : d’abord le dossier le moins bien servi, puis l’affinité totale, puis la charge.

    Sans --affinity, l’affinité vient des colonnes communes aux deux fichiers : thèmes (40 %), publics (20 %), région
    (20 %), texte (20 %), ramenées à 100 %. Un juré ne lit jamais un dossier de sa propre organisation (colonnes
    « organisation ») ou de son SIREN (colonnes « siren »), si les deux fichiers en ont.
    """
    from time import perf_counter

    from terreau.cli.methods import first_use
    from terreau.cli.methods.panel import Panel, instance
    from terreau.cli.methods.writing import Sheet, check_outputs, save
    from terreau.methods.assignment.assign import assign as solve
    from terreau.methods.assignment.instance import BadInstance, notices
    from terreau.methods.assignment.reassign import reassign

    check_outputs([files, jurors, conflicts, affinity, kept], (output, SHEETS), (json, (".json",)))
    panel = Panel.read(files, jurors)
    rules = {"needs": panel.needs(need_region, need_outside), "pair_limit": pairs_at_most}
    question, parts = instance(panel, (affinity, conflicts), (reviews, load, least), **rules)
    begin = perf_counter()
    try:
        with first_use.told(SECONDS):
            found = reassign(question, *panel.kept(kept), gap=gap) if kept else solve(question, gap=gap)
    except BadInstance as fault:
        subject, code, value = fault.problems[0]
        raise ValueError(f"« {subject} » : {FAULTS.get(code, code)} ({value}).") from None
    document = _document(question, found, perf_counter() - begin)
    if found.status in {"infeasible", "unknown"}:
        save({json: document} if json else {})
        raise Infeasible(_refusal(found))
    rows = [(pair["file"], pair["juror"]) for pair in document["assignments"]]
    save({output: Sheet(("file", "juror"), rows)} | ({json: document} if json else {}))
    for name, _, _ in notices(question):
        typer.echo(f"« {name} » ne peut lire aucun dossier (conflits ou charge nulle).", err=True)
    _tell(question, found, parts if not affinity else None)


def _document(question: Any, found: Any, seconds: float) -> dict[str, Any]:
    named = [
        {"file": question.files[f], "juror": question.jurors[j]}
        for f, row in enumerate(found.assigned.tolist())
        for j in row
        if j >= 0
    ]
    conflict = found.conflict
    return {
        "status": str(found.status),
        "worst": found.worst,
        "bound_worst": found.bound_worst,
        "total": found.total,
        "bound_total": found.bound_total,
        "free_total": found.free_total,
        "free_worst": found.free_worst,
        "changes": found.changes,
        "loads": dict(zip(question.jurors, found.loads.tolist(), strict=True)),
        "assignments": named,
        "conflict": None if conflict is None else {
            "files": list(conflict.files),
            "jurors": list(conflict.jurors),
            "wanted": conflict.wanted,
            "reachable": conflict.reachable,
            "needs": list(conflict.needs),
            "limits": list(conflict.limits),
        },
        "seconds": round(seconds, 4),
    }  # fmt: skip


def _refusal(found: Any) -> str:
    conflict = found.conflict
    if conflict is None:
        return "aucune attribution trouvée, sans preuve qu’il n’y en ait pas ; allégez une règle."
    rules = list(conflict.needs)
    rules += [{"least": "--least", "pairs": "--pairs-at-most"}[limit] for limit in conflict.limits]
    if rules:
        where = f" pour {_listed(conflict.files)}" if conflict.files else ""
        return f"ces règles ne tiennent pas avec les charges et les conflits{where} : {' ; '.join(rules)}."
    return (
        f"ces dossiers demandent {conflict.wanted} lectures et n’en peuvent avoir que {conflict.reachable} : "
        f"{_listed(conflict.files)} (jurés possibles : {_listed(conflict.jurors) or 'aucun'})."
    )


def _tell(question: Any, found: Any, parts: list[str] | None) -> None:
    if parts is not None:
        told = ", ".join(PARTS[name] for name in parts)
        source = f"Affinité d’après : {told}." if parts else "Aucune colonne commune : seules les limites comptent."
        typer.echo(source, err=True)
    proof = "optimum prouvé" if found.status == "optimal" else f"à {100 * found.gap:.4f} % de la borne au plus"
    moved = f" {found.changes} attribution(s) changée(s)." if found.changes else ""
    typer.echo(
        f"{len(question.files)} dossiers, {len(question.jurors)} jurés, {int(found.loads.sum())} lectures. "
        f"Dossier le moins bien servi : {found.worst:.4f} (borne {found.bound_worst:.4f}) ; affinité totale : "
        f"{found.total:.4f} ({proof}). De {found.loads.min()} à {found.loads.max()} dossiers par juré.{moved}"
    )


def _listed(names: tuple[str, ...]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" … ({len(names)} en tout)" if more > 0 else "")
