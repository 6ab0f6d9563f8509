"""The firm's side: what it gave, to which project, and the receipts it got."""

import pytest
from django.urls import reverse
from tests import factories
from tests.engagement.gifted import commune, firm, gift, head, structure

from terreau.accounts.models import Role
from terreau.core.models import Mail
from terreau.engagement.actions.receipts import issue
from terreau.engagement.models import Commitment, Gift
from terreau.projects.lifecycle import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]
MONEY = {"given_on": "2026-03-02", "amount_cents": "800", "payment": "cheque", "donor_form": "SAS"}


@pytest.fixture
def company():
    return firm()


@pytest.fixture
def page(client, company):
    client.force_login(head(company))

    def opened(name="gifts", *args, data=None, method="get", query=""):
        return getattr(client, method)(reverse(f"company:{name}", args=[company.pk, *args]) + query, data or {})

    return opened


@pytest.fixture
def project():
    owner = factories.membership(Role.HOLDER, of=structure())
    return factories.application(owner=owner, holder=owner.organisation, state=State.SELECTED, title="Passerelle")


def test_a_gift_is_declared_on_a_commitment_and_the_structure_is_told(page, company, project):
    commitment = Commitment.objects.create(
        application=project, company=company, form="money", title="Financer les ateliers", value_cents=800_00
    )
    query = f"?engagement={commitment.pk}"
    text = page("give", query=query).content.decode()
    assert "Financer les ateliers" in text
    assert 'value="800"' in text
    done = page("give", method="post", query=query, data=MONEY | {"project": project.reference})
    given = Gift.objects.get()
    assert done["Location"] == reverse("company:gift", args=[company.pk, given.pk])
    assert (given.commitment, given.application, given.recipient) == (commitment, project, project.holder)
    assert Mail.objects.filter(subject__contains="déclare un don").count() == 1
    assert "doit encore confirmer" in page("gift", given.pk).content.decode()
    assert page("give", query="?engagement=999999").status_code == 404


def test_what_is_wrong_is_told_at_its_field(page, project):
    bad = MONEY | {"project": project.reference, "given_on": "2026-06-16"}
    answer = page("give", method="post", data=bad)
    assert answer.status_code == 422
    assert "futur" in answer.context["form"].errors["given_on"][0]
    answer = page("give", method="post", query="?nature=skills", data=bad | {"hours": "-2", "given_on": "2026-06-01"})
    assert answer.context["form"].errors.keys() >= {"hours", "monthly_cents"}


def test_the_receipt_is_read_and_the_gift_no_longer_changes(page, company):
    receipt = issue(gift(company), by=None)
    answer = page("receipt", receipt.pk)
    assert answer.content.startswith(b"%PDF")
    assert f'filename="recu-{receipt}.pdf"' in answer["Content-Disposition"]
    assert f"reçu fiscal n° {receipt}" in page("gift", receipt.gift_id).content.decode()
    assert page("gift-edit", receipt.gift_id).status_code == 403
    assert page("gift-withdraw", receipt.gift_id, method="post").status_code == 403


def test_a_gift_without_receipt_is_corrected_then_withdrawn(page, company):
    given = gift(company)
    assert page("gift-edit", given.pk, method="post", data=MONEY).status_code == 302
    given.refresh_from_db()
    assert (given.amount_cents, given.confirmed_at) == (800_00, None)
    assert page("gift-withdraw", given.pk).status_code == 200
    assert page("gift-withdraw", given.pk, method="post").status_code == 302
    assert not Gift.objects.exists()


def test_a_mentor_reads_no_amount_and_nobody_another_s_gift(client, company):
    other = gift(firm())
    client.force_login(factories.person(Role.MENTOR, of=company))
    assert client.get(reverse("company:gifts", args=[company.pk])).status_code == 404
    client.force_login(head(company))
    assert client.get(reverse("company:gift", args=[company.pk, other.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(page, company, rows, django_assert_num_queries):
    commune()
    for _ in range(rows):
        issue(gift(company), by=None)
    with django_assert_num_queries(7):
        assert page().content.decode().count("(PDF)") == rows


def test_anybody_checks_a_receipt_and_learns_nothing_else(client, company):
    receipt = issue(gift(company), by=None)
    answer = client.get(reverse("public:receipt", args=[receipt.token]))
    text = answer.content.decode()
    assert (str(receipt) in text, receipt.digest in text, "en vigueur" in text) == (True, True, True)
    assert company.name not in text
    assert receipt.issuer.name not in text
    assert answer["X-Robots-Tag"] == "noindex"
    assert client.get(reverse("public:receipt", args=["x"])).status_code == 404
    check = reverse("public:receipt-check")
    found = client.get(check, {"number": str(receipt), "digest": receipt.digest.upper()}).content.decode()
    assert "Ce reçu a été délivré ici" in found
    assert "Aucun reçu" in client.get(check, {"number": str(receipt), "digest": "0" * 64}).content.decode()
    assert client.get(check, {"number": "un", "digest": "deux"}).status_code == 422


def test_checks_are_held_back(client):
    from django.core.cache import cache

    cache.clear()
    answers = [client.get(reverse("public:receipt", args=["x"])).status_code for _ in range(61)]
    assert set(answers[:60]) == {404}
    assert answers[60] == 429
    cache.clear()
