import pytest
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Organisation, Role
from terreau.projects.lifecycle import State
from terreau.territories.models import Level, Territory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_the_space_is_for_contacts_and_mentors(client, role):
    client.force_login(factories.person(role))
    assert client.get("/entreprise/").status_code == (200 if role in {Role.CONTACT, Role.MENTOR} else 404)


def test_one_sees_one_s_own_company_and_nobody_else_s(client):
    company = factories.organisation(kind=Organisation.Kind.COMPANY, name="Atelier Nord", legal_form="company")
    other = factories.membership(Role.CONTACT)
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    page = client.get("/entreprise/").content.decode()
    assert "Atelier Nord" in page
    assert other.organisation.name not in page
    assert "santé" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_announced_projects_of_the_region_are_listed(client, count, django_assert_num_queries):
    east = factories.region()
    town = Territory.objects.create(level=Level.COMMUNE, code="68224", name="Mulhouse", region=east)
    company = factories.organisation(kind=Organisation.Kind.COMPANY, legal_form="company", commune=town)
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    call = factories.call()
    shown = {"of": call, "state": State.SELECTED, "announced_at": timezone.now(), "region": east}
    for number in range(count):
        factories.application(title=f"Passerelle {number}", **shown)
    factories.application(title="Pas encore annoncé", **shown | {"announced_at": None})
    factories.application(title="Ailleurs", **shown | {"region": factories.region("93", "Sud")})
    with django_assert_num_queries(8):
        page = client.get("/entreprise/").content.decode()
    assert page.count("Passerelle") == count
    assert "Pas encore annoncé" not in page
    assert "Ailleurs" not in page
