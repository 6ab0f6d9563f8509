"""The files in reserve after the seal: everybody who sits reads them, the chair alone settles them."""

import pytest
from django.urls import reverse
from tests import factories

from terreau.accounts.models import Role
from terreau.funding.actions import ledger
from terreau.funding.lifecycle import Account, Cause
from terreau.funding.queries.balances import balances
from terreau.projects.lifecycle import State
from terreau.selection import actions
from terreau.selection.models import Decision, Letter, Recusal

pytestmark = pytest.mark.django_db
EACH = 5_000_000


@pytest.fixture
def chair(client):
    chair = factories.membership(Role.CHAIR)
    client.force_login(chair.user)
    return chair


def sealed(chair, waiting=1, envelope=2 * EACH):
    """A committee with one file selected and some in reserve; the letters have left."""
    one = factories.call()
    one.windows.update(envelope_cents=envelope)
    committee = actions.convene(one.windows.get(), by=chair.user)
    for n in range(waiting + 1):
        file = factories.application(of=one, state=State.IN_REVIEW, region=factories.region(), requested_cents=EACH)
        actions.propose(committee, file, "reserve" if n else "selected", by=chair.user)
    committee = actions.seal(committee, by=chair.user)
    Letter.objects.update(state="posted")
    return committee


def listed(committee):
    return reverse("office:committee-reserve", args=[committee.window_id])


def settled(committee, file):
    return reverse("office:committee-settle", args=[committee.window_id, file.pk])


def waiting(committee):
    return Decision.objects.filter(committee=committee, outcome="reserve").first().application


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_questions_whatever_its_length(client, chair, rows, django_assert_num_queries):
    committee = sealed(chair, rows)
    with django_assert_num_queries(16):
        page = client.get(listed(committee)).content.decode()
    assert page.count("Donner suite") == rows


def test_the_chair_settles_a_file_and_a_mistake_keeps_what_was_typed(client, chair):
    committee = sealed(chair)
    file = waiting(committee)
    typed = {"outcome": "selected", "amount": "40 000", "reason": ""}
    answer = client.post(settled(committee, file), typed)
    assert answer.status_code == 422
    assert 'value="40 000"' in answer.content.decode()
    page = client.post(settled(committee, file), typed | {"reason": "Une convention caduque."}, follow=True)
    assert "La décision est scellée" in page.content.decode()
    assert Decision.objects.get(follows__isnull=False).amount_cents == 4_000_000
    assert client.post(settled(committee, file), typed).status_code == 404
    page = client.get(reverse("office:committee", args=[committee.window_id])).content.decode()
    assert "Une convention caduque." in page
    page = client.get(reverse("office:committee-file", args=[committee.window_id, file.pk])).content.decode()
    assert "Une convention caduque." in page


def test_others_read_and_a_recused_chair_sees_nothing(client, chair):
    committee = sealed(chair)
    file = waiting(committee)
    Recusal.objects.create(application=file, member=chair)
    assert file.reference not in client.get(listed(committee)).content.decode()
    assert client.post(settled(committee, file), {}).status_code == 404
    client.force_login(factories.person(Role.OFFICER))
    page = client.get(listed(committee)).content.decode()
    assert file.reference in page
    assert "Donner suite" not in page
    assert client.post(settled(committee, file), {}).status_code == 403


def test_a_grant_that_lapsed_in_the_ledger_may_be_granted_again(client, chair):
    committee = sealed(chair, envelope=EACH)
    file = waiting(committee)
    ledger.take_up(committee, by=chair.user)
    typed = {"outcome": "selected", "reason": "Une convention caduque."}
    assert client.post(settled(committee, file), typed).status_code == 422
    lapsed = Decision.objects.get(outcome="selected").application
    ledger.post(Cause.LAPSE, key=f"lapse:{lapsed.pk}", window=committee.window, cents=EACH, application=lapsed, by=None)
    assert "libérés depuis le comité" in client.get(listed(committee)).content.decode()
    client.post(settled(committee, file), typed)
    there = balances(committee.window)
    assert (there[Account.AVAILABLE], there[Account.VOTED]) == (0, EACH)
    assert "Personne n’attend" in client.get(listed(committee)).content.decode()
