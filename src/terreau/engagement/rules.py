"""Who may do what with firms, needs, commitments, gifts and receipts, and when."""

from collections.abc import Callable
from typing import Any

import rules
from django.utils import timezone

from terreau.accounts.models import Role
from terreau.engagement.lifecycle import LOGGED, CommitmentState, Form, NeedState, ReceiptState, allows
from terreau.engagement.models import Commitment, Gift, Need, Receipt, Work
from terreau.engagement.rulebook.commitments import of as asked_of
from terreau.projects.lifecycle import State
from terreau.projects.rules import is_delegate, is_officer, may_edit, works_on


def acting_for(part: str, *roles: str) -> Any:
    """The person acts, in one of these roles, for the organisation that the thing names in `part`."""

    @rules.predicate(f"acts_for_its_{part}")
    def predicate(user: Any, thing: Any) -> bool:
        return any(m.organisation_id == getattr(thing, f"{part}_id") and m.role in roles for m in _memberships(user))

    return predicate


def _memberships(user: Any) -> list[Any]:
    return list(getattr(user, "active_memberships", []))


def of_its_project(predicate: Callable[..., bool], name: str) -> Any:
    """A predicate on applications, asked about the project of a need, a proposal or a commitment."""

    @rules.predicate(name)
    def asked(user: Any, thing: Any) -> bool:
        return thing is not None and thing.application is not None and bool(predicate(user, thing.application))

    return asked


def moving(kind: Any, verb: str) -> Any:
    """The table of moves lets this verb start from the thing's state."""

    @rules.predicate(f"{kind.__name__}_allows_{verb}")
    def asked(_user: Any, thing: Need | Commitment | Receipt | None) -> bool:
        return thing is not None and allows(kind, thing.state, verb)

    return asked


@rules.predicate
def is_its_contact(user: Any, company: Any) -> bool:
    """Answers for this firm; a mentor reads and logs hours."""
    return company is not None and any(
        m.organisation_id == company.pk and m.role == Role.CONTACT for m in _memberships(user)
    )


@rules.predicate
def is_supported(_user: Any, application: Any) -> bool:
    """A project whose selection its holder knows: firms may be sought and received."""
    return application is not None and application.shown_state == State.SELECTED


@rules.predicate
def is_unconfirmed(_user: Any, gift: Gift | None) -> bool:
    return gift is not None and gift.confirmed_at is None


@rules.predicate
def never_had_a_receipt(_user: Any, gift: Gift | None) -> bool:
    return gift is not None and not gift.receipts.exists()


@rules.predicate
def has_no_receipt(_user: Any, gift: Gift | None) -> bool:
    return gift is not None and not gift.receipts.filter(state=ReceiptState.ISSUED).exists()


@rules.predicate
def is_over(_user: Any, year: int | None) -> bool:
    """A calendar year of which no day is left."""
    return year is not None and year < timezone.localdate().year


for_company = acting_for("company", Role.CONTACT)
for_donor = acting_for("donor", Role.CONTACT)
for_recipient = acting_for("recipient", Role.HOLDER)
for_issuer = acting_for("issuer", Role.HOLDER)
holder_writes = of_its_project(may_edit, "holder_writes")
regional_team = of_its_project(works_on, "regional_team")
with_company = acting_for("company", Role.CONTACT, Role.MENTOR)


@rules.predicate
def answers_the_other_side(user: Any, commitment: Commitment | None) -> bool:
    """Nobody agrees to one's own proposal: the project to the firm's, the firm to the project's."""
    if commitment is None:
        return False
    return bool((holder_writes if commitment.proposed_by_company else for_company).test(user, commitment))


@rules.predicate
def is_told_by_the_structure(_user: Any, commitment: Commitment | None) -> bool:
    """The signed list has names: the structure keeps it, so the structure says that the visit took place."""
    return commitment is not None and any(ask.field == "is_list_kept" for ask in asked_of(commitment.form, "complete"))


@rules.predicate
def is_planned_immersion(_user: Any, commitment: Commitment | None) -> bool:
    return commitment is not None and commitment.form == Form.IMMERSION and commitment.state == CommitmentState.PLANNED


@rules.predicate
def counts_hours(_user: Any, commitment: Commitment | None) -> bool:
    """Time may be noted from the firm's yes until the structure attests it."""
    return commitment is not None and commitment.state in LOGGED


@rules.predicate
def wrote_it(user: Any, line: Work | None) -> bool:
    return line is not None and line.logged_by_id is not None and line.logged_by_id == user.pk


rules.add_perm("engagement.tell_profile", is_its_contact)
rules.add_perm("engagement.seek", may_edit & is_supported)
rules.add_perm("engagement.change_need", holder_writes)
for _verb in ("fill", "close", "reopen"):
    rules.add_perm(f"engagement.{_verb}_need", holder_writes & moving(NeedState, _verb))
rules.add_perm("engagement.answer_for_company", for_company)
rules.add_perm("engagement.answer_for_project", holder_writes)
rules.add_perm("engagement.introduce", regional_team)
rules.add_perm("engagement.see_basin", is_delegate | is_officer)
rules.add_perm("engagement.agree_commitment", answers_the_other_side & moving(CommitmentState, "agree"))
for _verb in ("plan", "withdraw"):
    rules.add_perm(f"engagement.{_verb}_commitment", (for_company | holder_writes) & moving(CommitmentState, _verb))
rules.add_perm(
    "engagement.complete_commitment",
    (holder_writes | (for_company & ~is_told_by_the_structure)) & moving(CommitmentState, "complete"),
)
rules.add_perm("engagement.sign_commitment", (for_company | holder_writes) & is_planned_immersion)
rules.add_perm("engagement.acknowledge_commitment", holder_writes & moving(CommitmentState, "acknowledge"))
rules.add_perm("engagement.log_work", with_company & counts_hours)
rules.add_perm("engagement.strike_work", wrote_it)
rules.add_perm("engagement.confirm_gift", for_recipient & is_unconfirmed)
rules.add_perm("engagement.correct_gift", (for_donor | for_recipient) & has_no_receipt)
rules.add_perm("engagement.withdraw_gift", (for_donor | for_recipient) & never_had_a_receipt)
rules.add_perm("engagement.issue_receipt", for_recipient & has_no_receipt)
rules.add_perm("engagement.void_receipt", for_issuer & moving(ReceiptState, "void"))
rules.add_perm("engagement.see_barometer_years", is_officer)
rules.add_perm("engagement.publish_barometer", is_officer & is_over)
