"""The structure's side: its right, gifts to confirm, receipts, register, yearly return."""

import csv
import io

import pytest
from django.urls import reverse
from tests.engagement.gifted import RIGHT, firm, gift, head, holder, structure, told
from tests.factories import siret

from terreau.accounts.models import Organisation
from terreau.engagement.actions.gifts import declare
from terreau.engagement.actions.receipts import issue, void
from terreau.engagement.models import Entitlement, Gift, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]
MONEY = {"given_on": "2026-03-02", "amount_cents": "1 200,50", "payment": "transfer", "donor_form": "SARL"}


@pytest.fixture
def issuer():
    return structure(name="Des ponts")


@pytest.fixture
def page(client, issuer):
    client.force_login(holder(issuer))

    def opened(name="receipts", *args, data=None, method="get", **extra):
        path = reverse(f"applicant:{name}", args=[issuer.pk, *args])
        answer = getattr(client, method)(path, data or {}, **extra)
        if answer["Content-Type"].startswith("text/html"):
            answer.text = answer.content.decode()
        return answer

    return opened


def test_nobody_is_entitled_by_default_and_each_reason_is_told(client):
    of = structure(entitled=False)
    client.force_login(holder(of))
    path = reverse("applicant:receipts-right", args=[of.pk])
    text = client.get(path).content.decode()
    assert "Déclarez la base" in text
    assert "Quatre questions" in text
    said = {name: value for name, value in RIGHT.items() if name in {"purpose", "signatory", "capacity"}}
    answers = dict.fromkeys(["has_nonprofit_main_activity", "is_disinterested", "is_open"], "true")
    refused = client.post(path, said | answers | {"basis": "ruling"})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"since", "proof"}
    assert client.post(path, said | answers | {"basis": "ruling", "since": "2027-01-01"}).status_code == 422
    assert client.post(path, said | answers | {"basis": "self_assessment"}).status_code == 302
    assert "La structure peut délivrer" in client.get(path).content.decode()
    assert Entitlement.objects.get().is_open


def test_a_gift_is_confirmed_receipted_voided_and_replaced(page, issuer):
    company = firm()
    head(company)
    given = declare(company, issuer, told(), by=None)
    assert "à confirmer" in page().text
    wrong = page("receipts-confirm", given.pk, method="post", data={"return_cents": "5 000"})
    assert wrong.status_code == 422
    assert "un achat" in wrong.text
    assert page("receipts-confirm", given.pk, method="post", data={"return_cents": "0"}).status_code == 302
    assert page("receipts-issue", given.pk, method="post").status_code == 302
    receipt = Receipt.objects.get()
    assert page("receipts-paper", receipt.pk).content.startswith(b"%PDF")
    assert page("receipts-edit", given.pk).status_code == 403
    assert page("receipts-void", receipt.pk, method="post", data={"reason": ""}).status_code == 422
    assert page("receipts-void", receipt.pk, method="post", data={"reason": "Montant"}).status_code == 302
    edited = page("receipts-edit", given.pk, method="post", data=MONEY)
    assert edited.status_code == 302
    assert page("receipts-withdraw", given.pk, method="post").status_code == 403
    page("receipts-confirm", given.pk, method="post", data={"return_cents": "0"})
    page("receipts-issue", given.pk, method="post")
    text = page("receipts-gift", given.pk).text
    assert f"remplace le n° {receipt}" in text
    assert Receipt.objects.count() == 2


def test_a_firm_that_is_not_known_is_entered_with_its_gift(page, issuer):
    number = siret()
    asked = page("receipts-record", method="post", data=MONEY | {"siret": number})
    assert asked.context["form"].errors.keys() == {"name", "address", "commune"}
    said = {"name": "Le Fournil", "address": "1 rue Haute", "commune": "Mulhouse (68224)", "return_cents": "50"}
    assert page("receipts-record", method="post", data=MONEY | said | {"siret": number}).status_code == 302
    given = Gift.objects.get()
    assert (given.amount_cents, given.return_cents, given.donor.name) == (1_200_50, 50_00, "Le Fournil")
    large = page("receipts-record", method="post", data=MONEY | said | {"siret": siret(), "return_cents": "9 000"})
    assert large.status_code == 422
    assert Organisation.objects.filter(name="Le Fournil").count() == 1  # nothing half written


BAD = [
    ({"siret": "73282932000079"}, "siret"),
    ({"given_on": "2026-06-16"}, "given_on"),
    ({"amount_cents": "-5"}, "amount_cents"),
    ({"amount_cents": "cinq"}, "amount_cents"),
    ({"payment": ""}, "payment"),
    ({"return_cents": "-1"}, "return_cents"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(page, changes, field):
    company = firm()
    answer = page("receipts-record", method="post", data=MONEY | {"siret": company.siret} | changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert 'value="SARL"' in answer.text
    assert not Gift.objects.exists()


def test_the_value_is_told_while_typing(page):
    goods = {"nature": "goods", "unit_cents": "420", "quantity": "10", "sale_cents": "750", "description": "Portables"}
    said = goods | {"given_on": "2026-03-02", "donor_form": "SARL", "siret": firm().siret}
    text = page("receipts-record", data=said, headers={"HX-Request": "true"}).text
    assert "4\u00a0200,00" in text.replace("\u202f", "\u00a0")
    assert "la loi ne le compte pas" in text
    assert "s’affiche ici" in page("receipts-record", data={"nature": "goods"}, headers={"HX-Request": "true"}).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_the_same_for_one_and_for_three(page, issuer, rows, django_assert_num_queries):
    for _ in range(rows):
        gift(recipient=issuer)
        void(issue(gift(recipient=issuer), by=None), "Erreur", by=None)
        issue(gift(recipient=issuer), by=None)
    with django_assert_num_queries(13):
        assert page().text.count(">2026-000") == rows * 2


def test_the_register_as_a_table(page, issuer):
    receipt = void(issue(gift(recipient=issuer), by=None), "Erreur", by=None)
    issue(receipt.gift, by=None)
    content = b"".join(page("receipts-csv").streaming_content).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(content))
    assert (first["numero"], first["motif"], first["montant"]) == ("2026-0001", "Erreur", "5000.00")
    assert (second["remplace"], second["annule_le"]) == ("2026-0001", "")
    assert page("receipts-csv", data={"state": "issued"}).status_code == 200


def test_the_yearly_return_names_its_figures_its_day_and_its_forms(page, issuer):
    issue(gift(recipient=issuer), by=None)
    text = page("receipts-declaration", data={"cloture": "2026-12-31"}).text.replace("\u202f", "\u00a0")
    for words in ("5\u00a0000,00", "4 mai 2027", "2065-SD", "2070-SD", "demarches-simplifiees.fr", "art. 222 bis"):
        assert words in text
    assert page("receipts-declaration", data={"cloture": "2026-02-31"}).status_code == 422
    assert page("receipts-declaration", data={"cloture": "2019-12-31"}).status_code == 422


def test_an_issuer_without_a_right_reads_why_instead_of_a_button(client):
    of = structure(entitled=False)
    client.force_login(holder(of))
    given = gift(recipient=of)
    text = client.get(reverse("applicant:receipts-gift", args=[of.pk, given.pk])).content.decode()
    assert "Le reçu ne peut pas encore être délivré" in text
    answer = client.post(reverse("applicant:receipts-issue", args=[of.pk, given.pk]), follow=True)
    assert "Déclarez la base" in answer.content.decode()
    assert not Receipt.objects.exists()
