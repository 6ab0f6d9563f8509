"""The envelope page: every euro at one place, whatever it is divided by."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests import factories
from tests.funding.paid import agreements, first_instalments, officer

from terreau.core.moves import Refused
from terreau.funding.actions.bank_returns import settle_by_hand
from terreau.funding.actions.envelope import set_apart
from terreau.funding.actions.ledger import post
from terreau.funding.actions.payment_runs import approve_run, prepare_run, send_run
from terreau.funding.lifecycle import Account, Cause
from terreau.funding.models import Clawback, Movement
from terreau.funding.queries import envelope as queries

EACH = 1_000_000


@pytest.fixture
def one(client, db):
    person = officer()
    client.force_login(person)
    return person


@pytest.fixture
def made(one):
    """Files of two regions and of one, two or no themes; one paid and giving back; some money set apart."""
    of = factories.call()
    made = agreements(2, of=of, region=factories.region(), themes=["mentoring", "mobility"])
    run = prepare_run(of.funder, first_instalments(made), executes_on=timezone.localdate(), by=one)
    send_run(approve_run(run, by=officer()), by=one)
    settle_by_hand(run, list(run.payments.all()), on=timezone.localdate(), by=one)
    window = of.windows.get()
    claim = Clawback.objects.create(agreement=made[0], amount_cents=100_001, reason="Écart", due_on=date(2025, 9, 1))
    for cause in (Cause.CLAIM, Cause.RECOVER):
        post(cause, key=f"{cause}:{claim.pk}", window=window, cents=100_001, agreement=made[0], by=one)
    set_apart(window, 7_000, note="Frais", token="a", by=one)
    return made


def shown(one):
    windows = list(queries.windows_of(one))
    return queries.envelope(windows, {"mentoring": "Parrainage", "mobility": "Mobilité"})


def test_every_division_adds_up_to_the_envelope(made, one):
    found = shown(one)
    budget = made[0].application.window.envelope_cents
    assert found.total.budget_cents == budget == sum(row.budget_cents for row in found.windows)
    for rows in (found.regions, found.themes):
        for account in queries.STANDING:
            parts = sum(row.accounts[account] for row in [*rows, found.unassigned])
            assert parts == found.total.accounts[account], account
        assert sum(row.requested_cents for row in rows) == 2 * EACH
        assert sum(row.given_back_cents for row in rows) == found.total.given_back_cents == 100_001
    assert found.unassigned.accounts[Account.RESERVED] == 7_000
    assert [row.files for row in found.themes] == [2, 2]
    (whole,) = queries.by_edition(list(queries.windows_of(one)))
    assert whole.standing == found.total.standing
    assert whole.files == found.total.files > 0


@given(cents=st.integers(0, 10**12), parts=st.integers(1, 9))
def test_even_parts_add_up_and_differ_by_a_cent_at_most(cents, parts):
    shares = queries.even(cents, parts)
    assert sum(shares) == cents
    assert max(shares) - min(shares) <= 1


def test_what_comes_is_told_by_month_and_what_is_late_now(made, one):
    months = queries.forecast(list(queries.windows_of(one)), date(2025, 12, 20))
    assert [(m.month, m.cents) for m in months] == [(date(2025, 12, 1), EACH)]
    months = queries.forecast(list(queries.windows_of(one)), date(2025, 1, 1))
    assert [m.month.month for m in months] == [12]
    assert months[0].due_cents == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_for_one_file_and_for_three(client, one, number, django_assert_num_queries):
    agreements(number, themes=["mobility"])
    client.get(reverse("office:envelope"))
    with django_assert_num_queries(12):
        assert client.get(reverse("office:envelope")).status_code == 200
    with django_assert_num_queries(8):
        assert client.get(reverse("office:envelope-editions")).status_code == 200


def test_a_sum_is_set_apart_once_whatever_is_clicked(client, made, one):
    window = made[0].application.window
    typed = {"window": window.pk, "amount": "1 000,50", "note": "Réserve de fin d’année", "token": "t", "back": ""}
    for _ in range(2):
        assert client.post(reverse("office:envelope-reserve"), typed).status_code == 302
    assert shown(one).total.accounts[Account.RESERVED] == 7_000 + 100_050
    page = client.post(reverse("office:envelope-reserve"), typed | {"back": "back", "amount": "9 999", "token": "u"})
    assert page.status_code == 422
    assert "réservé" in page.content.decode()
    with pytest.raises(Refused):
        set_apart(window, 10**12, note="Trop", token="v", by=one)
    assert client.post(reverse("office:envelope-reserve"), typed | {"amount": "-3"}).status_code == 422
    assert Movement.objects.filter(cause=Cause.RESERVE).count() == 2


def test_the_files_say_what_the_page_says(client, made, one):
    answer = client.get(reverse("office:envelope-csv"), {"edition": 2025})
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert lines[0]["Budgété"] == "2000000"
    assert {line["Selon"] for line in lines} == {"Total", "Période", "Région principale", "Thème"}
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("office:envelope-xlsx")).getvalue()))
    assert book.active.max_row == len(lines) + 1


def test_a_voted_file_without_a_signed_agreement_is_what_a_lapse_would_free(made, one):
    file = factories.application(of=made[0].application.call, state="selected")
    window = made[0].application.window
    post(Cause.VOTE, key="v", window=window, cents=5_000, application=file, by=one)
    windows = list(queries.windows_of(one))
    assert shown(one).unsigned == 1
    assert [f.voted_cents for f in queries.unsigned_files(windows)] == [5_000]
