"""The committee pack: a tagged PDF (PDF/UA-1) with the envelope, the maps, the ranking and one page a file."""

import json
from pathlib import Path

import typst
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from terreau.core.money import euros
from terreau.selection import actions, queries
from terreau.web.office.committee.pack_files import decided, described, points
from terreau.web.office.committee.pack_map import base, region_map
from terreau.web.office.committee.pages import money
from terreau.web.office.committee.scope import visible, window_or_404
from terreau.web.office.gate import office_only
from terreau.web.ui import downloads

TEMPLATE = Path(__file__).parent / "typst" / "pack.typ"


@office_only
@require_GET
def pack(request, pk):
    """The pack of the committee, without the files that this person left the room for."""
    window = window_or_404(request, pk)
    _everything, rows, hidden = visible(request, window)
    at = timezone.now()
    content = pdf(contents(window, rows, hidden), at)
    actions.record_pack(queries.committee_of(window), files=len(rows), hidden=hidden, by=request.user)
    return downloads.pdf(content, f"comite-{window.call.slug}-{window.key}")


def pdf(content, at):
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )


def contents(window, rows, hidden=0):
    """What the template prints: every string ready, so that it decides nothing. Only of the files in `rows`."""
    scores = queries.calibrated(window)
    calibrated = dict(zip(scores.references, scores.scores.mean.tolist(), strict=True)) if scores else {}
    found = money(window, rows)
    selected = [row for row in rows if row.outcome == "selected"]
    declined = [row for row in rows if row.outcome == "declined"]
    title = _("Dossier de séance : comité %(window)s") % {"window": window.label}
    return {
        "lang": (translation.get_language() or "fr")[:2],
        "title": title,
        "funder": window.call.funder.name,
        "call": window.call.title,
        "hidden": told_hidden(hidden),
        "totals": totals(found["envelope"], rows),
        "shares": [share_table(found["envelope"], name, part) for name, part in found["shares"]],
        "maps": [
            region_map(_("Dossiers retenus par région"), selected),
            region_map(_("Dossiers non retenus par région"), declined),
        ],
        "base": base(),
        "ranking": [ranked(row, calibrated.get(row.reference)) for row in rows],
        "files": described(window, rows, scores),
        "words": words(),
    }


def told_hidden(hidden):
    if not hidden:
        return ""
    return ngettext(
        "%(count)d dossier n’est pas montré : vous vous êtes déporté·e.",
        "%(count)d dossiers ne sont pas montrés : vous vous êtes déporté·e.",
        hidden,
    ) % {"count": hidden}


def totals(envelope, rows):
    return [
        [_("Enveloppe"), euros(envelope.cents)],
        [_("Dossiers"), str(len(rows))],
        [_("Montants demandés"), euros(envelope.total.requested_cents)],
        [_("Dossiers retenus"), str(envelope.total.selected)],
        [_("Montants proposés"), euros(envelope.total.proposed_cents)],
        [_("Reste"), euros(envelope.remaining_cents)],
    ]


def share_table(envelope, name, part):
    labels = {"region": _("Par région"), "kind": _("Par type de projet"), "theme": _("Par thème")}
    rows = [
        [
            label or "–",
            str(share.files),
            euros(share.requested_cents),
            str(share.selected),
            euros(share.proposed_cents),
            f"{share.of(envelope.cents):.0f}\u00a0%",
        ]
        for label, share in part
    ]
    return {"title": labels[name], "rows": rows}


def ranked(row, calibrated):
    proposed = euros(row.proposed_cents) if row.proposed_cents is not None else "–"
    return [
        str(row.rank),
        row.reference,
        row.title,
        row.region or "–",
        points(row.mean),
        points(calibrated),
        euros(row.requested_cents),
        proposed,
        decided(row),
    ]


def words():
    return {
        "page": _("page"),
        "envelope": _("L’enveloppe"),
        "maps": _("Les régions"),
        "ranking": _("Le classement"),
        "files": _("Les dossiers"),
        "summary": _("Résumé"),
        "scores": _("Notes par critère"),
        "opinions": _("Avis des délégué·es"),
        "optimum": _("Au regard de l’optimum"),
        "decision": _("Décision proposée"),
        "group": _("Groupe"),
        "region": _("Région"),
        "number": _("Dossiers"),
        "shares": [_("Dossiers"), _("Demandé"), _("Retenus"), _("Proposé"), _("Part")],
        "columns": [
            _("Rang"),
            _("Dossier"),
            _("Titre"),
            _("Région"),
            _("Note brute"),
            _("Note calibrée"),
            _("Demandé"),
            _("Proposé"),
            _("Décision"),
        ],
        "marks": [_("Critère"), _("Moyenne"), _("Sur")],
    }
