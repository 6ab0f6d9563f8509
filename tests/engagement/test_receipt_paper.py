"""The PDF of a receipt: archived, tagged, carrying its content and its digest; a voided one says so."""

import io
from decimal import Decimal

import pikepdf
import pytest
from tests.engagement.gifted import firm, gift, structure
from tests.papers import text_of

from terreau.engagement.actions.receipts import issue, void
from terreau.engagement.queries import paper
from terreau.projects.queries import canonical

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]


def in_order(text, *words):
    at = 0
    for word in words:
        assert word in text[at:], f"{word} is not after {text[:at][-80:]}"
        at = text.index(word, at)


def test_a_receipt_is_archived_tagged_and_carries_its_content():
    receipt = issue(gift(), by=None)
    content = paper.receipt(receipt)
    assert content == paper.receipt(receipt)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == f"Reçu fiscal n° {receipt}"
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
            assert meta["pdf:Keywords"] == f"sha256:{receipt.digest}"
        assert pdf.attachments["contenu.json"].get_file().read_bytes() == canonical(receipt.content)
        assert len(pdf.pages) == 1


def test_money_reads_in_order_and_a_corsican_structure_keeps_its_rna():
    issuer = structure(siret=None, rna="W2A1234567", name="A Casa")
    receipt = issue(gift(firm(name="Le Fournil"), issuer, amount_cents=80_00), by=None)
    text = text_of(paper.receipt(receipt), "-layout")
    in_order(
        text, "A Casa", f"Reçu fiscal n° {receipt}", "238 bis", "80,00 €", "quatre-vingts euros", "15 juin 2026",
        "L’organisme bénéficiaire", "A Casa", "W2A1234567", "3 rue du Puits, Mulhouse", "Objet", "intérêt général",
        "L’entreprise donatrice", "Le Fournil", "SARL", "SIREN", "12 rue du Port, Mulhouse",
        "Le don", "Numéraire", "2 mars 2026", "virement", "Awa Diallo, présidente", "16216*02",
    )  # fmt: skip
    assert receipt.digest in text.replace(" ", "")
    assert f"/recus/{receipt.token}/" in text.replace(" ", "")


def test_only_what_the_law_counts_is_on_paper():
    goods = issue(
        gift(kind="goods", unit_cents=420_00, quantity=10, sale_cents=777_00, description="Portables"), by=None
    )
    text = text_of(paper.receipt(goods), "-layout")
    in_order(text, "4 200,00 €", "Don en nature", "Portables", "10 × 420,00 €")
    assert "777" not in text
    said = {"kind": "skills", "hours": Decimal("151.67"), "monthly_cents": 16_000_00, "description": "Audit"}
    time = text_of(paper.receipt(issue(gift(**said), by=None)), "-layout")
    in_order(time, "12 015,00 €", "mise à disposition de personnel", "1 salarié, 151,67 heures, pour 12 015,00 €")
    assert "16 000" not in time
    assert "3 985" not in time


def test_both_papers_say_that_one_replaces_the_other():
    first = void(issue(gift(), by=None), "Montant faux", by=None)
    second = issue(first.gift, by=None)
    old, new = text_of(paper.receipt(first), "-layout"), text_of(paper.receipt(second), "-layout")
    in_order(old, "Reçu annulé le 15 juin 2026", "Montant faux", f"Remplacé par le reçu n° {second}")
    assert "annulé le" not in new
    assert f"le reçu n° {first}, annulé" in new
