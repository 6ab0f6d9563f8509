"""The states of a call and every move between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class WrongMoment(Exception):  # noqa: N818 - named after what happened
    """The move exists, but not from this state."""


def after(state: str, verb: str) -> State:
    """The state that `verb` leads to from `state`; WrongMoment where the table has no such move."""
    before, then = MOVES[verb]
    if state not in before:
        raise WrongMoment(verb, state)
    return then
