"""Who may do what about people and organisations. The role predicates serve every step of the path."""

from typing import Any

import rules

from terreau.accounts.models import (
    FUNDER_ROLES,
    MANAGING_ROLES,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    Role,
    User,
)


def holds(*roles: str) -> Any:
    """The predicate: this person has one of these roles today, somewhere."""

    def predicate(user: Any) -> bool:
        return isinstance(user, User) and user.is_active and user.has_role(*roles)

    return rules.predicate(predicate, name=f"holds:{','.join(roles)}")


is_officer = holds(Role.OFFICER)
is_delegate = holds(Role.DELEGATE)
is_juror = holds(Role.JUROR)
is_chair = holds(Role.CHAIR)
is_administrator = holds(Role.ADMINISTRATOR)
is_holder = holds(Role.HOLDER)
is_contact = holds(Role.CONTACT)
is_mentor = holds(Role.MENTOR)
is_staff = holds(*FUNDER_ROLES)


def _organisation(subject: Any) -> int | None:
    if isinstance(subject, Organisation):
        return subject.pk
    if isinstance(subject, Membership | Invitation | JoinRequest):
        return subject.organisation_id
    return None


def _roles(user: Any, subject: Any) -> set[str]:
    """The roles of this person in the organisation that the subject belongs to."""
    if not isinstance(user, User) or not user.is_active:
        return set()
    return {m.role for m in user.active_memberships if m.organisation_id == _organisation(subject)}


@rules.predicate
def belongs(user: Any, subject: Any) -> bool:
    return bool(_roles(user, subject))


@rules.predicate
def manages(user: Any, subject: Any) -> bool:
    """Acts for this organisation in a role that may invite colleagues, correct the identity, end an access."""
    return bool(_roles(user, subject) & MANAGING_ROLES)


@rules.predicate
def is_own(user: Any, subject: Any) -> bool:
    return bool(subject is not None and subject.user_id == user.pk)


@rules.predicate
def may_give_role(user: Any, subject: Any) -> bool:
    """An administrator's access is given and ended by administrators alone."""
    return subject.role != Role.ADMINISTRATOR or Role.ADMINISTRATOR in _roles(user, subject)


@rules.predicate
def concerns_funder(_user: Any, subject: Any) -> bool:
    return isinstance(subject, Organisation) and subject.kind == Organisation.Kind.FUNDER


manages_programme = is_officer | is_administrator

rules.add_perm("accounts.see_organisation", belongs | manages_programme)
rules.add_perm("accounts.correct_organisation", manages | (manages_programme & ~concerns_funder))
rules.add_perm("accounts.invite", manages)
rules.add_perm("accounts.revoke_invitation", manages)
rules.add_perm("accounts.answer_request", manages | manages_programme)
rules.add_perm("accounts.end_membership", is_own | (manages & may_give_role))
rules.add_perm("accounts.change_regions", manages)
rules.add_perm("accounts.enter_company", is_contact | is_mentor)
rules.add_perm("accounts.manage_staff", manages & concerns_funder)
rules.add_perm("accounts.read_journal", manages_programme)
rules.add_perm("accounts.resolve_mail", manages_programme)


def roles_to_give(user: User, organisation: Organisation) -> list[Role]:
    """The roles that this person may give in this organisation, in the order of the list of roles."""
    if organisation.kind == Organisation.Kind.FUNDER:
        roles = [r for r in Role if r in FUNDER_ROLES]
        return [r for r in roles if r != Role.ADMINISTRATOR or Role.ADMINISTRATOR in _roles(user, organisation)]
    first = Role.CONTACT if organisation.kind == Organisation.Kind.COMPANY else Role.HOLDER
    return [first, *(r for r in (Role.HOLDER, Role.CONTACT, Role.MENTOR) if r != first)]
