"""The states of an agreement and of what hangs on it, and every move between them. Nothing else changes a state."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from terreau.core import moves


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    OFFERED = "offered", _("à signer")
    SIGNED = "signed", _("signée")
    CLOSED = "closed", _("close")
    TERMINATED = "terminated", _("résiliée")
    LAPSED = "lapsed", _("caduque")


class AmendmentState(models.TextChoices):
    DRAFT = "draft", _("demandé")
    APPROVED = "approved", _("accepté, à signer")
    SIGNED = "signed", _("signé")
    REFUSED = "refused", _("refusé")


class InstalmentState(models.TextChoices):
    PLANNED = "planned", _("prévu")
    DUE = "due", _("à payer")
    PREPARED = "prepared", _("dans un ordre de paiement")
    PAID = "paid", _("payé")
    CANCELLED = "cancelled", _("annulé")


class RunState(models.TextChoices):
    PREPARED = "prepared", _("préparé")
    APPROVED = "approved", _("approuvé")
    SENT = "sent", _("remis à la banque")
    SETTLED = "settled", _("dénoué")
    CANCELLED = "cancelled", _("annulé")


class PaymentState(models.TextChoices):
    PREPARED = "prepared", _("préparé")
    SENT = "sent", _("remis à la banque")
    SETTLED = "settled", _("exécuté")
    REJECTED = "rejected", _("rejeté")
    CANCELLED = "cancelled", _("annulé")


class ClawbackState(models.TextChoices):
    CLAIMED = "claimed", _("demandé")
    RECOVERED = "recovered", _("reversé")
    WAIVED = "waived", _("abandonné")


class ReportKind(models.TextChoices):
    MILESTONE = "milestone", _("point d’étape")
    FINAL = "final", _("bilan final")
    FOLLOW_UP = "follow_up", _("suivi après la fin")


class ReportState(models.TextChoices):
    EXPECTED = "expected", _("attendu")
    DRAFT = "draft", _("en cours de rédaction")
    SUBMITTED = "submitted", _("envoyé")
    RETURNED = "returned", _("à compléter")
    ACCEPTED = "accepted", _("accepté")
    PARTIAL = "partial", _("accepté en partie")
    CANCELLED = "cancelled", _("sans objet")


WRITABLE_REPORTS = frozenset({ReportState.DRAFT, ReportState.RETURNED})  # by the holder
AWAITED_REPORTS = WRITABLE_REPORTS | {ReportState.EXPECTED}  # the holder owes it
ACCEPTED_REPORTS = frozenset({ReportState.ACCEPTED, ReportState.PARTIAL})


class Account(models.TextChoices):
    """Where money of an envelope stands. A movement takes it from one account and puts it in another.

    `funds` and `demand` are sources: their balance is the negative of what was put in. All others are never negative.
    """

    FUNDS = "funds", _("dotation")
    AVAILABLE = "available", _("disponible")
    RESERVED = "reserved", _("réservé")
    VOTED = "voted", _("voté")
    COMMITTED = "committed", _("engagé")
    PAYABLE = "payable", _("à payer")
    IN_TRANSIT = "in_transit", _("remis à la banque")
    PAID = "paid", _("payé")
    RECOVERABLE = "recoverable", _("à reverser")
    DEMAND = "demand", _("demandes")
    REQUESTED = "requested", _("demandé")


SOURCES = frozenset({Account.FUNDS, Account.DEMAND})
ENVELOPE = frozenset({Account.FUNDS, Account.AVAILABLE})  # whose money belongs to no file


class Cause(models.TextChoices):
    """Why money moves, and between which accounts (`BETWEEN`)."""

    BUDGET = "budget", _("dotation de l’enveloppe")
    CUT = "cut", _("réduction de l’enveloppe")
    REQUEST = "request", _("demande déposée")
    RESERVE = "reserve", _("réservation")
    RELEASE = "release", _("levée de réservation")
    VOTE = "vote", _("vote du comité")
    LAPSE = "lapse", _("caducité")
    COMMIT = "commit", _("signature de la convention")
    RAISE = "raise", _("avenant en hausse")
    LOWER = "lower", _("avenant en baisse, reliquat")
    DUE = "due", _("versement à payer")
    UNDUE = "undue", _("versement retenu")
    SEND = "send", _("remise à la banque")
    REJECT = "reject", _("rejet de la banque")
    SETTLE = "settle", _("versement exécuté")
    CLAIM = "claim", _("reversement demandé")
    WAIVE = "waive", _("reversement abandonné")
    RECOVER = "recover", _("reversement reçu")


BETWEEN: Mapping[str, tuple[Account, Account]] = {
    Cause.BUDGET: (Account.FUNDS, Account.AVAILABLE),
    Cause.CUT: (Account.AVAILABLE, Account.FUNDS),
    Cause.REQUEST: (Account.DEMAND, Account.REQUESTED),
    Cause.RESERVE: (Account.AVAILABLE, Account.RESERVED),
    Cause.RELEASE: (Account.RESERVED, Account.AVAILABLE),
    Cause.VOTE: (Account.AVAILABLE, Account.VOTED),
    Cause.LAPSE: (Account.VOTED, Account.AVAILABLE),
    Cause.COMMIT: (Account.VOTED, Account.COMMITTED),
    Cause.RAISE: (Account.AVAILABLE, Account.COMMITTED),
    Cause.LOWER: (Account.COMMITTED, Account.AVAILABLE),
    Cause.DUE: (Account.COMMITTED, Account.PAYABLE),
    Cause.UNDUE: (Account.PAYABLE, Account.COMMITTED),
    Cause.SEND: (Account.PAYABLE, Account.IN_TRANSIT),
    Cause.REJECT: (Account.IN_TRANSIT, Account.PAYABLE),
    Cause.SETTLE: (Account.IN_TRANSIT, Account.PAID),
    Cause.CLAIM: (Account.PAID, Account.RECOVERABLE),
    Cause.WAIVE: (Account.RECOVERABLE, Account.PAID),
    Cause.RECOVER: (Account.RECOVERABLE, Account.AVAILABLE),
}

MOVES: Mapping[type[models.TextChoices], Mapping[str, tuple[frozenset[str], str]]] = {
    AgreementState: {
        "offer": (frozenset({AgreementState.DRAFT}), AgreementState.OFFERED),
        "recall": (frozenset({AgreementState.OFFERED}), AgreementState.DRAFT),
        "sign": (frozenset({AgreementState.OFFERED}), AgreementState.SIGNED),
        "close": (frozenset({AgreementState.SIGNED}), AgreementState.CLOSED),
        "terminate": (frozenset({AgreementState.SIGNED}), AgreementState.TERMINATED),
        "lapse": (frozenset({AgreementState.DRAFT, AgreementState.OFFERED}), AgreementState.LAPSED),
    },
    AmendmentState: {
        "approve": (frozenset({AmendmentState.DRAFT}), AmendmentState.APPROVED),
        "refuse": (frozenset({AmendmentState.DRAFT, AmendmentState.APPROVED}), AmendmentState.REFUSED),
        "sign": (frozenset({AmendmentState.APPROVED}), AmendmentState.SIGNED),
    },
    InstalmentState: {
        "release": (frozenset({InstalmentState.PLANNED}), InstalmentState.DUE),
        "hold": (frozenset({InstalmentState.DUE}), InstalmentState.PLANNED),
        "prepare": (frozenset({InstalmentState.DUE}), InstalmentState.PREPARED),
        "return": (frozenset({InstalmentState.PREPARED}), InstalmentState.DUE),
        "pay": (frozenset({InstalmentState.PREPARED}), InstalmentState.PAID),
        "cancel": (frozenset({InstalmentState.PLANNED}), InstalmentState.CANCELLED),
    },
    RunState: {
        "approve": (frozenset({RunState.PREPARED}), RunState.APPROVED),
        "send": (frozenset({RunState.APPROVED}), RunState.SENT),
        "settle": (frozenset({RunState.SENT}), RunState.SETTLED),
        "cancel": (frozenset({RunState.PREPARED, RunState.APPROVED}), RunState.CANCELLED),
    },
    PaymentState: {
        "send": (frozenset({PaymentState.PREPARED}), PaymentState.SENT),
        "settle": (frozenset({PaymentState.SENT}), PaymentState.SETTLED),
        "reject": (frozenset({PaymentState.SENT}), PaymentState.REJECTED),
        "cancel": (frozenset({PaymentState.PREPARED}), PaymentState.CANCELLED),
    },
    ReportState: {
        "open": (frozenset({ReportState.EXPECTED}), ReportState.DRAFT),
        "submit": (frozenset({ReportState.DRAFT, ReportState.RETURNED}), ReportState.SUBMITTED),
        "return": (frozenset({ReportState.SUBMITTED}), ReportState.RETURNED),
        "accept": (frozenset({ReportState.SUBMITTED}), ReportState.ACCEPTED),
        "accept_in_part": (frozenset({ReportState.SUBMITTED}), ReportState.PARTIAL),
        "cancel": (frozenset({ReportState.EXPECTED, ReportState.DRAFT}), ReportState.CANCELLED),
        "expect": (frozenset({ReportState.CANCELLED}), ReportState.EXPECTED),
    },
    ClawbackState: {
        "recover": (frozenset({ClawbackState.CLAIMED}), ClawbackState.RECOVERED),
        "waive": (frozenset({ClawbackState.CLAIMED}), ClawbackState.WAIVED),
    },
}


def after(kind: type[models.TextChoices], state: str, verb: str) -> str:
    """The state that `verb` leads to; WrongMoment where the table has no such move."""
    return moves.after(MOVES[kind], state, verb)


def allows(kind: type[models.TextChoices], state: str, verb: str) -> bool:
    return moves.allows(MOVES[kind], state, verb)
