"""The jury as calibrated: for the chair alone, with what cannot be compared said."""

import pytest
from django.urls import reverse
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Recusal, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def window():
    return factories.call().windows.get()


@pytest.fixture
def chair(client):
    chair = factories.membership(Role.CHAIR)
    client.force_login(chair.user)
    return chair


def read(window, marks):
    """A file and its rendered readings: membership → score."""
    file = factories.application(of=window.call, state=State.IN_REVIEW)
    for juror, total in marks.items():
        Review.objects.create(application=file, juror=juror, state=ReviewState.DONE, total=total)
    return file


def address(window):
    return reverse("office:committee-jurors", args=[window.pk])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_questions_whatever_its_length(client, chair, window, rows, django_assert_num_queries):
    for _number in range(rows):
        read(window, {factories.membership(Role.JUROR): 60.0})
    with django_assert_num_queries(9):
        page = client.get(address(window)).content.decode()
    assert page.count("T25-") == rows


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OFFICER, 403), (Role.ADMINISTRATOR, 403), (Role.JUROR, 404), (Role.DELEGATE, 404)]
)
def test_nobody_else_sees_it(client, window, role, status):
    client.force_login(factories.person(role))
    assert client.get(address(window)).status_code == status


def test_the_severe_come_first_and_are_said_so(client, chair, window):
    severe, one, two = (factories.membership(Role.JUROR) for _n in range(3))
    for level in range(12):
        read(window, {severe: 20.0 + 3 * level, one: 50.0 + 3 * level, two: 51.0 + 3 * level})
    report = queries.jury_report(window)
    assert [row.severity for row in report.jurors] == ["severe", "lenient", "lenient"]
    assert report.jurors[0].juror == severe
    assert report.connected
    page = client.get(address(window)).content.decode()
    assert "note plus bas que les autres" in page
    assert "groupes qui" not in page


def test_groups_that_share_no_file_are_said_not_to_compare(client, chair, window):
    for _group in range(2):
        pair = [factories.membership(Role.JUROR) for _n in range(2)]
        for score in (40.0, 70.0):
            read(window, dict.fromkeys(pair, score))
    report = queries.jury_report(window)
    assert not report.connected
    assert sorted(file.rank for file in report.files) == [1, 1, 2, 2]
    assert sorted(file.raw_rank for file in report.files) == [1, 1, 2, 2]
    assert "groupes qui n’ont aucun dossier en commun" in client.get(address(window)).content.decode()


def test_the_chair_does_not_see_the_files_they_left_the_room_for(client, chair, window):
    juror = factories.membership(Role.JUROR)
    shown, left = read(window, {juror: 50.0}), read(window, {juror: 60.0})
    Recusal.objects.create(application=left, member=chair)
    page = client.get(address(window)).content.decode()
    assert shown.reference in page
    assert left.reference not in page
    assert left.title not in page


def test_nothing_rendered(client, chair, window):
    assert "Aucune lecture rendue" in client.get(address(window)).content.decode()
