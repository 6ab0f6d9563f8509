"""`terreau match`: the best firms of each project, or the best projects of a firm, over plain files."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

SHEETS = (".parquet", ".csv", ".xlsx", ".json")


def match(  # noqa: PLR0913 - one option a parameter
    firms: Annotated[
        Path, typer.Option("--firms", help="Entreprises (Parquet, CSV, XLSX) : id,lat,lon,naf,size,themes,offers.")
    ],
    projects: Annotated[
        Path, typer.Option("--projects", help="Projets (CSV, XLSX, Parquet) : id,lat,lon,sectors,themes,seeks[,text].")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Propositions (Parquet, CSV, XLSX, JSON).")],
    *,
    top: Annotated[int, typer.Option(help="Entreprises proposées par projet, au plus.", min=1)] = 50,
    weights: Annotated[Path | None, typer.Option(help="Poids et échelles (TOML).")] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Le tout en JSON, avec les raisons.")] = None,
    firm: Annotated[
        list[str] | None, typer.Option("--firm", help="Les projets de cette entreprise (répétable), dans l’autre sens.")
    ] = None,
    firm_at_most: Annotated[
        int | None, typer.Option(help="Projets auxquels une même entreprise est proposée, au plus.", min=1)
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Réponses déjà données : project,firm,answer (yes, no, later)[,until].")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(help="Jour de la proposition, pour --answers.", formats=["%Y-%m-%d"])
    ] = None,
    affinity: Annotated[
        Path | None, typer.Option(help="Affinités naf,theme,value ; sans value, apprises d’engagements passés.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Ajoute la ressemblance du texte du projet au métier.")] = False,
    basin: Annotated[
        bool, typer.Option("--basin", help="Ajoute le bassin d’emploi commun (colonne « basin »).")
    ] = False,
    travel: Annotated[
        Path | None, typer.Option(help="Temps de trajet from,to,minutes entre communes, au lieu de la distance.")
    ] = None,
    threads: Annotated[int, typer.Option(help="Fils d’exécution ; sans effet sur la réponse.", min=1)] = 2,
) -> None:
    """Propose à chaque projet les entreprises qui lui vont le mieux, exactement, par un score énoncé.

    score = distance·exp(−d/scale_km) + sector·[division NAF du projet] + theme·|T∩T’|/√(|T||T’|) + offers·part de ce
    que le projet cherche + size·valeur de la taille ; à égalité, par identifiant d’entreprise. Chaque colonne de part
    donne sa contribution, poids compris : leur somme est le score.
    """
    from terreau.cli.methods import matching, proposals
    from terreau.cli.methods.firms import read
    from terreau.cli.methods.writing import check_outputs, save

    check_outputs([firms, projects, weights, answers, affinity, travel], (output, SHEETS), (json, (".json",)))
    if firm and firm_at_most:
        raise ValueError("--firm et --firm-at-most ne vont pas ensemble.")
    told = matching.settings(weights)
    them = matching.projects(projects)
    known = read(firms, (["basin"] if basin else []) + (["commune"] if travel else []))
    on_top = matching.Options(affinity, travel, answers, (on or datetime.now()).date(), text=text, basin=basin)  # noqa: DTZ005 - the person's day
    asked = matching.queries(them, known, told, on_top)
    found = proposals.found(known, them, asked, top, threads=threads, firms=firm or [], most=firm_at_most)
    save({output: proposals.sheet(found)} | ({json: proposals.document(found, told)} if json else {}))
    typer.echo(proposals.summary(found))
