"""What the bank answers: pain.002 in several shapes, a CSV, and what is refused."""

import pytest

from terreau.funding.rulebook import sepa
from terreau.funding.rulebook.sepa import Verdict

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def report(inside, version="10"):
    return (
        f'{HEAD}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>R-1</MsgId><CreDtTm>2026-03-05T08:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>OP-2026-001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{inside}</CstmrPmtStsRpt></Document>"
    ).encode()


def transaction(reference, status, more=""):
    return f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>{status}{more}</TxInfAndSts>"


@pytest.mark.parametrize("version", ["03", "10", "12"])
def test_each_payment_has_its_answer_with_the_reason_in_words(version):
    amount = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">512.82</InstdAmt></Amt></OrgnlTxRef>'
    closed = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>voir agence</AddtlInf></StsRsnInf>"
    block = "".join(
        (
            "<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>OP-2026-001</OrgnlPmtInfId>",
            "<PmtInfSts>ACCP</PmtInfSts>",
            transaction("A-1", "<TxSts>ACSC</TxSts>", amount),
            transaction("A-2", "<TxSts>RJCT</TxSts>", closed),
            transaction("A-3", ""),
            "</OrgnlPmtInfAndSts>",
        )
    )
    found = sepa.read(report(block, version))
    assert found.order == "OP-2026-001"
    assert [a.verdict for a in found.answers] == [Verdict.SETTLED, Verdict.REJECTED, Verdict.ACCEPTED]
    assert found.about("A-1").cents == 51_282
    assert found.about("A-2").reason == "compte clos : voir agence"
    assert found.about("A-9").verdict == Verdict.PENDING  # what is said of the whole order


def test_an_order_refused_as_a_whole():
    reason = "<StsRsnInf><Rsn><Cd>AM10</Cd></Rsn></StsRsnInf>"
    found = sepa.read(report(f"<GrpSts>RJCT</GrpSts>{reason}</OrgnlGrpInfAndSts>"))
    assert found.answers == ()
    assert found.about("A-1").verdict == Verdict.REJECTED
    assert found.about("A-1").reason == "total de contrôle incorrect"


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_plain_csv(mark):
    lines = [
        "Référence;Statut;Code motif;Motif;Montant",
        "A-1;Exécuté;;;512.82",
        "",
        "A-2;RJCT;AC01;;",
        "A-3;rejeté;;x;",
    ]
    content = "\r\n".join(lines).replace(";", mark)
    found = sepa.read(content.encode("cp1252"))
    assert found == sepa.read(b"\xef\xbb\xbf" + content.encode())
    assert [a.verdict for a in found.answers] == [Verdict.SETTLED, Verdict.REJECTED, Verdict.REJECTED]
    assert [a.reason for a in found.answers] == ["", "IBAN incorrect", "x"]
    assert found.about("A-1").cents == 51_282
    assert found.about("A-4") is None


BOMB = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Document>&b;</Document>'
OUTSIDE = '<!DOCTYPE d SYSTEM "file:///etc/passwd"><Document/>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        ((HEAD + BOMB).encode(), "entités"),
        ((HEAD + OUTSIDE).encode(), "entités"),
        (b"<Document>", "illisible"),
        (b"<Document/>", "pain.002"),
        (report("</OrgnlGrpInfAndSts>"), "ne dit rien"),
        (report("<GrpSts>ZZZZ</GrpSts></OrgnlGrpInfAndSts>"), "ZZZZ"),
        (
            report(f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{transaction('A-1', '')}</OrgnlPmtInfAndSts>"),
            "pas de référence ou pas de statut",
        ),
        (b"reference;montant\nA-1;12", "colonnes"),
        (b"reference;statut\n", "aucune ligne"),
        (b"reference;statut\nA-1;peut-etre", "ligne 2 : statut"),
        (b"reference;statut\n;ok", "ligne 2 : la r"),
        (b"reference;statut;montant\nA-1;ok;douze", "ligne 2"),
        (b"reference;statut\nA-1;ok\nA-1;rejete", "contraires"),
        (b"<" + b"x" * 21 * 1024 * 1024, "trop gros"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(content, words):
    with pytest.raises(ValueError, match=words) as told:
        sepa.read(content)
    assert "\n" not in str(told.value)
