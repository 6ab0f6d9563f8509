"""Receipts on paper: tagged PDF (PDF/A-3a, PDF/UA-1) made from the frozen content, and from the void if there is one.

The content itself is attached as canonical JSON; its SHA-256 stands in the metadata and at the foot of each page.
"""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from terreau.core.mail import link
from terreau.core.money import euros
from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models import Entitlement, Gift, Receipt
from terreau.engagement.queries.worth import hours_shown
from terreau.funding.queries.content import day
from terreau.projects.queries import canonical

SOURCE = Path(settings.PACKAGE)
FOLDER = SOURCE / "engagement" / "queries" / "typst"


def receipt(found: Receipt) -> bytes:
    """The bytes of the PDF. The same receipt in the same state gives the same file."""
    is_void = found.state == ReceiptState.VOIDED
    with translation.override("fr"):
        data = _receipt(found.content) | {
            "lang": "fr",
            "digest": found.digest,
            "content": canonical(found.content).decode(),
            "draft": _voided(found) if is_void else "",
            "watermark": _("ANNULÉ") if is_void else "",
            "verify": link(reverse("public:receipt", args=[found.token])),
            "words": _words(),
        }
    return made("receipt", data, int((found.voided_at or found.issued_at).timestamp()))


def made(template: str, data: dict[str, Any], timestamp: int) -> bytes:
    """The template filled; its imports are looked for from the root of the sources."""
    done: bytes = typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(SOURCE),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-3a", "ua-1"],
        timestamp=timestamp,
    )
    return done


def _voided(found: Receipt) -> str:
    on = timezone.localdate(found.voided_at).isoformat()
    words = _("Reçu annulé le %(on)s, sans valeur. Motif\u00a0: %(reason)s.") % {
        "on": day(on),
        "reason": found.void_reason.rstrip(" ."),
    }
    later = Receipt.objects.filter(replaces=found).first()
    return words + (_(" Remplacé par le reçu n° %s.") % later if later else "")


def _receipt(content: dict[str, Any]) -> dict[str, Any]:
    gift, issuer, number = content["gift"], content["issuer"], content["number"]
    facts = [[_("Montant"), euros(gift["cents"], decimals=2)], [_("En toutes lettres"), gift["letters"]]]
    facts.append([_("Délivré le"), day(content["issued_on"])])
    if content["replaces"]:
        facts.append([_("Remplace"), _("le reçu n° %s, annulé") % content["replaces"]])
    return {
        "title": _("Reçu fiscal n° %s") % number,
        "number": _("Reçu n° %s") % number,
        "funder": issuer["name"],
        "project": _("Dons des entreprises, article %s du code général des impôts") % content["article"],
        "facts": facts,
        "sections": [
            [_("L’organisme bénéficiaire"), _issuer(issuer)],
            [_("L’entreprise donatrice"), _party(content["donor"])],
            [_("Le don"), _gift(gift)],
        ],
        "signature": [
            f"{content['signatory']['name']}, {content['signatory']['capacity']}",
            _("Le %s") % day(content["issued_on"]),
        ],
    }


def _party(party: dict[str, str]) -> list[list[str]]:
    told = [
        [_("Nom"), party["name"]],
        [_("Forme juridique"), party["legal_form"]],
        [_("SIREN"), _grouped(party["siren"])],
        [_("RNA"), party.get("rna", "")],
        [_("Registre local"), party.get("register", "")],
        [_("Adresse"), party["address"]],
    ]
    return [line for line in told if line[1]]


def _issuer(issuer: dict[str, str]) -> list[list[str]]:
    basis = str(Entitlement.Basis(issuer["basis"]).label)
    if issuer["since"]:
        basis = _("%(basis)s du %(on)s") % {"basis": basis, "on": day(issuer["since"])}
    more = [[_("Objet"), issuer["purpose"]], [_("Catégorie"), issuer["category"]]]
    return [*_party(issuer), *more, [_("Base du droit au reçu"), basis]]


def _gift(gift: dict[str, Any]) -> list[list[str]]:
    natures = {
        Gift.Kind.MONEY: _("Numéraire"),
        Gift.Kind.GOODS: _("Don en nature"),
        Gift.Kind.SKILLS: _("Don en nature\u00a0: mise à disposition de personnel"),
    }
    payment = str(Gift.Payment(gift["payment"]).label) if gift["payment"] else ""
    told = [
        [_("Nature"), natures[gift["kind"]]],
        [_("Période") if gift["until"] else _("Date"), _days(gift)],
        [_("Mode de versement"), payment],
        [_("Description"), gift["description"]],
        [_("Détail"), _counted(gift)],
        [_("Montant total"), f"{euros(gift['cents'], decimals=2)} ({gift['letters']})"],
    ]
    return [line for line in told if line[1]]


def _days(gift: dict[str, Any]) -> str:
    if not gift["until"]:
        return day(gift["given_on"])
    return _("du %(start)s au %(end)s") % {"start": day(gift["given_on"]), "end": day(gift["until"])}


def _counted(gift: dict[str, Any]) -> str:
    counted = gift["counted"]
    if gift["kind"] == Gift.Kind.GOODS:
        unit = euros(counted["unit_cents"], decimals=2)
        return _("%(quantity)s × %(unit)s, au coût de revient") % {"quantity": counted["quantity"], "unit": unit}
    if gift["kind"] == Gift.Kind.SKILLS:
        told = {"hours": hours_shown(counted["hours"]), "cost": euros(gift["cents"], decimals=2)}
        return _("1 salarié, %(hours)s heures, pour %(cost)s") % told
    return ""


def _grouped(siren: str) -> str:
    return "\u00a0".join(siren[i : i + 3] for i in range(0, len(siren), 3))


def _words() -> dict[str, str]:
    return {
        "page": _("page"),
        "digest": _("Empreinte SHA-256 :"),
        "signature": _("Signature"),
        "sign": _("Signature de la personne habilitée"),
        "verify": _("Pour vérifier ce reçu, son numéro et son empreinte\u00a0:"),
        "law": _(
            "Reçu au titre des dons à certains organismes d’intérêt général, conforme au modèle 2041-MEC-SD (Cerfa "
            "16216*02). L’organisme reconnaît avoir reçu ce don et certifie remplir les conditions de l’article 238 "
            "bis du code général des impôts. Délivrer un reçu irrégulier expose à l’amende de l’article 1740 A."
        ),
    }
