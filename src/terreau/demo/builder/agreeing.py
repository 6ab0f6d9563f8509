"""An agreement from its draft to its second signature, and the amendments of two of them."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from terreau.accounts.models import User
from terreau.core.models import Mail
from terreau.demo import identifiers
from terreau.demo.builder.cast import Cast
from terreau.demo.builder.filing import Filed
from terreau.demo.papers import paper
from terreau.demo.turns import Course
from terreau.demo.words import told_later
from terreau.funding import actions, queries
from terreau.funding.actions.bank_accounts import check_account, enter_account
from terreau.funding.actions.proofs import TEXT
from terreau.funding.models import Agreement, Amendment, Clause, SigningCode
from terreau.funding.rulebook.calendar import add_months
from terreau.funding.rulebook.schedule import DEFAULT
from terreau.projects.rulebook import Line

DIRECTOR, FOR_THE_FUNDER = "administration", "directeur du programme"
FOR_THE_HOLDER = "par délégation du conseil d’administration"
BROWSER = {"address": "192.0.2.24", "agent": "Navigateur de démonstration"}  # an address of documentation, RFC 5737
CODE = re.compile(r": (\d{6})$", re.MULTILINE)


@dataclass
class Signed:
    """An agreement that lives, with who plays in it."""

    filed: Filed
    course: Course
    agreement: Agreement
    cast: Cast

    @property
    def number(self) -> int:
        return self.filed.project.plan.number

    @property
    def owner(self) -> User:
        return self.filed.owner


def set_terms(cast: Cast, by: User) -> None:
    """The funder's clauses and its schedule, before the first agreement; and the account it pays from."""
    actions.seed_clauses(cast.funder, by=cast.officer)
    actions.publish_clauses(list(Clause.objects.filter(funder=cast.funder, published_at=None)), by=by)
    actions.set_payment_terms(
        cast.funder, applies_from=DEFAULT.since, parts=DEFAULT.parts, source=DEFAULT.source, by=cast.officer
    )
    account = enter_account(cast.funder, cast.funder.name, identifiers.iban(1), by=cast.officer)
    check_account(account, by=by)


def draft(filed: Filed, course: Course, cast: Cast) -> Signed:
    """Drawn from the decision, read again by the office, offered under its number."""
    agreement = actions.draft_agreement(filed.application, by=cast.officer)
    if (agreement.starts_on, agreement.ends_on) != (course.starts_on, course.ends_on):
        agreement = actions.edit_agreement(
            agreement, starts_on=course.starts_on, ends_on=course.ends_on, by=cast.officer
        )
    return Signed(filed, course, actions.offer(agreement, by=cast.officer), cast)


def answer(signed: Signed, when: datetime) -> None:
    """The holder proves its republican contract where one is asked, signs, and says where to pay."""
    agreement, holder = signed.agreement, signed.filed.project.structure
    if queries.lacks_contract(agreement, when.date()):
        actions.record_contract(
            agreement,
            signed_on=(when - timedelta(days=40)).date(),
            signatory=str(signed.owner),
            version=TEXT,
            upload=paper("Contrat d’engagement républicain", holder.name, "contrat"),
            by=signed.owner,
        )
    sign(agreement, "holder", FOR_THE_HOLDER, signed.owner)
    enter_account(agreement.holder, holder.name, identifiers.iban(100 + signed.number), by=signed.owner)


def countersign(signed: Signed) -> None:
    """The funder signs: the agreement is made, its first part is due; the office checks the account."""
    sign(signed.agreement, "funder", FOR_THE_FUNDER, signed.cast.visitors[DIRECTOR])
    check_account(signed.agreement.holder.bank_accounts.get(replaced_at=None), by=signed.cast.officer)
    signed.agreement.refresh_from_db()


def sign(target: Agreement | Amendment, party: str, capacity: str, by: User) -> None:
    """With the code that came by e-mail."""
    figures = _received(actions.send_code(target, by=by))
    actions.sign_with_code(target, figures, party=party, signatory=str(by), capacity=capacity, client=BROWSER, by=by)


def _received(code: SigningCode) -> str:
    found = CODE.search(Mail.objects.get(key=f"signing-code:{code.pk}").body)
    if found is None:
        raise ValueError("No code in the message that was sent.")
    return found[1]


def amend(signed: Signed) -> Amendment:
    """Six months more, and a budget that moves money from the running costs to the people who follow."""
    agreement = signed.agreement
    return actions.ask_amendment(
        agreement,
        reason=told_later()["amendment"]["reason"],
        ends_on=add_months(agreement.ends_on, 6),
        budget=_moved(queries.budget_of(agreement)),
        by=signed.owner,
    )


def conclude(signed: Signed, amendment: Amendment) -> None:
    """Accepted by the office, signed by both."""
    amendment = actions.approve_amendment(amendment, answer=told_later()["amendment"]["answer"], by=signed.cast.officer)
    sign(amendment, "holder", FOR_THE_HOLDER, signed.owner)
    sign(amendment, "funder", FOR_THE_FUNDER, signed.cast.visitors[DIRECTOR])
    signed.agreement.refresh_from_db()


def ask_for_longer(signed: Signed) -> Amendment:
    """Three months more: asked, not answered yet."""
    ends_on = add_months(signed.agreement.ends_on, 3)
    return actions.ask_amendment(
        signed.agreement, reason=told_later()["amendment"]["asked"], ends_on=ends_on, by=signed.owner
    )


def _moved(lines: list[Line]) -> list[Line]:
    """A quarter of the largest running cost goes to the largest line of people."""
    expenses: list[Any] = [x for x in lines if x.rubric.startswith("6")]
    to = max((x for x in expenses if x.rubric == "64"), key=lambda x: x.amount_cents)
    source = max((x for x in expenses if x.rubric != "64"), key=lambda x: x.amount_cents)
    cents = source.amount_cents // 4 // 1000 * 1000
    changed = {id(to): cents, id(source): -cents}
    return [replace(x, amount_cents=x.amount_cents + changed.get(id(x), 0)) for x in lines]
