"""SEPA credit transfers as files: the order that goes to the bank, and the bank's answer. Pure values on both sides."""

from terreau.funding.rulebook.sepa.checking import check_bic, check_iban, faults, ready
from terreau.funding.rulebook.sepa.returns import read
from terreau.funding.rulebook.sepa.values import Account, Answer, BankReturn, Change, Order, Payment, Verdict
from terreau.funding.rulebook.sepa.writing import write

__all__ = [
    "Account",
    "Answer",
    "BankReturn",
    "Change",
    "Order",
    "Payment",
    "Verdict",
    "check_bic",
    "check_iban",
    "faults",
    "read",
    "ready",
    "write",
]
