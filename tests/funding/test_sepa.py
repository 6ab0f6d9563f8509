"""The payment file: read back by an independent parser against the standard's schema, and what is refused before."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban as ibans

from terreau.funding.rulebook import sepa
from terreau.funding.rulebook.sepa.characters import ALLOWED, IDENTIFIER, spelled

DEBTOR = sepa.Account("Apec", "FR1420041010050500013M02606", "PSSTFRPPLIL")
CREDITOR = sepa.Account("Maison de l’autisme de Mulhouse", "FR76 3000 6000 0112 3456 7890 189")


@pytest.fixture(scope="module")
def standard():
    """The schema of pain.001.001.09, as sepaxml ships it."""
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


def order(*payments, **changes):
    given_payments = payments or (sepa.Payment("C-2026-001-1", 5_128_200, CREDITOR, "Convention C-2026-001"),)
    first = sepa.Order(
        "OP-2026-001", datetime(2026, 3, 2, 9, 30, tzinfo=UTC), date(2026, 3, 4), "Apec", DEBTOR, given_payments
    )
    return replace(first, **changes)


def read_back(standard, content):
    root = standard.to_dict(content.decode())["CstmrCdtTrfInitn"]
    (block,) = root["PmtInf"]
    return root["GrpHdr"], block


def test_the_file_follows_the_schema_and_its_totals_agree(standard):
    bic = replace(CREDITOR, bic="AGRIFRPP")
    payments = (
        sepa.Payment("A-1", 1, CREDITOR),
        sepa.Payment("A-2", 100_000_00, bic, "Solde « Cœur & Âme »"),
        sepa.Payment("A-3", 12_34, CREDITOR, "x" * 200),
    )
    content = sepa.write(order(*payments, initiator_id="73282932000074"))
    header, block = read_back(standard, content)
    assert header["NbOfTxs"] == block["NbOfTxs"] == "3"
    assert header["CtrlSum"] == block["CtrlSum"] == Decimal("100012.35")
    transfers = block["CdtTrfTxInf"]
    assert sum(Decimal(str(t["Amt"]["InstdAmt"]["$"])) for t in transfers) == Decimal("100012.35")
    assert [t["PmtId"]["EndToEndId"] for t in transfers] == ["A-1", "A-2", "A-3"]
    assert transfers[1]["RmtInf"]["Ustrd"] == ["Solde ' Coeur + Ame '"]
    assert transfers[1]["CdtrAgt"]["FinInstnId"]["BICFI"] == "AGRIFRPP"
    assert "CdtrAgt" not in transfers[0]
    assert transfers[0]["CdtrAcct"]["Id"]["IBAN"] == "FR7630006000011234567890189"
    assert block["ReqdExctnDt"]["Dt"] == "2026-03-04"
    assert content == sepa.write(order(*payments, initiator_id="73282932000074"))


names = st.text(min_size=1, max_size=90).filter(lambda t: any(sign.isalnum() for sign in spelled(t, 70)))
payment_lists = st.lists(st.tuples(st.integers(1, 999_999_999), names, st.text(max_size=200)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(rows=payment_lists)
def test_any_text_gives_a_valid_file_and_every_change_is_told(standard, rows):
    payments = tuple(
        sepa.Payment(f"P-{n}", cents, sepa.Account(name, CREDITOR.iban), words)
        for n, (cents, name, words) in enumerate(rows)
    )
    one = order(*payments)
    assert sepa.faults(one) == []
    header, block = read_back(standard, sepa.write(one))
    assert header["CtrlSum"] == Decimal(sum(cents for cents, _name, _words in rows)) / 100
    prepared, changes = sepa.ready(one)
    assert sepa.ready(prepared) == (prepared, [])
    told = {change.before for change in changes}
    for (_cents, name, words), transfer in zip(rows, block["CdtTrfTxInf"], strict=True):
        assert transfer["Cdtr"]["Nm"] == name or name in told
        assert transfer.get("RmtInf", {"Ustrd": [""]})["Ustrd"] == [words] or words in told


@given(text=st.text(max_size=300), limit=st.sampled_from([35, 70, 140]))
def test_spelling_stays_in_the_banks_characters(text, limit):
    told = spelled(text, limit)
    assert ALLOWED.fullmatch(told)
    assert len(told) <= limit
    assert spelled(told, limit) == told
    assert not told or IDENTIFIER.fullmatch(told)


def test_names_are_still_read_by_people():
    assert spelled("L’été à Łódź, n° 12", 70) == "L'ete a Lodz, no 12"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reference": "OP/2026//1"}, "n’acceptent pas"),
        ({"reference": "x" * 36}, "dépasse 35 signes"),
        ({"reference": ""}, "référence de l’ordre : manque"),
        ({"payments": ()}, "aucun paiement"),
        ({"executes_on": date(2026, 3, 1)}, "date d’exécution est passée"),
        ({"made_at": datetime(2026, 3, 2)}, "fuseau horaire"),  # noqa: DTZ001
        ({"initiator": "«»"}, "émetteur"),
        ({"debtor": replace(DEBTOR, iban="FR1420041010050500013M02607")}, "est faux"),
        ({"debtor": replace(DEBTOR, iban="")}, "l’IBAN manque"),
        ({"debtor": replace(DEBTOR, iban="BR1500000000000010932840814P2")}, "hors de la zone SEPA"),
        ({"debtor": replace(DEBTOR, bic="PSSTFR")}, "BIC"),
    ],
)
def test_what_a_bank_would_refuse_is_told_before(changed, words):
    broken = order(**changed)
    (fault,) = sepa.faults(broken)
    assert words in fault
    with pytest.raises(ValueError, match=words):
        sepa.write(broken)


def test_every_fault_of_the_payments_is_told_at_once():
    wrong = sepa.Account("", "FR7630006000011234567890180")
    found = sepa.faults(
        order(
            sepa.Payment("A-1", 0, CREDITOR),
            sepa.Payment("A-1", -5, wrong),
            sepa.Payment("A 2 ", 10**11, replace(CREDITOR, iban=DEBTOR.iban)),
        )
    )
    assert len(found) == 8
    assert "A-1 : cette référence désigne 2 paiements." in found


def test_an_iban_with_one_wrong_digit_is_never_taken():
    good = ibans.compact(CREDITOR.iban)
    for place in range(4, len(good)):
        wrong = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
        with pytest.raises(ValueError, match="faux"):
            sepa.check_iban(wrong)
    assert sepa.check_iban(CREDITOR.iban.lower()) == good
