import pytest
from django.contrib.auth.models import AnonymousUser
from tests import factories

from terreau.accounts import rules
from terreau.accounts.models import Role

pytestmark = pytest.mark.django_db

PREDICATES = {
    Role.OFFICER: rules.is_officer,
    Role.DELEGATE: rules.is_delegate,
    Role.JUROR: rules.is_juror,
    Role.CHAIR: rules.is_chair,
    Role.ADMINISTRATOR: rules.is_administrator,
    Role.HOLDER: rules.is_holder,
    Role.CONTACT: rules.is_contact,
    Role.MENTOR: rules.is_mentor,
}
MANAGERS = {Role.OFFICER, Role.ADMINISTRATOR, Role.HOLDER, Role.CONTACT}
PROGRAMME = {Role.OFFICER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_predicate_and_no_other(role):
    person = factories.person(role)
    assert [r for r, holds in PREDICATES.items() if holds(person)] == [role]
    assert rules.is_staff(person) == (role not in {Role.HOLDER, Role.CONTACT, Role.MENTOR})


@pytest.mark.parametrize("role", Role)
def test_each_role_in_its_own_organisation(role):
    mine = factories.membership(role)
    user, own = mine.user, mine.organisation
    assert user.has_perm("accounts.see_organisation", own)
    for perm in ("invite", "correct_organisation", "change_regions"):
        assert user.has_perm(f"accounts.{perm}", own) == (role in MANAGERS), perm
    assert user.has_perm("accounts.manage_staff", own) == (role in PROGRAMME)
    assert user.has_perm("accounts.end_membership", mine)
    colleague = factories.membership(Role.MENTOR, of=own)
    assert user.has_perm("accounts.end_membership", colleague) == (role in MANAGERS)


@pytest.mark.parametrize("role", Role)
def test_each_role_in_somebody_else_s_organisation(role):
    user, other = factories.person(role), factories.membership()
    for perm in ("see_organisation", "correct_organisation"):
        assert user.has_perm(f"accounts.{perm}", other.organisation) == (role in PROGRAMME), perm
    for perm, subject in (
        ("invite", other.organisation),
        ("manage_staff", other.organisation),
        ("end_membership", other),
    ):
        assert not user.has_perm(f"accounts.{perm}", subject), perm
    for perm in ("read_journal", "resolve_mail"):
        assert user.has_perm(f"accounts.{perm}") == (role in PROGRAMME), perm


def test_an_officer_neither_makes_nor_ends_an_administrator():
    officer, administrator = factories.membership(Role.OFFICER), factories.membership(Role.ADMINISTRATOR)
    assert not officer.user.has_perm("accounts.end_membership", administrator)
    assert administrator.user.has_perm("accounts.end_membership", officer)
    assert Role.ADMINISTRATOR not in rules.roles_to_give(officer.user, officer.organisation)
    assert Role.ADMINISTRATOR in rules.roles_to_give(administrator.user, administrator.organisation)


def test_nobody_is_nobody():
    assert not any(holds(AnonymousUser()) for holds in PREDICATES.values())
    assert not AnonymousUser().has_perm("accounts.invite", factories.organisation())
    gone = factories.person(Role.ADMINISTRATOR)
    gone.is_active = False
    assert not gone.has_perm("accounts.read_journal")
