"""What a decision becomes: an agreement, its amendments and signatures, its instalments and payments, the ledger."""

from terreau.funding.models.agreements import (
    Agreement,
    Amendment,
    Clause,
    PaymentTerms,
    RepublicanContract,
    SeriesCounter,
    Signature,
    SigningCode,
    StateAid,
)
from terreau.funding.models.history import ForeignGrant, GrantSource
from terreau.funding.models.ledger import Movement, Posting
from terreau.funding.models.payments import BankAccount, Clawback, Instalment, Payment, PaymentRun
from terreau.funding.models.reports import (
    Report,
    ReportCount,
    ReportingRules,
    ReportLine,
    ReportReview,
    ReportSubmission,
    Visit,
)

__all__ = [
    "Agreement",
    "Amendment",
    "BankAccount",
    "Clause",
    "Clawback",
    "ForeignGrant",
    "GrantSource",
    "Instalment",
    "Movement",
    "Payment",
    "PaymentRun",
    "PaymentTerms",
    "Posting",
    "Report",
    "ReportCount",
    "ReportLine",
    "ReportReview",
    "ReportSubmission",
    "ReportingRules",
    "RepublicanContract",
    "SeriesCounter",
    "Signature",
    "SigningCode",
    "StateAid",
    "Visit",
]
