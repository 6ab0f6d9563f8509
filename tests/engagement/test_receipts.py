"""Receipts: nobody issues by default, numbers follow each other, what was issued never changes."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from tests.engagement.gifted import RIGHT, firm, gift, head, structure

from terreau.accounts.models import LegalForm
from terreau.core.models import Entry, Mail
from terreau.core.moves import Refused, WrongMoment
from terreau.engagement.actions.entitlements import declare_right
from terreau.engagement.actions.gifts import confirm, correct
from terreau.engagement.actions.receipts import issue, void
from terreau.engagement.models import Entitlement, Gift, Receipt
from terreau.engagement.queries import receipts as queries
from terreau.engagement.queries.worth import told_of
from terreau.engagement.queries.yearly import declaration
from terreau.projects.queries import digest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_receipt_says_what_the_model_asks():
    given = gift(amount_cents=1_234_50)
    receipt = issue(given, by=None)
    assert str(receipt) == f"{receipt.year}-0001"
    assert receipt.digest == digest(receipt.content)
    said = receipt.content
    assert said["gift"]["letters"] == "mille deux cent trente-quatre euros et cinquante centimes"
    assert (said["donor"]["siren"], said["donor"]["legal_form"]) == (given.donor.siren, "SARL")
    assert said["issuer"]["purpose"] == RIGHT["purpose"]
    assert (said["model"], said["article"]) == ("2041-MEC-SD, Cerfa 16216*02", "238 bis")


REFUSED = [
    ({"entitled": False}, {}, {}, "Déclarez la base"),
    ({"address": ""}, {}, {}, "adresse complète de votre structure"),
    ({}, {"siret": None}, {}, "SIREN du donateur"),
    ({}, {"address": ""}, {}, "adresse complète du donateur"),
    ({"legal_form": LegalForm.ESUS}, {}, {}, "société commerciale"),
]


@pytest.mark.parametrize(("issuer", "donor", "changes", "words"), REFUSED)
def test_what_is_missing_is_told(issuer, donor, changes, words):
    given = gift(firm(**donor), structure(**issuer), **changes)
    with pytest.raises(Refused, match=words):
        issue(given, by=None)
    assert not Receipt.objects.exists()


def test_a_gift_older_than_the_ruling_has_no_receipt():
    issuer = structure(entitled=False)
    said = RIGHT | {"basis": Entitlement.Basis.RULING, "since": date(2026, 4, 1)}
    declare_right(issuer, **said, proof=SimpleUploadedFile("rescrit.pdf", PDF), by=None)
    with pytest.raises(Refused, match="postérieur"):
        issue(gift(recipient=issuer, given_on=date(2026, 3, 31)), by=None)
    assert issue(gift(recipient=issuer, given_on=date(2026, 4, 1)), by=None).content["issuer"]["since"] == "2026-04-01"


def test_a_proof_is_read_and_a_ruling_needs_one():
    issuer = structure(entitled=False)
    declare_right(issuer, **RIGHT | {"basis": Entitlement.Basis.RULING, "since": date(2020, 1, 1)}, by=None)
    with pytest.raises(Refused, match="Joignez le rescrit"):
        issue(gift(recipient=issuer), by=None)
    with pytest.raises(ValueError, match="pas accepté"):
        declare_right(issuer, **RIGHT, proof=SimpleUploadedFile("rescrit.pdf", b"MZ" + b"\0" * 99), by=None)


def test_a_gift_that_is_not_confirmed_has_no_receipt():
    given = gift()
    correct(given, told_of(given), by=None)
    with pytest.raises(Refused, match="pas encore confirmé"):
        issue(given, by=None)


def test_a_series_is_the_issuer_s_own():
    one, other = structure(), structure()
    numbers = [str(issue(gift(recipient=of), by=None))[-4:] for of in (one, other, one)]
    assert numbers == ["0001", "0001", "0002"]


def test_void_and_replace():
    company = firm()
    person = head(company)
    first = issue(gift(company), by=None)
    with pytest.raises(Refused, match="déjà un reçu"):
        issue(first.gift, by=None)
    with pytest.raises(Refused, match="pourquoi"):
        void(first, "  ", by=None)
    voided = void(first, "Montant faux", by=None)
    with pytest.raises(WrongMoment):
        void(voided, "Encore", by=None)
    second = issue(confirm(correct(first.gift, told_of(first.gift), by=None), 0, by=None), by=None)
    assert (second.number, second.replaces, second.content["replaces"]) == (2, first, str(first))
    assert list(Mail.objects.filter(to=person.email).values_list("key", flat=True).order_by("pk")) == [
        f"receipt-{first.pk}-issued-{person.pk}",
        f"receipt-{first.pk}-voided-{person.pk}",
        f"receipt-{second.pk}-issued-{person.pk}",
    ]
    assert Entry.objects.filter(verb="void_receipt", details__reason="Montant faux").count() == 1


CHANGES = [
    {"content": {}}, {"digest": "0" * 64}, {"number": 9}, {"token": "x"}, {"year": 2020}, {"state": "voided"},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: next(iter(c)))
def test_the_database_refuses_to_change_a_receipt(change):
    receipt = issue(gift(), by=None)
    with pytest.raises(IntegrityError, match="update refused"), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(**change)
    with pytest.raises(IntegrityError, match="delete refused"), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).delete()


def test_a_void_is_for_good_and_no_number_is_skipped():
    receipt = void(issue(gift(), by=None), "Doublon", by=None)
    with pytest.raises(IntegrityError, match="update refused"), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(state="issued")
    receipt.pk, receipt.token, receipt.number, receipt.state = None, "other", 3, "issued"
    with pytest.raises(IntegrityError, match="insert refused"), transaction.atomic():
        receipt.save(force_insert=True)


def test_the_yearly_return_counts_receipts_in_force_alone():
    issuer = structure()
    kept = issue(gift(recipient=issuer, amount_cents=100_00), by=None)
    void(issue(gift(recipient=issuer, amount_cents=200_00), by=None), "Erreur", by=None)
    gift(recipient=issuer, amount_cents=400_00)
    issue(gift(recipient=issuer, amount_cents=800_00, given_on=date(2025, 12, 31)), by=None)
    year = declaration(issuer, date(kept.year, 12, 31))
    assert (year.cents, year.receipts) == (100_00, 2)  # the law: gifts of the period, documents of the period
    assert (year.without, year.without_cents) == (2, 600_00)
    assert declaration(issuer, date(2025, 12, 31)).cents == 800_00


def test_the_register_is_narrowed():
    issuer = structure()
    one, two = (issue(gift(firm(name=name), issuer), by=None) for name in ("Le Fournil", "La Scierie"))
    void(two, "Erreur", by=None)
    found = queries.register(issuer)
    assert list(queries.narrowed(found, text="fournil")) == [one]
    assert list(queries.narrowed(found, state="voided")) == [two]
    assert list(queries.narrowed(found, text=str(two))) == [two]
    assert list(queries.narrowed(found, text=one.gift.donor.siren)) == [one]
    assert list(queries.narrowed(found, year="2019")) == []
    assert [receipt.cents for receipt in found] == [5_000_00, 5_000_00]
    assert Gift.objects.count() == 2
