"""Firms and what they bring: profiles, needs, proposals, commitments, gifts, receipts, notes of the delegates."""

from terreau.engagement.models.barometer import BarometerEdition
from terreau.engagement.models.commitments import Commitment, Immersion, Need, Proposal, Work
from terreau.engagement.models.companies import Acquaintance, CompanyProfile, Note
from terreau.engagement.models.gifts import Entitlement, Exercise, Gift, Receipt

__all__ = [
    "Acquaintance",
    "BarometerEdition",
    "Commitment",
    "CompanyProfile",
    "Entitlement",
    "Exercise",
    "Gift",
    "Immersion",
    "Need",
    "Note",
    "Proposal",
    "Receipt",
    "Work",
]
