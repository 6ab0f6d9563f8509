"""Writes on applications: one verb, one transaction, one journal line."""

from terreau.projects.actions.answers import Changes, Saved, lock, save_aside, write
from terreau.projects.actions.decision import announce, settle
from terreau.projects.actions.draft import (
    add_document,
    next_references,
    reconcile,
    remove_document,
    save_answers,
    save_budget,
    save_partners,
    share,
    start,
    unshare,
)
from terreau.projects.actions.intake import Incoming, take_in
from terreau.projects.actions.moves import move
from terreau.projects.actions.office import (
    admit,
    ask_for_missing,
    complete,
    declare_ineligible,
    reconsider,
    reopen,
    share_with_regions,
    start_review,
    write_message,
)
from terreau.projects.actions.saved import delete_view, record_export, rename_view, save_view
from terreau.projects.actions.submission import NotReady, TooLate, is_late, send_back, submit, withdraw

__all__ = [
    "Changes",
    "Incoming",
    "NotReady",
    "Saved",
    "TooLate",
    "add_document",
    "admit",
    "announce",
    "ask_for_missing",
    "complete",
    "declare_ineligible",
    "delete_view",
    "is_late",
    "lock",
    "move",
    "next_references",
    "reconcile",
    "reconsider",
    "record_export",
    "remove_document",
    "rename_view",
    "reopen",
    "save_answers",
    "save_aside",
    "save_budget",
    "save_partners",
    "save_view",
    "send_back",
    "settle",
    "share",
    "share_with_regions",
    "start",
    "start_review",
    "submit",
    "take_in",
    "unshare",
    "withdraw",
    "write",
    "write_message",
]
