import pytest
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.engagement.models import CompanyProfile, Need, Proposal
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db
VISIT = {"form": "visit", "title": "Deux visites", "wanted": "2"}


@pytest.fixture
def project():
    return factories.application(owner=factories.membership(Role.HOLDER), state=State.SELECTED)


@pytest.fixture
def owner(client, project):
    client.force_login(project.collaborators.get().membership.user)
    return client


def test_a_need_is_written_filled_withdrawn_and_sought_again(owner, project):
    board = f"/dossiers/{project.reference}/partenaires/"
    assert owner.post(f"{board}besoins/nouveau/", VISIT | {"starts_on": "2027-01-10"}).status_code == 302
    need = Need.objects.get()
    for verb, state in (("fill", "filled"), ("close", "closed"), ("reopen", "open")):
        assert owner.post(f"{board}besoins/{need.pk}/{verb}/").status_code == 302
        need.refresh_from_db()
        assert need.state == state
    assert owner.post(f"{board}besoins/{need.pk}/reopen/").status_code == 403
    assert owner.post(f"{board}besoins/{need.pk}/burn/").status_code == 404
    owner.post(f"{board}besoins/{need.pk}/", VISIT | {"title": "Trois visites"})
    assert "Trois visites" in owner.get(board).content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"form": ""}, "form"),
        ({"title": " "}, "title"),
        ({"wanted": "-1"}, "wanted"),
        ({"starts_on": "2027-02-01", "ends_on": "2027-01-01"}, "__all__"),
    ],
)
def test_what_makes_no_sense_is_told_and_what_was_typed_stays(owner, project, wrong, told):
    page = owner.post(f"/dossiers/{project.reference}/partenaires/besoins/nouveau/", VISIT | wrong)
    assert page.status_code == 422
    assert told in page.context["form"].errors
    assert not Need.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_asks_as_much_of_the_base_for_one_row_as_for_three(owner, project, count, django_assert_num_queries):
    for number in range(count):
        Need.objects.create(application=project, form="money", title=f"Don {number}")
        company = factories.organisation(name=f"Scierie {number}", kind="company")
        CompanyProfile.objects.create(organisation=company, is_listed=True)
        pair = {"application": project, "company": company, "score": 60, "parts": {"km": 3.2, "telling": ["distance"]}}
        Proposal.objects.create(reader="project", **pair)
        Proposal.objects.create(reader="company", answer="yes", answered_at=timezone.now(), **pair)
    with django_assert_num_queries(12):
        page = owner.get(f"/dossiers/{project.reference}/partenaires/").content.decode()
    assert page.count("À 3 km") == count
    assert page.count("veut bien vous rencontrer") == count


def test_a_firm_is_accepted_or_refused_from_the_board(owner, project):
    company = factories.organisation(kind="company")
    CompanyProfile.objects.create(organisation=company, is_listed=True)
    one = Proposal.objects.create(reader="project", application=project, company=company, score=60)
    where = f"/dossiers/{project.reference}/partenaires/propositions/{one.pk}/"
    owner.post(where, {"answer": "no", "because": "theme:mobility"})
    one.refresh_from_db()
    assert (one.answer, one.because, one.about) == ("no", "theme", "mobility")
    company.company_profile.is_listed = False
    company.company_profile.save()
    assert owner.post(where, {"answer": "yes"}).status_code == 404, "who left the list is not contacted"


def test_a_decision_that_is_not_announced_has_no_board(owner, project):
    project.announced_at = None
    project.save()
    assert owner.get(f"/dossiers/{project.reference}/partenaires/").status_code == 404
