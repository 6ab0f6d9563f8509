"""The states of a review and of a letter, and the moves that a committee's decision causes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", _("à lire")
    STARTED = "started", _("commencée")
    DONE = "done", _("rendue")
    RECUSED = "recused", _("déport")


WRITABLE = frozenset({ReviewState.ASSIGNED, ReviewState.STARTED})  # by the juror


class Outcome(models.TextChoices):
    SELECTED = "selected", _("retenu")
    RESERVE = "reserve", _("liste d’attente")
    DEFERRED = "deferred", _("ajourné")
    DECLINED = "declined", _("non retenu")


VERB = {  # the move of the application that each outcome causes
    Outcome.SELECTED: "select",
    Outcome.RESERVE: "reserve",
    Outcome.DEFERRED: "defer",
    Outcome.DECLINED: "decline",
}


AFTER_RESERVE = (Outcome.SELECTED, Outcome.DEFERRED, Outcome.DECLINED)  # what may follow, once, after the seal


class LetterState(models.TextChoices):
    DRAFT = "draft", _("à relire")
    APPROVED = "approved", _("relue")
    POSTED = "posted", _("partie")


class Verdict(models.TextChoices):
    FAVOURABLE = "favourable", _("favorable")
    RESERVED = "reserved", _("réservé")
    UNFAVOURABLE = "unfavourable", _("défavorable")


class AnalysisKind(models.TextChoices):
    REDRAWS = "redraws", _("solidité")
    JURORS = "jurors", _("sans chaque juré")


class AnalysisState(models.TextChoices):
    QUEUED = "queued", _("en attente")
    RUNNING = "running", _("en cours")
    DONE = "done", _("faite")
    FAILED = "failed", _("échouée")


UNDER_WAY = frozenset({AnalysisState.QUEUED, AnalysisState.RUNNING})
ANALYSIS_MOVES = {
    "start": (frozenset({AnalysisState.QUEUED}), AnalysisState.RUNNING),
    "advance": (frozenset({AnalysisState.RUNNING}), AnalysisState.RUNNING),
    "finish": (frozenset({AnalysisState.RUNNING}), AnalysisState.DONE),
    "fail": (frozenset({AnalysisState.RUNNING}), AnalysisState.FAILED),
    "retry": (UNDER_WAY | {AnalysisState.FAILED}, AnalysisState.QUEUED),
}


class Sealed(Exception):  # noqa: N818 - named after what happened
    """The committee is sealed: nothing in it changes any more."""
