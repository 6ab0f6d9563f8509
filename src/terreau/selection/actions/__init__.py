"""Writes of the selection: one verb, one transaction, one journal line."""

from terreau.selection.actions.analyses import ask_analysis, restart_analysis
from terreau.selection.actions.assignment import Written, assign_all, save_profile
from terreau.selection.actions.committee import convene, propose, recuse_member, seal, withdraw_proposal
from terreau.selection.actions.letters import (
    announce_otherwise,
    approve_letters,
    confirm_arrival,
    edit_letter,
    explain_letter,
    post_letters,
    resend_letter,
    write_template,
)
from terreau.selection.actions.packs import record_pack
from terreau.selection.actions.reserve import settle_reserve
from terreau.selection.actions.reviews import (
    COMMENT,
    Saved,
    assign_reviewers,
    record_opinion,
    recuse,
    remind_jurors,
    render_review,
    save_review,
    unassign,
)
from terreau.selection.actions.scenarios import Adopted, adopt, keep_scenario, refer_to, replay, run_selection

__all__ = [
    "COMMENT",
    "Adopted",
    "Saved",
    "Written",
    "adopt",
    "announce_otherwise",
    "approve_letters",
    "ask_analysis",
    "assign_all",
    "assign_reviewers",
    "confirm_arrival",
    "convene",
    "edit_letter",
    "explain_letter",
    "keep_scenario",
    "post_letters",
    "propose",
    "record_opinion",
    "record_pack",
    "recuse",
    "recuse_member",
    "refer_to",
    "remind_jurors",
    "render_review",
    "replay",
    "resend_letter",
    "restart_analysis",
    "run_selection",
    "save_profile",
    "save_review",
    "seal",
    "settle_reserve",
    "unassign",
    "withdraw_proposal",
    "write_template",
]
