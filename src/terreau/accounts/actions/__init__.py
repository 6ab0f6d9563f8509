"""Writes on people and organisations: one verb, one transaction, one journal line."""

from terreau.accounts.actions.access import (
    answer_request,
    ask_to_join,
    change_regions,
    join,
    leave,
)
from terreau.accounts.actions.intake import Identity, take_in
from terreau.accounts.actions.invitations import accept, invite, revoke
from terreau.accounts.actions.organisations import correct_organisation, create_organisation
from terreau.accounts.actions.people import change_profile, erase
from terreau.accounts.actions.refusals import AlreadyKnown, NeedsSuccessor, NotOpen, Refused, WrongAccount

__all__ = [
    "AlreadyKnown",
    "Identity",
    "NeedsSuccessor",
    "NotOpen",
    "Refused",
    "WrongAccount",
    "accept",
    "answer_request",
    "ask_to_join",
    "change_profile",
    "change_regions",
    "correct_organisation",
    "create_organisation",
    "erase",
    "invite",
    "join",
    "leave",
    "revoke",
    "take_in",
]
