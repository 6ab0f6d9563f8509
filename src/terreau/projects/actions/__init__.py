"""Writes on applications: one verb, one transaction, one journal line."""

from terreau.projects.actions.decision import announce, settle
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

__all__ = [
    "admit",
    "announce",
    "ask_for_missing",
    "complete",
    "declare_ineligible",
    "delete_view",
    "move",
    "reconsider",
    "record_export",
    "rename_view",
    "reopen",
    "save_view",
    "settle",
    "share_with_regions",
    "start_review",
    "write_message",
]
