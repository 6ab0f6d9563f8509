"""The whole distribution: asked, shown, written once; and what stands in its way, in words."""

import re

import pytest
from django.urls import reverse
from tests import factories

from terreau.accounts.models import Role
from terreau.core.models import Mail
from terreau.projects.lifecycle import State
from terreau.selection import actions, queries
from terreau.selection.models import Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    return officer


@pytest.fixture
def window():
    return factories.call().windows.get()


def file_of(window, **fields):
    return factories.application(of=window.call, **{"state": State.ADMITTED} | fields)


def address(window):
    return reverse("office:reviewers-distribution", args=[window.pk])


def accepted(page, **changes):
    """What the button of the shown proposal posts."""
    text = page.content.decode()
    inner = text[text.index('<input type="hidden" name="digest"') :]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return dict(fields) | {"digest": re.search(r'value="(\w+)"', inner).group(1)} | changes


@pytest.mark.parametrize("rows", [1, 3])
def test_the_proposal_asks_the_same_questions_whatever_its_size(
    client, officer, window, rows, django_assert_num_queries
):
    for _number in range(rows):
        juror = factories.membership(Role.JUROR)
        actions.assign_reviewers(file_of(window), [juror], by=officer)
    with django_assert_num_queries(19):
        page = client.get(address(window), {"reviews": 1, "load": 5})
    assert page.content.decode().count("T25-") >= rows


@pytest.mark.parametrize(
    ("role", "status"), [(Role.CHAIR, 403), (Role.ADMINISTRATOR, 403), (Role.JUROR, 404), (Role.DELEGATE, 404)]
)
def test_only_officers_write_it(client, window, role, status):
    client.force_login(factories.person(role))
    assert client.post(address(window), {"reviews": 1, "load": 1}).status_code == status


def test_shown_first_then_written_once_with_one_message_each(client, officer, window):
    jurors = [factories.membership(Role.JUROR) for _n in range(3)]
    for _number in range(3):
        file_of(window)
    page = client.get(address(window), {"reviews": 2, "load": 2})
    assert "Confier ces lectures" in page.content.decode()
    assert "Prouvé" in page.content.decode()
    assert not Review.objects.exists()
    answer = client.post(address(window), accepted(page, due_on="2030-01-31"), follow=True)
    assert "6 lectures confiées" in answer.content.decode()
    assert sorted(Review.objects.values_list("juror", flat=True)) == sorted([j.pk for j in jurors] * 2)
    assert {str(review.due_on) for review in Review.objects.all()} == {"2030-01-31"}
    assert Mail.objects.filter(key__startswith="review-assigned").count() == 3
    assert window.applications.filter(state=State.IN_REVIEW).count() == 3
    again = client.get(address(window), {"reviews": 2, "load": 2}).content.decode()
    assert "Rien à changer" in again


def test_a_proposal_that_is_out_of_date_is_shown_anew_and_not_written(client, officer, window):
    factories.membership(Role.JUROR)
    file_of(window)
    page = client.get(address(window), {"reviews": 1, "load": 1})
    file_of(window)
    factories.membership(Role.JUROR)
    answer = client.post(address(window), accepted(page))
    assert answer.status_code == 409
    assert "entre-temps" in answer.content.decode()
    assert not Review.objects.exists()


def test_what_cannot_be_is_said_with_its_files(client, officer, window):
    bound = factories.membership(Role.JUROR)
    file = file_of(window)
    factories.membership(Role.HOLDER, person=bound.user, of=file.holder)
    page = client.get(address(window), {"reviews": 1, "load": 5}).content.decode()
    assert "Aucune répartition ne respecte" in page
    assert file.reference in page
    assert "conflit d’intérêts" in page
    assert "Confier ces lectures" not in page


def test_loads_that_cannot_hold_name_the_jurors(client, officer, window):
    juror = factories.membership(Role.JUROR)
    for _number in range(2):
        file_of(window)
    page = client.get(address(window), {"reviews": 1, "load": 1}).content.decode()
    assert "à leur limite" in page
    assert str(juror.user) in page


def test_a_need_that_nobody_meets_is_named(client, officer, window):
    for _number in range(2):
        factories.membership(Role.JUROR)
    file_of(window, region=factories.region())
    page = client.get(address(window), {"reviews": 1, "load": 5, "local": "on"}).content.decode()
    assert "Au moins un juré qui connaît Grand Est : le jury en compte 0." in page


def test_odd_values_are_told_and_nothing_is_computed(client, officer, window):
    file_of(window)
    assert "invitez-en" in client.get(address(window), {"reviews": 1, "load": 5}).content.decode()
    factories.membership(Role.JUROR)
    assert "moins de jurés" in client.get(address(window), {"reviews": 2, "load": 5}).content.decode()
    assert 'name="digest"' not in client.get(address(window), {"reviews": "x", "load": ""}).content.decode()
    assert client.post(address(window), {"reviews": "x"}).status_code == 422


def test_the_office_and_the_juror_keep_one_profile(client, officer, window):
    juror, region = factories.membership(Role.JUROR), factories.region()
    siren = factories.siret()[:9]
    data = {"themes": ["mentoring"], "regions": [region.pk], "sirens": siren, "wanted_load": 4, "expertise": "Emploi"}
    assert client.post(reverse("office:reviewers-profile", args=[juror.pk]), data).status_code == 302
    client.force_login(juror.user)
    page = client.get(reverse("jury:profile")).content.decode()
    assert siren in page
    assert "Emploi" in page
    wrong = client.post(reverse("jury:profile"), data | {"sirens": "123"})
    assert wrong.status_code == 422
    assert client.post(reverse("jury:profile"), data | {"wanted_load": 2}).status_code == 302
    assert juror.juror_profile.wanted_load == 2
    assert queries.assignment_instance(window, queries.Terms(load=9)).instance.load.tolist() == [2]


def test_a_profile_is_nobody_elses(client, officer):
    other = factories.membership(Role.JUROR, of=factories.organisation(kind="funder"))
    assert client.get(reverse("office:reviewers-profile", args=[other.pk])).status_code == 404
    client.force_login(other.user)
    mine = factories.membership(Role.JUROR)
    assert client.get(reverse("jury:profile"), {"pour": mine.pk}).status_code == 404
    client.force_login(factories.person(Role.CHAIR))
    assert client.get(reverse("jury:profile")).status_code == 404
