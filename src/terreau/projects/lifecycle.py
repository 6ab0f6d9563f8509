"""The states of an application and every move between them. Nothing else changes a state."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from terreau.core import moves


class State(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("déposé")
    INCOMPLETE = "incomplete", _("pièces manquantes")
    ADMITTED = "admitted", _("recevable")
    INELIGIBLE = "ineligible", _("inéligible")
    IN_REVIEW = "in_review", _("en instruction")
    SELECTED = "selected", _("retenu")
    RESERVE = "reserve", _("liste d’attente")
    DEFERRED = "deferred", _("ajourné")
    DECLINED = "declined", _("non retenu")
    WITHDRAWN = "withdrawn", _("retiré")


FILED = frozenset(State) - {State.DRAFT, State.WITHDRAWN}
DECIDED = frozenset({State.SELECTED, State.RESERVE, State.DEFERRED, State.DECLINED})
WRITABLE = frozenset({State.DRAFT, State.INCOMPLETE})  # by the holder

MOVES = {
    "submit": ({State.DRAFT}, State.SUBMITTED),
    "reopen": ({State.SUBMITTED, State.INCOMPLETE, State.ADMITTED, State.DEFERRED}, State.DRAFT),
    "ask_for_missing": ({State.SUBMITTED}, State.INCOMPLETE),
    "complete": ({State.INCOMPLETE}, State.SUBMITTED),
    "admit": ({State.SUBMITTED}, State.ADMITTED),
    "declare_ineligible": ({State.SUBMITTED, State.INCOMPLETE, State.ADMITTED}, State.INELIGIBLE),
    "reconsider": ({State.INELIGIBLE}, State.SUBMITTED),
    "start_review": ({State.ADMITTED}, State.IN_REVIEW),
    "select": ({State.IN_REVIEW, State.RESERVE}, State.SELECTED),
    "reserve": ({State.IN_REVIEW}, State.RESERVE),
    "defer": ({State.IN_REVIEW, State.RESERVE}, State.DEFERRED),
    "decline": ({State.IN_REVIEW, State.RESERVE}, State.DECLINED),
    "withdraw": (
        {State.DRAFT, State.SUBMITTED, State.INCOMPLETE, State.ADMITTED, State.IN_REVIEW, State.RESERVE},
        State.WITHDRAWN,
    ),
}


def after(state: str, verb: str) -> State:
    """The state that `verb` leads to; WrongMoment where the table has no such move."""
    return moves.after(MOVES, state, verb)


def allows(state: str, verb: str) -> bool:
    return moves.allows(MOVES, state, verb)
