"""A credit-transfer order and what the bank answers, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True)
class Account:
    """Who holds it, and its IBAN. A BIC is optional inside the SEPA area."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True)
class Payment:
    """One transfer. `reference` travels from end to end: the bank's answer names the payment by it."""

    reference: str
    cents: int
    creditor: Account
    remittance: str = ""


@dataclass(frozen=True)
class Order:
    """All the payments of a run, debited from one account. The same order always gives the same bytes."""

    reference: str
    made_at: datetime
    executes_on: date
    initiator: str
    debtor: Account
    payments: tuple[Payment, ...]
    initiator_id: str = ""
    one_debit: bool = True  # the bank books the run as a single debit

    @property
    def total_cents(self) -> int:
        return sum(payment.cents for payment in self.payments)


@dataclass(frozen=True)
class Change:
    """A text that the bank's characters or lengths do not let through as it was."""

    where: str
    before: str
    after: str


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"
    PENDING = "pending"


@dataclass(frozen=True)
class Answer:
    """What the bank says of one payment. `cents` is None where it does not repeat the amount."""

    reference: str
    verdict: Verdict
    status: str
    reason_code: str = ""
    reason: str = ""
    cents: int | None = None
    line: int = 0


@dataclass(frozen=True)
class BankReturn:
    """The bank's answers to one order. `whole` is what it says of the order where it names no payment."""

    answers: tuple[Answer, ...]
    order: str = ""
    whole: Answer | None = None

    def about(self, reference: str) -> Answer | None:
        """The answer to one payment: its own, or that given to the whole order."""
        own = next((a for a in self.answers if a.reference == reference), None)
        return own or self.whole
