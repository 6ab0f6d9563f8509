"""The options of `terreau select`, with what a reader of --help sees of each."""

from pathlib import Path
from typing import Annotated

import typer

COLUMNS, RULES, CHOICE, OUTPUTS = "Colonnes du fichier", "Règles", "Choix", "Sorties"


def _option(words: str, shown: str, panel: str, *names: str) -> typer.models.OptionInfo:
    return typer.Option(*names, metavar=shown, help=words, rich_help_panel=panel, show_default=False)


File = Annotated[Path, typer.Argument(metavar="FICHIER", help="Les dossiers : .csv, .tsv, .xlsx, .parquet ou .pb.")]

Identifier = Annotated[str, _option("Numéro du dossier.", "COL", COLUMNS, "--id")]
Amount = Annotated[str, _option("Montant demandé.", "COL", COLUMNS)]
Merit = Annotated[str, _option("Note ; la note calibrée, si elle est là.", "COL", COLUMNS)]
Minimum = Annotated[str, _option("Moindre montant qui permette encore le projet.", "COL", COLUMNS)]
Deviation = Annotated[str, _option("Écart-type de la note, pour --draws.", "COL", COLUMNS)]

Budget = Annotated[str, _option("Enveloppe à répartir.", "EUROS", RULES)]
AtLeast = Annotated[list[str] | None, _option("Au moins N pour cette valeur, ou en tout.", "[COL=VAL:]N", RULES)]
AtMost = Annotated[list[str] | None, _option("Au plus N pour cette valeur, ou en tout.", "[COL=VAL:]N", RULES)]
OnePer = Annotated[list[str] | None, _option("Un seul dossier retenu par valeur de la colonne.", "COL", RULES)]
Together = Annotated[list[str] | None, _option("Tous ces dossiers ou aucun.", "A,B", RULES)]
Either = Annotated[list[str] | None, _option("Un seul de ces dossiers au plus.", "A,B", RULES)]
Force = Annotated[list[str] | None, _option("Dossier à retenir.", "ID", RULES)]
Exclude = Annotated[list[str] | None, _option("Dossier à écarter.", "ID", RULES)]

BALANCE = (
    "Part souhaitée de l’enveloppe par valeur : un fichier (valeur, part) ou Corse=5%,Bretagne=8%. "
    "Chaque point d’écart coûte 1 point de note, ou P avec « :P » à la fin."
)
Balance = Annotated[list[str] | None, _option(BALANCE, "COL:PARTS[:P]", CHOICE)]
Weight = Annotated[list[str] | None, _option("Ajoute à la note W points par unité de la colonne.", "COL=W", CHOICE)]
RULE = "« optimal », ou « equal-shares » : chaque votant a la même part de l’enveloppe."
RuleName = Annotated[str, _option(RULE, "RÈGLE", CHOICE)]
Votes = Annotated[Path | None, _option("Votes (voter,project[,points]), pour equal-shares.", "FICHIER", CHOICE)]
Explain = Annotated[
    bool, typer.Option("--explain", help="Dit pourquoi chaque autre dossier n’est pas retenu.", rich_help_panel=CHOICE)
]
DRAWS = "Refait le choix N fois avec des notes tirées au hasard autour des vraies, selon leur écart-type."
Draws = Annotated[int, typer.Option(min=0, metavar="N", help=DRAWS, rich_help_panel=CHOICE, show_default=False)]
Seed = Annotated[
    int, typer.Option(min=0, metavar="N", help="Graine du hasard (0).", rich_help_panel=CHOICE, show_default=False)
]

Json = Annotated[Path | None, _option("Réponse complète, en JSON.", "FICHIER", OUTPUTS)]
Output = Annotated[
    Path | None, _option("Tableau des décisions : .csv, .xlsx ou .json.", "FICHIER", OUTPUTS, "--output", "-o")
]
