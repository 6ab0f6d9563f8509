import pytest
from tests import factories
from tests.geography import grand_est

from terreau.accounts.models import Role
from terreau.engagement.models import CompanyProfile, Need, Proposal
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    made = factories.organisation(kind="company", legal_form="company", commune=grand_est()["commune:52121"])
    CompanyProfile.objects.create(organisation=made, offers=["visit"])
    return made


def proposed(company, call, **fields):
    project = factories.application(of=call, state=State.SELECTED, **fields)
    project.territories.add(company.commune)
    Need.objects.create(application=project, form="visit", title="Une visite")
    return Proposal.objects.create(
        application=project, company=company, reader="company", score=60, parts={"km": 0.4, "telling": ["offers"]}
    )


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_map_show_the_same_projects(client, company, count, django_assert_num_queries):
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    call = factories.call()
    for number in range(count):
        proposed(company, call, title=f"Passerelle {number}")
    with django_assert_num_queries(15):
        page = client.get(f"/entreprise/{company.pk}/projets/").content.decode()
    assert page.count("Cherché et proposé") == count
    assert page.count('href="#projet-') == count


def test_a_yes_leads_to_a_commitment_and_a_no_goes_under_the_answers(client, company):
    client.force_login(factories.membership(Role.CONTACT, of=company).user)
    call = factories.call()
    one, other = proposed(company, call), proposed(company, call)
    pages = f"/entreprise/{company.pk}/projets/"
    assert client.post(f"{pages}{one.pk}/", {"answer": "yes"}).status_code == 302
    client.post(f"{pages}{other.pk}/", {"answer": "no", "because": "form:visit", "reason": "Atelier fermé"})
    other.refresh_from_db()
    assert (other.because, other.about, other.reason) == ("form", "visit", "Atelier fermé")
    page = client.get(pages)
    assert page.context["cards"] == []
    assert len(page.context["answered"]) == 2
    commit = f"/entreprise/{company.pk}/engagements/nouveau/{one.application.reference}/"
    assert page.content.decode().count(commit) == 1


def test_a_proposal_of_another_firm_does_not_exist(client, company):
    stranger = factories.membership(Role.CONTACT)
    client.force_login(stranger.user)
    one = proposed(company, factories.call())
    assert client.get(f"/entreprise/{company.pk}/projets/").status_code == 404
    theirs = f"/entreprise/{stranger.organisation_id}/projets/{one.pk}/"
    assert client.post(theirs, {"answer": "yes"}).status_code == 404
    one.refresh_from_db()
    assert one.answer == ""
