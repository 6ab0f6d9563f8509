"""How a firm takes part, the states of what it promises and of the receipts it gets, and every move between them."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from terreau.core import moves


class Form(models.TextChoices):
    """The keys are those of `methods.giving.qualify.Form`, which says what is a gift in the tax sense."""

    MONEY = "money", _("un don d’argent")
    GOODS = "goods", _("un don de matériel ou de marchandises")
    SKILLS = "skills", _("du temps de travail, des compétences")
    MENTORING = "mentoring", _("du mentorat")
    VISIT = "visit", _("une visite de l’entreprise")
    AWARENESS = "awareness", _("une séance de sensibilisation")
    IMMERSION = "immersion", _("une immersion professionnelle")
    NETWORK = "network", _("un réseau, des mises en relation")
    GOVERNANCE_SEAT = "governance_seat", _("une place dans la gouvernance")
    DIAGNOSIS = "diagnosis", _("la co-construction du diagnostic")


class Answer(models.TextChoices):
    YES = "yes", _("oui")
    LATER = "later", _("plus tard")
    NO = "no", _("non")


class Because(models.TextChoices):
    """Why not, or not now: what the next ranking makes of it stands in `rulebook.matching`."""

    FORM = "form", _("cette forme d’engagement ne convient pas")
    THEME = "theme", _("ce thème ne convient pas")
    FAR = "far", _("c’est trop loin")
    KNOWN = "known", _("nous nous connaissons déjà")
    OTHER = "other", _("une autre raison")


class NeedState(models.TextChoices):
    OPEN = "open", _("ouvert")
    FILLED = "filled", _("pourvu")
    CLOSED = "closed", _("retiré")


class CommitmentState(models.TextChoices):
    PROPOSED = "proposed", _("proposé")
    AGREED = "agreed", _("accepté")
    PLANNED = "planned", _("programmé")
    DONE = "done", _("réalisé")
    ACKNOWLEDGED = "acknowledged", _("attesté")
    WITHDRAWN = "withdrawn", _("retiré")


LOGGED = frozenset({CommitmentState.AGREED, CommitmentState.PLANNED, CommitmentState.DONE})  # time may be noted


class ReceiptState(models.TextChoices):
    ISSUED = "issued", _("délivré")
    VOIDED = "voided", _("annulé")


MOVES: Mapping[type[models.TextChoices], Mapping[str, tuple[frozenset[str], str]]] = {
    NeedState: {
        "fill": (frozenset({NeedState.OPEN}), NeedState.FILLED),
        "close": (frozenset({NeedState.OPEN, NeedState.FILLED}), NeedState.CLOSED),
        "reopen": (frozenset({NeedState.FILLED, NeedState.CLOSED}), NeedState.OPEN),
    },
    CommitmentState: {
        "agree": (frozenset({CommitmentState.PROPOSED}), CommitmentState.AGREED),
        "plan": (frozenset({CommitmentState.AGREED, CommitmentState.PLANNED}), CommitmentState.PLANNED),
        "complete": (frozenset({CommitmentState.AGREED, CommitmentState.PLANNED}), CommitmentState.DONE),
        "acknowledge": (frozenset({CommitmentState.DONE}), CommitmentState.ACKNOWLEDGED),
        "withdraw": (
            frozenset({CommitmentState.PROPOSED, CommitmentState.AGREED, CommitmentState.PLANNED}),
            CommitmentState.WITHDRAWN,
        ),
    },
    ReceiptState: {"void": (frozenset({ReceiptState.ISSUED}), ReceiptState.VOIDED)},
}


def after(kind: type[models.TextChoices], state: str, verb: str) -> str:
    """The state that `verb` leads to; WrongMoment where the table has no such move."""
    return moves.after(MOVES[kind], state, verb)


def allows(kind: type[models.TextChoices], state: str, verb: str) -> bool:
    return moves.allows(MOVES[kind], state, verb)
