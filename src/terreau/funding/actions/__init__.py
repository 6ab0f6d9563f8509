"""Writes of the money: one verb, one transaction, one journal line."""

from terreau.funding.actions.agreements import (
    draft_agreement,
    edit_agreement,
    lapse,
    offer,
    recall,
    terminate,
)
from terreau.funding.actions.amendments import approve_amendment, ask_amendment, refuse_amendment
from terreau.funding.actions.clauses import (
    end_clause,
    publish_clauses,
    revise_clause,
    seed_clauses,
    set_payment_terms,
    write_clause,
)
from terreau.funding.actions.proofs import declare_aid, record_contract
from terreau.funding.actions.signatures import (
    accept_copy,
    deposit_copy,
    send_code,
    set_copy_aside,
    sign_with_code,
)

__all__ = [
    "accept_copy",
    "approve_amendment",
    "ask_amendment",
    "declare_aid",
    "deposit_copy",
    "draft_agreement",
    "edit_agreement",
    "end_clause",
    "lapse",
    "offer",
    "publish_clauses",
    "recall",
    "record_contract",
    "refuse_amendment",
    "revise_clause",
    "seed_clauses",
    "send_code",
    "set_copy_aside",
    "set_payment_terms",
    "sign_with_code",
    "terminate",
    "write_clause",
]
