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
from terreau.funding.models.ledger import Movement, Posting
from terreau.funding.models.payments import BankAccount, Clawback, Instalment, Payment, PaymentRun

__all__ = [
    "Agreement",
    "Amendment",
    "BankAccount",
    "Clause",
    "Clawback",
    "Instalment",
    "Movement",
    "Payment",
    "PaymentRun",
    "PaymentTerms",
    "Posting",
    "RepublicanContract",
    "SeriesCounter",
    "Signature",
    "SigningCode",
    "StateAid",
]
