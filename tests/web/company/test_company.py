import pytest
from tests import factories

from terreau.accounts.models import Organisation, Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_the_space_is_for_contacts_and_mentors(client, role):
    client.force_login(factories.person(role))
    assert client.get("/entreprise/").status_code == (200 if role in {Role.CONTACT, Role.MENTOR} else 403)


def test_one_sees_one_s_own_company_and_nobody_else_s(client):
    company = factories.organisation(kind=Organisation.Kind.COMPANY, name="Atelier Nord", legal_form="company")
    other = factories.membership(Role.CONTACT)
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    page = client.get("/entreprise/").content.decode()
    assert "Atelier Nord" in page
    assert other.organisation.name not in page
    assert "santé" not in page
