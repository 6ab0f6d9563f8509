import pytest
from tests import factories

from terreau.accounts.models import Organisation, Role
from terreau.core.models import Entry
from terreau.engagement.models import CompanyProfile

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return factories.organisation(kind=Organisation.Kind.COMPANY, legal_form="company")


def test_three_answers_are_kept_and_the_consent_is_in_the_journal(client, company):
    factories.call()
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    said = {"themes": ["mobility"], "offers": ["visit", "money"], "is_listed": "yes", "naf": "6201z", "size": "micro"}
    assert client.post(f"/entreprise/{company.pk}/profil/", said).status_code == 302
    profile = CompanyProfile.objects.get(organisation=company)
    assert (profile.themes, profile.offers, profile.is_listed) == (["mobility"], ["money", "visit"], True)
    assert (profile.naf, profile.nomenclature, profile.size) == ("62.01Z", "NAFRev2", "micro")
    assert "Programmation informatique." in client.get(f"/entreprise/{company.pk}/profil/").content.decode()
    client.post(f"/entreprise/{company.pk}/profil/", said | {"is_listed": "no"})
    told = Entry.objects.filter(verb="profile_saved").order_by("pk").values_list("details__is_listed", flat=True)
    assert list(told) == [True, False]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"naf": "bois", "is_listed": "no"}, "naf"), ({"naf": ""}, "is_listed"), ({"themes": ["x"]}, "themes")],
)
def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_kept(client, company, said, field):
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    page = client.post(f"/entreprise/{company.pk}/profil/", said)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not CompanyProfile.objects.exists()


def test_a_mentor_reads_and_a_stranger_sees_nothing(client, company):
    client.force_login(factories.membership(Role.MENTOR, of=company).user)
    assert client.get(f"/entreprise/{company.pk}/profil/").status_code == 200
    assert client.post(f"/entreprise/{company.pk}/profil/", {"is_listed": "yes"}).status_code == 403
    client.force_login(factories.person(Role.CONTACT))
    assert client.get(f"/entreprise/{company.pk}/profil/").status_code == 404
