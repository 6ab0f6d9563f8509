"""The receipt of a submission as a tagged PDF (PDF/UA-1), made from the frozen snapshot alone: it can be made again."""

import json
from datetime import datetime
from pathlib import Path

import typst
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.projects.models import BudgetLine
from terreau.projects.rulebook import RUBRICS, number

TEMPLATE = Path(__file__).parent / "typst" / "receipt.typ"


def pdf(submission):
    """The bytes of the PDF. Its date is that of the submission: the same snapshot gives the same file."""
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"data": json.dumps(content(submission), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(submission.at.timestamp()),
    )


def content(submission):
    """What the template prints: every string ready, so that it decides nothing."""
    kept = submission.content
    at = formats.date_format(timezone.localtime(datetime.fromisoformat(kept["submitted_at"])), "DATETIME_FORMAT")
    return {
        "lang": (translation.get_language() or "fr")[:2],
        "title": _("Reçu de dépôt du dossier %(reference)s") % {"reference": kept["reference"]},
        "funder": submission.application.call.funder.name,
        "reference": kept["reference"],
        "digest": submission.digest,
        "summary": kept["summary"] or "–",
        "facts": [
            [_("Dossier"), kept["reference"]],
            [_("Dépôt n°"), str(submission.number)],
            [_("Déposé le"), at],
            [_("Par"), kept["submitted_by"] or "–"],
            [_("Appel"), kept["call"]["title"]],
            [_("Période"), (kept["window"] or {}).get("label", "–")],
            [_("Structure porteuse"), holder(kept["holder"])],
        ],
        "project": project(kept),
        "sections": [
            {"title": s["title"], "answers": [{"label": a["label"], "text": a["text"]} for a in s["answers"]]}
            for s in kept["sections"]
        ],
        "budget": [budget_row(line) for line in kept["budget"]],
        "sums": [
            [_("Montant demandé"), euros(kept["requested_cents"])],
            [_("Total des charges, hors contributions en nature"), euros(kept["total_cents"])],
        ],
        "partners": [" · ".join(filter(None, (p["name"], p["siret"], p["contribution"]))) for p in kept["partners"]],
        "documents": [[d["name"], f"SHA-256 {d['digest']}"] for d in kept["documents"]],
        "words": words(),
    }


def holder(kept):
    known = [kept["name"], kept["siret"] and f"SIRET {kept['siret']}", kept["rna"] and f"RNA {kept['rna']}"]
    return ", ".join(part for part in [*known, kept["register"], kept["commune"]] if part)


def project(kept):
    def labels(items):
        return ", ".join(item["label"] for item in items) or "–"

    publics = ", ".join(f"{p['label']} : {p['expected']}" for p in kept["publics"])
    return [
        [_("Titre"), kept["title"] or "–"],
        [_("Type de projet"), kept["kind"]["label"] or "–"],
        [_("Domaine"), kept["domain"]["label"] or "–"],
        [_("Thèmes"), labels(kept["themes"])],
        [_("Participants attendus"), publics or "–"],
        [_("Territoires"), ", ".join(t["name"] for t in kept["territories"]) or "–"],
    ]


def budget_row(line):
    rubric = str(RUBRICS.get(line["rubric"], ""))
    status = dict(BudgetLine.Status.choices).get(line["status"], "")
    return [number(line["rubric"]), line["label"] or rubric, str(status), euros(line["amount_cents"])]


def words():
    return {
        "page": _("page"),
        "notice": _(
            "Ce reçu atteste du dépôt. Il ne vaut ni recevabilité, ni promesse de financement. "
            "Le dossier déposé ne peut plus être modifié ; l’empreinte ci-dessous permet de le vérifier."
        ),
        "digest": _("Empreinte SHA-256 du dossier déposé :"),
        "project": _("Le projet"),
        "summary": _("Résumé"),
        "empty": _("Sans réponse"),
        "budget": _("Budget prévisionnel"),
        "columns": [_("Rubrique"), _("Intitulé"), _("État"), _("Montant")],
        "partners": _("Partenaires"),
        "documents": _("Pièces déposées"),
    }
