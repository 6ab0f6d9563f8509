"""A year of the barometer, closed from the office: by an officer, once, when it is over."""

from datetime import date

import pytest
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.engagement.models import BarometerEdition, Gift

pytestmark = pytest.mark.django_db
YEARS = "/bureau/barometre/"
SURE = {"sure": "on"}


@pytest.fixture
def officer(client):
    client.force_login(factories.person(Role.OFFICER))
    return client


def give(year, euros=100, *, confirmed=True):
    donor = factories.organisation(kind="company", legal_form="company")
    return Gift.objects.create(
        donor=donor,
        recipient=factories.organisation(),
        kind="money",
        amount_cents=euros * 100,
        given_on=date(year, 1, 1),
        confirmed_at=timezone.now() if confirmed else None,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_years_ask_as_much_of_the_base_for_one_as_for_three(officer, count, django_assert_num_queries):
    for year in range(2023, 2023 + count):
        give(year)
        give(year, confirmed=False)
    with django_assert_num_queries(6):
        page = officer.get(YEARS)
    told = [(row["told"].counting, row["told"].waiting) for row in page.context["rows"]]
    assert told == [(1, 1)] * count
    assert page.content.decode().count("Préparer l’édition") == count


def test_an_officer_reads_what_would_be_hidden_then_publishes_once(officer):
    for number in range(6):
        give(2025, 100 + number)
    give(2025, 90_000, confirmed=False)
    page = officer.get(f"{YEARS}2025/")
    rows = {str(row["label"]): (row["shown"], row["zero"], row["hidden"]) for row in page.context["tables"]}
    assert rows["Le total de l’année"] == (1, 0, 0)
    assert rows["Par nature"] == (1, 2, 0)
    assert "n’est pas confirmé" in page.content.decode()
    assert officer.post(f"{YEARS}2025/").status_code == 422, "not without the confirmation"
    assert not BarometerEdition.objects.exists()
    assert officer.post(f"{YEARS}2025/", SURE).status_code == 302
    first = BarometerEdition.objects.get()
    assert first.closed_by is not None
    again = officer.post(f"{YEARS}2025/", SURE, follow=True)
    assert "déjà publiée" in again.content.decode()
    assert "ne se publie plus" in again.content.decode()
    assert '<form method="post" novalidate' not in again.content.decode()
    assert BarometerEdition.objects.get() == first
    assert Entry.objects.filter(verb="close", subject_type="engagement.barometeredition").count() == 1


def test_a_year_that_hides_its_total_tells_no_figure(officer):
    give(2025, 7_531)
    page = officer.get(f"{YEARS}2025/").content.decode()
    assert "caché" in page
    assert "531" not in page


def test_neither_a_year_that_runs_nor_one_without_gifts(officer):
    now = timezone.localdate().year
    give(now)
    give(2022, confirmed=False)
    assert f"1er janvier {now + 1}" in officer.get(YEARS).content.decode()
    for where, status in ((now, 403), (2021, 404), (99_999, 404)):
        assert officer.get(f"{YEARS}{where}/").status_code == status
        assert officer.post(f"{YEARS}{where}/", SURE).status_code == status
    page = officer.post(f"{YEARS}2022/", SURE, follow=True).content.decode()
    assert "rien à publier" in page
    assert not BarometerEdition.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(Role.DELEGATE, 403), (Role.ADMINISTRATOR, 403), (Role.HOLDER, 404)])
def test_nobody_else_closes_a_year(client, role, status):
    give(2025)
    client.force_login(factories.person(role))
    for where in (YEARS, f"{YEARS}2025/"):
        assert client.get(where).status_code == status
        assert client.post(where, SURE).status_code == status
    assert not BarometerEdition.objects.exists()
