"""What happened to a file, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from terreau.core import journal
from terreau.projects.lifecycle import DECIDED
from terreau.projects.models import Application

WORDS = {
    "start": _("Dossier commencé"),
    "edit": _("Dossier modifié"),
    "add_document": _("Pièce ajoutée"),
    "remove_document": _("Pièce retirée"),
    "share": _("Accès ouvert ou modifié"),
    "unshare": _("Accès retiré"),
    "reconcile": _("Deux textes réconciliés"),
    "submit": _("Dossier déposé"),
    "ask_for_missing": _("Éléments demandés par le financeur"),
    "complete": _("Dossier complété"),
    "admit": _("Dossier déclaré recevable"),
    "declare_ineligible": _("Dossier déclaré inéligible"),
    "reconsider": _("Inéligibilité levée"),
    "reopen": _("Dossier rouvert"),
    "start_review": _("Instruction commencée"),
    "select": _("Projet retenu"),
    "reserve": _("Projet mis en liste d’attente"),
    "defer": _("Projet ajourné"),
    "decline": _("Projet non retenu"),
    "withdraw": _("Dossier retiré"),
    "announce": _("Décision annoncée"),
    "write_message": _("Message envoyé"),
    "share_with_regions": _("Dossier partagé avec des régions"),
    "import": _("Dossier importé"),
}
DECISIONS = frozenset({"select", "reserve", "defer", "decline"})
OFFICE_ONLY = frozenset({"share_with_regions"})


@dataclass(frozen=True)
class Event:
    """One line of history: what, who, when, and the detail a reader may want."""

    at: datetime
    actor: str
    verb: str
    words: str
    detail: str = ""


def history(application: Application, *, for_holder: bool = True) -> list[Event]:
    """Newest first. A holder does not read a decision before it is announced, nor the office's own arrangements."""
    hidden: set[str] = set()
    if for_holder:
        hidden |= OFFICE_ONLY
        if application.state in DECIDED and application.announced_at is None:
            hidden |= DECISIONS
    return [
        Event(
            entry.at,
            entry.actor_label,
            entry.verb,
            str(WORDS[entry.verb]),
            str(entry.details.get("reason") or entry.details.get("name") or entry.details.get("person") or ""),
        )
        for entry in journal.history(application)
        if entry.verb in WORDS and entry.verb not in hidden
    ]
