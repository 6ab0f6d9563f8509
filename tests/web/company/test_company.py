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
    assert client.get("/entreprise/").status_code == (302 if role in {Role.CONTACT, Role.MENTOR} else 404)


def test_one_sees_one_s_own_company_and_nobody_else_s(client):
    company = factories.organisation(kind=Organisation.Kind.COMPANY, name="Atelier Nord", legal_form="company")
    other = factories.membership(Role.CONTACT)
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    page = client.get("/entreprise/", follow=True).content.decode()
    assert "Atelier Nord" in page
    assert client.get(f"/entreprise/{other.organisation_id}/").status_code == 404
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
    with django_assert_num_queries(13):
        page = client.get(f"/entreprise/{company.pk}/").content.decode()
    assert page.count("Passerelle") == count
    assert "Pas encore annoncé" not in page
    assert "Ailleurs" not in page


def test_who_acts_for_several_firms_chooses_and_each_has_its_pages(client):
    first = factories.membership(Role.CONTACT, of=factories.organisation(name="Atelier Nord"))
    second = factories.membership(Role.MENTOR, of=factories.organisation(name="Forge Sud"), person=first.user)
    client.force_login(first.user)
    page = client.get("/entreprise/").content.decode()
    for membership in (first, second):
        assert f'href="/entreprise/{membership.organisation_id}/"' in page
        assert client.get(f"/entreprise/{membership.organisation_id}/").status_code == 200


def test_a_new_firm_lands_in_its_space_which_says_what_to_do_next(client):
    client.force_login(factories.user())
    typed = {"kind": "company", "name": "Forge Sud", "siret": factories.siret(), "legal_form": "company"}
    answer = client.post("/compte/organisations/nouvelle/", typed, follow=True)
    company = Organisation.objects.get(name="Forge Sud")
    assert answer.redirect_chain[-1][0] == f"/entreprise/{company.pk}/"
    page = answer.content.decode()
    assert 'aria-label="D’ici à un premier engagement"' in page
    assert f"/compte/organisations/{company.pk}/inviter/" in page
