"""The PDF of agreements and amendments: archived, tagged, carrying their own proof, read in order."""

import io
from datetime import date

import pikepdf
import pytest
from tests.funding import scene
from tests.papers import text_of

from terreau.core.money import euros
from terreau.funding import actions
from terreau.funding.queries import paper
from terreau.projects.queries import canonical

pytestmark = pytest.mark.django_db


def read(document):
    with document.file.open("rb") as file:
        return file.read()


def tags(node, found=None):
    """Every structure tag of the document."""
    found = set() if found is None else found
    if isinstance(node, pikepdf.Array):
        for child in node:
            tags(child, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.add(str(node["/S"]))
        if "/K" in node:
            tags(node["/K"], found)
    return found


@pytest.fixture
def agreement():
    return scene.offered(title="Des ponts vers l’emploi", summary="Relier deux rives.")


def checked(content, digest, title):
    """What PDF/A-3a and PDF/UA-1 ask, as far as pikepdf sees it."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == title
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
            assert meta["pdfuaid:part"] == "1"
            assert meta["pdf:Keywords"] == f"sha256:{digest}"
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= tags(pdf.Root.StructTreeRoot["/K"])
        return pdf.attachments["contenu.json"].get_file().read_bytes()


def in_order(text, *words):
    """Each is found after the one before it."""
    at = 0
    for word in words:
        assert word in text[at:], f"{word} is not after {at}"
        at = text.index(word, at)


def test_an_agreement_is_archived_tagged_and_carries_its_content(agreement):
    content = read(agreement.document)
    attached = checked(content, agreement.digest, f"Convention de financement n° {agreement.number}")
    assert attached == canonical(agreement.content)


def test_an_agreement_reads_in_order_to_the_last_obligation(agreement):
    text = text_of(read(agreement.document))
    in_order(
        text, f"Convention de financement n° {agreement.number}", "Des ponts vers l’emploi", "Article 1. Parties",
        "Relier deux rives", "Article 4. Durée", "1er mars 2025", "Article 5. Montant", "50 000 €",
        "Contrat d’engagement républicain",
        "Signatures", "Annexes", "Une coordinatrice", "100 000 €", "Autres financeurs", "Région Grand Est",
        "Échéancier", "25 000 €", "paramètre fictif", "Bilans attendus", "Obligations", "2021-1947",
    )  # fmt: skip
    assert agreement.digest in text.replace(" ", "")


def test_an_amendment_tells_before_after_and_gap():
    agreement = scene.signed()
    amendment = actions.ask_amendment(
        agreement, granted_cents=60_000_00, ends_on=date(2026, 5, 31), reason="Une cohorte de plus", by=scene.officer()
    )
    approved = actions.approve_amendment(amendment, by=scene.officer())
    content = read(approved.document)
    title = f"Avenant n° 1 à la convention n° {agreement.number}"
    assert checked(content, approved.digest, title) == canonical(approved.content)
    text = text_of(content)
    in_order(text, title, "Ce qui change", "Montant accordé", "+10 000 € (+20 %)", "+92 jours", "Une cohorte de plus")
    assert agreement.digest in text.replace(" ", "")


def test_a_grant_below_the_request_leaves_a_budget_that_balances():
    """What is missing is told as income still to be found; nothing is added where both sides agree."""
    lines = [
        {"rubric": "64", "label": "Salaires", "cents": 100_000_00, "status": ""},
        {"rubric": "74", "label": "Ce financeur", "cents": 60_000_00, "status": ""},
        {"rubric": "74", "label": "Région", "cents": 30_000_00, "status": "obtained"},
    ]
    expenses, income = paper._budget(lines)  # noqa: SLF001 - the table alone, without its PDF
    assert income["rows"][-1][1:] == ["Reste à financer par le porteur", euros(10_000_00)]
    assert income["sum"] == expenses["sum"] == euros(100_000_00)
    lines[1]["cents"] = 70_000_00
    expenses, income = paper._budget(lines)  # noqa: SLF001 - as above
    assert len(income["rows"]) == 2
    assert income["sum"] == expenses["sum"]
