"""Who reads what: the table, its boxes, one file, reminders."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.core.models import Mail
from terreau.projects.lifecycle import State
from terreau.selection import actions
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


@pytest.fixture
def file(window):
    return factories.application(of=window.call, state=State.ADMITTED)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_table_asks_the_same_questions_whatever_its_size(client, officer, window, rows, django_assert_num_queries):
    for _number in range(rows):
        juror = factories.membership(Role.JUROR)
        other = factories.application(of=window.call, state=State.ADMITTED)
        actions.assign_reviewers(other, [juror], by=officer)
    with django_assert_num_queries(14):
        page = client.get(reverse("office:reviewers", args=[window.pk]))
    assert page.content.decode().count('name="pairs"') == rows * rows - rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_windows(client, officer, rows, django_assert_num_queries):
    for _number in range(rows):
        factories.call()
    with django_assert_num_queries(5):
        page = client.get(reverse("office:assignments"))
    assert page.content.decode().count("/bureau/jury/") >= rows


@pytest.mark.parametrize("role", [Role.JUROR, Role.DELEGATE, Role.HOLDER])
def test_the_table_does_not_exist_for_others(client, window, file, role):
    client.force_login(factories.person(role))
    assert client.get(reverse("office:reviewers", args=[window.pk])).status_code == 404
    assert client.get(reverse("office:reviewers-file", args=[file.pk])).status_code == 404
    assert client.post(reverse("office:reviewers-assign", args=[window.pk])).status_code == 404


def test_the_chair_sees_and_does_not_assign(client, window, file):
    client.force_login(factories.person(Role.CHAIR))
    juror = factories.membership(Role.JUROR)
    assert 'name="pairs"' not in client.get(reverse("office:reviewers", args=[window.pk])).content.decode()
    boxes = {"pairs": [f"{file.pk}:{juror.pk}"]}
    assert client.post(reverse("office:reviewers-assign", args=[window.pk]), boxes).status_code == 403
    assert client.post(reverse("office:reviewers-file", args=[file.pk]), {"jurors": juror.pk}).status_code == 403


def test_ticked_boxes_become_readings_and_conflicts_are_said(client, officer, window, file):
    one, two, bound = (factories.membership(Role.JUROR) for _n in range(3))
    factories.membership(Role.HOLDER, person=bound.user, of=file.holder)
    second = factories.application(of=window.call, state=State.ADMITTED)
    page = client.get(reverse("office:reviewers", args=[window.pk])).content.decode()
    assert f"{file.pk}:{bound.pk}" not in page
    assert "conflit" in page
    boxes = [f"{file.pk}:{one.pk}", f"{file.pk}:{two.pk}", f"{second.pk}:{bound.pk}", "nonsense", "9999:1"]
    client.post(reverse("office:reviewers-assign", args=[window.pk]), {"pairs": boxes, "due_on": "2030-01-31"})
    assert Review.objects.count() == 3
    assert str(Review.objects.first().due_on) == "2030-01-31"
    forged = {"pairs": [f"{file.pk}:{bound.pk}"]}
    answer = client.post(reverse("office:reviewers-assign", args=[window.pk]), forged, follow=True)
    assert "lié·e" in answer.content.decode()
    assert Review.objects.count() == 3


def test_one_file_gains_and_loses_readers(client, officer, file):
    one, two = (factories.membership(Role.JUROR) for _n in range(2))
    address = reverse("office:reviewers-file", args=[file.pk])
    client.post(address, {"jurors": [one.pk, two.pk]})
    assert file.reviews.count() == 2
    actions.save_review(file.reviews.get(juror=two), {"impact": (1, "")}, None, by=two.user)
    client.post(address, {"jurors": []})
    assert file.reviews.get().juror == two


def test_files_without_readers_are_found(client, officer, window, file):
    read = factories.application(of=window.call, state=State.ADMITTED)
    actions.assign_reviewers(read, [factories.membership(Role.JUROR)], by=officer)
    page = client.get(reverse("office:reviewers", args=[window.pk]), {"manque": "1"}).content.decode()
    assert file.reference in page
    assert read.reference not in page


def test_the_late_are_reminded_from_the_page(client, officer, window, file):
    juror = factories.membership(Role.JUROR)
    actions.assign_reviewers(file, [juror], by=officer)
    address = reverse("office:reviewers-remind", args=[window.pk])
    assert "Personne n’est en retard" in client.post(address, follow=True).content.decode()
    Review.objects.update(due_on=timezone.localdate() - timedelta(1))
    assert "Relancer" in client.get(reverse("office:reviewers", args=[window.pk])).content.decode()
    for _twice in range(2):
        client.post(address)
    assert Mail.objects.filter(key__startswith="review-late").count() == 1
