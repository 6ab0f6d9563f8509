"""The states of a call and every move between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from terreau.core import moves


class State(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("clos")
    ARCHIVED = "archived", _("archivé")


MOVES = {
    "open": ({State.DRAFT, State.CLOSED}, State.OPEN),
    "close": ({State.OPEN}, State.CLOSED),
    "archive": ({State.CLOSED}, State.ARCHIVED),
}


def after(state: str, verb: str) -> State:
    """The state that `verb` leads to; WrongMoment where the table has no such move."""
    return moves.after(MOVES, state, verb)
