"""Agreements and amendments on paper: tagged PDF (PDF/A-3a and PDF/UA-1) made from the frozen content alone.

The text carries its own proof: the canonical JSON of the content is attached, and its SHA-256 stands in the metadata
and at the foot of each page.
"""

import json
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core.money import euros
from terreau.funding.models import Instalment
from terreau.funding.queries.content import cofunder_words, day, details
from terreau.projects.queries import canonical, digest
from terreau.projects.rulebook import EXPENSES, INCOME, KIND_EXPENSES, KIND_INCOME, number

FOLDER = Path(__file__).parent / "typst"
SIDES: tuple[tuple[Any, dict[str, Any]], ...] = (
    (gettext_lazy("Charges"), EXPENSES),
    (gettext_lazy("Produits"), INCOME),
    (gettext_lazy("Contributions volontaires en nature, emplois"), KIND_EXPENSES),
    (gettext_lazy("Contributions volontaires en nature, ressources"), KIND_INCOME),
)


def pdf(content: dict[str, Any], at: datetime, *, is_draft: bool = False) -> bytes:
    """The bytes of the PDF. The same content and the same moment give the same file."""
    with translation.override(settings.LANGUAGE_CODE):
        data = (_agreement if content["kind"] == "agreement" else _amendment)(content)
        data |= {
            "lang": settings.LANGUAGE_CODE[:2],
            "digest": "" if is_draft else digest(content),
            "content": canonical(content).decode(),
            "draft": _("Projet de texte, sans valeur") if is_draft else "",
            "funder": content["funder"]["name"],
            "parties": [[party["name"], details(party)] for party in (content["funder"], content["holder"])],
            "words": _words(),
        }
    made: bytes = typst.compile(
        str(FOLDER / f"{content['kind']}.typ"),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-3a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    return made


def _agreement(content: dict[str, Any]) -> dict[str, Any]:
    shown = content["number"] or _("sans numéro")
    version = content["version"]
    return {
        "title": _("Convention de financement n° %(number)s") % {"number": shown},
        "number": shown if version == 1 else _("%(number)s, texte %(version)d") % {"number": shown, "version": version},
        "project": content["title"],
        "facts": [
            [_("Financeur"), content["funder"]["name"]],
            [_("Porteur"), content["holder"]["name"]],
            [_("Dossier"), f"{content['reference']}, {content['call']}"],
            [_("Période"), _period(content)],
            [_("Assiette éligible"), euros(content["eligible_base_cents"])],
            [_("Montant accordé"), f"{euros(content['granted_cents'])} ({content['rate']})"],
            [_("Texte proposé le"), day(content["offered_on"])],
        ],
        "clauses": [[clause["title"], clause["text"].split("\n\n")] for clause in content["clauses"]],
        "budget": _budget(content["budget"]),
        "cofunders": [cofunder_words(c) for c in content["cofunders"]],
        "schedule": [_due(number, due) for number, due in enumerate(content["schedule"], 1)],
        "schedule_source": content["schedule_source"],
        "reports": [[report["label"], day(report["on"])] for report in content["reports"]],
        "obligations": [[o["label"], o["asks"], o["why"], o["source"]] for o in content["obligations"]],
    }


def _amendment(content: dict[str, Any]) -> dict[str, Any]:
    said = {"number": content["number"], "agreement": content["agreement"]}
    return {
        "title": _("Avenant n° %(number)s à la convention n° %(agreement)s") % said,
        "number": _("%(agreement)s, avenant %(number)s") % said,
        "project": content["title"],
        "facts": [
            [_("Convention"), f"{content['agreement']}, {day(content['agreement_signed_on'])}"],
            [_("Empreinte de la convention"), content["agreement_digest"]],
            [_("Financeur"), content["funder"]["name"]],
            [_("Porteur"), content["holder"]["name"]],
            [_("Dossier"), content["reference"]],
        ],
        "reason": content["reason"],
        "differences": content["differences"],
        "schedule": [
            [*_due(number, due), _("inchangé, déjà réglé ou à payer") if due["settled"] else ""]
            for number, due in enumerate(content["schedule"], 1)
        ],
    }


def _period(content: dict[str, Any]) -> str:
    return _("du %(start)s au %(end)s (%(months)d mois)") % {
        "start": day(content["starts_on"]),
        "end": day(content["ends_on"]),
        "months": content["months"],
    }


def _due(rank: int, due: dict[str, Any]) -> list[str]:
    return [str(rank), str(Instalment.Condition(due["condition"]).label), day(due["on"]), euros(due["cents"])]


def _budget(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each side of the budget that has lines: its rows by rubric, and its sum. Refused co-funding is left out.

    Where the grant is below the request, what is missing is told as income still to be found: both sides agree.
    """
    kept = [x for x in lines if x["status"] != "refused" and x["cents"]]
    missing = sum(x["cents"] for x in kept if x["rubric"] in EXPENSES)
    missing -= sum(x["cents"] for x in kept if x["rubric"] in INCOME)
    found = []
    for title, rubrics in SIDES:
        mine = [x for x in kept if x["rubric"] in rubrics]
        if mine:
            rows = [
                [number(rubric), x["label"] or str(rubrics[rubric]), euros(x["cents"])]
                for rubric, group in groupby(mine, key=lambda x: x["rubric"])
                for x in group
            ]
            total = sum(x["cents"] for x in mine)
            if rubrics is INCOME and missing > 0:
                rows.append(["–", _("Reste à financer par le porteur"), euros(missing)])
                total += missing
            found.append({"title": str(title), "rows": rows, "sum": euros(total)})
    return found


def _words() -> dict[str, Any]:
    return {
        "page": _("page"),
        "digest": _("Empreinte SHA-256 :"),
        "article": _("Article"),
        "annexes": _("Annexes"),
        "budget": _("Budget prévisionnel"),
        "lines": [_("Rubrique"), _("Intitulé"), _("Montant")],
        "total": _("Total"),
        "cofunders": _("Autres financeurs"),
        "schedule": _("Échéancier des versements"),
        "dues": [_("N°"), _("Condition"), _("Date prévue"), _("Montant")],
        "after": _("Remarque"),
        "source": _("Source de l’échéancier :"),
        "reports": _("Bilans attendus"),
        "obligations": _("Obligations"),
        "duty": [_("Obligation"), _("Ce qu’elle demande"), _("Pourquoi ici"), _("Source")],
        "none": _("Aucune règle de droit particulière ne s’ajoute aux articles."),
        "signatures": _("Signatures"),
        "signed": [_("Pour le financeur"), _("Pour le porteur")],
        "blank": [_("Nom et qualité :"), _("Date :"), _("Signature :")],
        "changes": _("Ce qui change"),
        "columns": [_("Élément"), _("Avant"), _("Après"), _("Écart")],
        "reason": _("Motif"),
        "rest": _("Le reste de la convention"),
        "unchanged": _(
            "Les autres articles de la convention et de ses avenants ne changent pas. Les versements déjà réglés ou à "
            "payer restent ce qu’ils sont ; le reste de l’aide est réparti entre les versements à venir, à proportion "
            "de ce qu’ils étaient."
        ),
    }
