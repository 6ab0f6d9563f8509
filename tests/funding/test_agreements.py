"""From the decision to the signature, and what becomes of the money."""

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests import factories
from tests.funding import scene

from terreau.core.models import Entry, Mail
from terreau.core.moves import Refused
from terreau.funding import actions, queries
from terreau.funding.lifecycle import Account, AgreementState
from terreau.funding.models import Agreement, Clause, Signature, SigningCode, StateAid
from terreau.projects import queries as projects
from terreau.projects.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return scene.officer()


def money(agreement):
    found = queries.balances(agreement)
    return {account.value: cents for account, cents in found.items() if cents and account != Account.DEMAND}


def test_an_agreement_is_drawn_from_the_decision(officer):
    file = scene.sealed(scene.decided(40_000_00))
    agreement = actions.draft_agreement(file, by=officer)
    assert (agreement.granted_cents, agreement.eligible_base_cents) == (40_000_00, 100_000_00)
    assert agreement.public_cofunders == ["Région Grand Est"]
    assert agreement.number is None
    assert money(agreement) == {"requested": file.requested_cents, "voted": 40_000_00}
    with pytest.raises(Refused, match="déjà une convention"):
        actions.draft_agreement(file, by=officer)


def test_not_before_the_seal_nor_before_the_holder_knows(officer):
    file = scene.decided()
    with pytest.raises(Refused, match="Aucun comité scellé"):
        actions.draft_agreement(file, by=officer)
    scene.sealed(file)
    file.announced_at = None
    file.save()
    with pytest.raises(Refused, match="pas encore annoncée"):
        actions.draft_agreement(file, by=officer)


def test_the_application_tells_the_period(officer):
    file = scene.sealed(scene.decided())
    file.answers.create(key="starts_on", value="2025-03-15")
    file.answers.create(key="months", value=18)
    agreement = actions.draft_agreement(file, by=officer)
    assert (agreement.starts_on, agreement.ends_on) == (date(2025, 3, 15), date(2026, 9, 14))


def test_offering_freezes_the_text_and_gives_the_number(officer):
    agreement = scene.offered(officer)
    year = timezone.localdate().year
    assert agreement.number == f"{year}-C-001"
    assert agreement.digest == projects.digest(agreement.content)
    assert agreement.content["rate"] == "50\xa0%"
    assert [due["cents"] for due in agreement.content["schedule"]] == [25_000_00, 15_000_00, 10_000_00]
    assert agreement.content["schedule_source"] == "paramètre fictif"
    assert {"cer", "written_agreement"} <= {o["key"] for o in agreement.content["obligations"]}
    titles = [clause["title"] for clause in agreement.content["clauses"]]
    assert "Contrat d’engagement républicain" in titles
    assert "Aide de minimis" not in titles
    assert agreement.document not in projects.papers(agreement.application)  # what the jury reads
    assert Mail.objects.filter(to=scene.owner_of(agreement).email, key__startswith="agreement:").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(content={})
    with pytest.raises(Refused, match="proposé"):
        actions.edit_agreement(agreement, purpose="Autre", by=officer)


def test_a_recalled_agreement_keeps_its_number_and_no_other_takes_it(officer):
    first = scene.offered(officer)
    scene.sign(first, "holder", scene.owner_of(first))
    before, document = first.digest, first.document
    actions.recall(first, reason="Une date", by=officer)
    second = actions.offer(
        actions.draft_agreement(scene.sealed(scene.decided(call=factories.call())), by=officer), by=officer
    )
    actions.edit_agreement(first, purpose="Un autre objet", by=officer)
    again = actions.offer(first, by=officer)
    assert (again.number[-3:], second.number[-3:]) == ("001", "002")
    assert (again.offers, again.content["version"]) == (2, 2)
    assert again.digest != before
    assert queries.current(again) == {}
    assert Document.objects.get(pk=document.pk).removed_at is not None
    assert scene.sign(again, "holder", scene.owner_of(again)).digest == again.digest


def test_nothing_is_offered_without_a_published_clause(officer):
    file = scene.sealed(scene.decided())
    agreement = actions.draft_agreement(file, by=officer)
    with time_machine.travel(timezone.now() - timedelta(days=2)), pytest.raises(Refused, match="Aucune clause"):
        actions.offer(agreement, by=officer)


def test_both_sign_and_the_money_is_committed(officer):
    agreement = scene.signed(officer)
    assert agreement.state == AgreementState.SIGNED
    asked = agreement.application.requested_cents
    assert money(agreement) == {"requested": asked, "committed": 25_000_00, "payable": 25_000_00}
    assert [i.amount_cents for i in agreement.instalments.all()] == [25_000_00, 15_000_00, 10_000_00]
    assert [r.kind for r in agreement.reports.all()] == ["milestone", "final", "follow_up", "follow_up"]
    holder = agreement.signatures.get(party="holder")
    assert holder.evidence["client"] == scene.CLIENT
    assert holder.evidence["person"]["email"] == scene.owner_of(agreement).email
    assert Entry.objects.filter(verb="sign_for").count() == 2


def test_a_signature_never_changes(officer):
    agreement = scene.offered(officer)
    signature = scene.sign(agreement, "funder", officer)
    for change in ({"evidence": {}}, {"signatory": "X"}, {"digest": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.filter(pk=signature.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        signature.delete()
    with pytest.raises(Refused, match="déjà signé"):
        scene.sign(agreement, "funder", officer)


def test_the_republican_contract_comes_before_the_last_signature(officer):
    agreement = scene.offered(officer)
    scene.sign(agreement, "holder", scene.owner_of(agreement))
    with pytest.raises(Refused, match="engagement républicain"), transaction.atomic():
        scene.sign(agreement, "funder", officer)
    scene.contract(agreement, officer)
    scene.sign(agreement, "funder", officer)
    assert Agreement.objects.get().state == AgreementState.SIGNED


def test_a_code_is_kept_hashed_dies_after_use_and_after_five_tries(officer):
    agreement = scene.offered(officer)
    code = actions.send_code(agreement, by=officer)
    figures = scene.code_of(code)
    assert figures not in code.hashed
    wrong = {"party": "funder", "signatory": "A", "capacity": "B", "client": scene.CLIENT, "by": officer}
    other = f"{(int(figures) + 1) % 10**6:06d}"
    assert [actions.sign_with_code(agreement, other, **wrong) for _ in range(5)] == [None] * 5
    with pytest.raises(Refused, match="plus valable"):
        actions.sign_with_code(agreement, figures, **wrong)
    scene.sign(agreement, "funder", officer)
    used = SigningCode.objects.exclude(used_at=None).get()
    assert "••••••" in Mail.objects.get(key=f"signing-code:{used.pk}").body


def test_a_code_lasts_ten_minutes_and_serves_its_owner_and_its_text(officer):
    agreement = scene.offered(officer)
    code = actions.send_code(agreement, by=officer)
    said = {"party": "funder", "signatory": "A", "capacity": "B", "client": scene.CLIENT}
    with pytest.raises(Refused, match="plus valable"):
        actions.sign_with_code(agreement, scene.code_of(code), **said, by=scene.officer())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)), pytest.raises(Refused, match="plus valable"):
        actions.sign_with_code(agreement, scene.code_of(code), **said, by=officer)


def test_an_aid_over_the_ceiling_is_not_offered(officer):
    agreement = scene.draft(officer)
    group, today = agreement.holder.siren, timezone.localdate()
    actions.edit_agreement(agreement, aid_regime="de_minimis", by=officer)
    declared = {
        "group": group,
        "siren": group,
        "regime": "de_minimis",
        "granted_on": today,
        "giver": "État",
        "by": officer,
    }
    actions.declare_aid(**declared, amount_cents=250_000_01)
    with pytest.raises(Refused, match="plafond"):
        actions.offer(agreement, by=officer)
    aid = StateAid.objects.get()
    aid.amount_cents = 250_000_00
    aid.save()
    offered = actions.offer(agreement, by=officer)
    assert "2023/2831" in next(c["text"] for c in offered.content["clauses"] if c["key"] == "de-minimis")
    scene.contract(offered, officer)
    scene.sign(offered, "funder", officer)
    scene.sign(offered, "holder", scene.owner_of(offered))
    assert offered.state_aids.get().amount_cents == 50_000_00


def test_a_copy_with_our_bytes_signs_and_others_wait_for_a_person(officer):
    agreement = scene.offered(officer)
    with agreement.document.file.open("rb") as file:
        ours = file.read()
    said = {"party": "holder", "signatory": "Camille Essai", "capacity": "Présidente"}
    owner = scene.owner_of(agreement)
    for content, words in [(ours, "sans signature"), (b"%PDF-1.7 sha256:" + b"0" * 64, "autre texte")]:
        with pytest.raises(ValueError, match=words):
            actions.deposit_copy(agreement, scene.pdf_file(content), **said, by=owner)
    scan = actions.deposit_copy(agreement, scene.pdf_file(b"%PDF-1.4 un scan"), **said, by=owner)
    assert scan == queries.Verdict.UNREAD
    document = queries.copies_to_read(agreement).get()
    with pytest.raises(ValueError, match="vérifié"):
        actions.accept_copy(agreement, document, **said, reason=" ", by=officer)
    accepted = actions.accept_copy(agreement, document, **said, reason="Relu page à page.", by=officer)
    assert accepted.evidence["reason"] == "Relu page à page."
    assert not queries.copies_to_read(agreement).exists()
    layer = b"\n5 0 obj<</ByteRange[0 1 2 3]>>endobj\n%%EOF\n"
    said["party"] = "funder"
    scene.contract(agreement, officer)
    assert actions.deposit_copy(agreement, scene.pdf_file(ours + layer), **said, by=officer) == queries.Verdict.INTACT
    assert agreement.signatures.get(party="funder").evidence["pdf_signature"] == "true"
    assert Agreement.objects.get().state == AgreementState.SIGNED


def test_a_lapse_gives_the_money_back_and_keeps_the_number(officer):
    agreement = scene.offered(officer)
    actions.lapse(agreement, reason="Le porteur renonce", by=officer)
    assert money(agreement) == {"requested": agreement.application.requested_cents}
    assert Agreement.objects.get().number == agreement.number
    with pytest.raises(Refused):
        actions.lapse(agreement, reason="Encore", by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(number=None)


def test_a_termination_cancels_what_was_to_come(officer):
    agreement = scene.signed(officer)
    actions.terminate(agreement, reason="Manquement", by=officer)
    assert [i.state for i in agreement.instalments.all()] == ["due", "cancelled", "cancelled"]
    assert money(agreement) == {"requested": agreement.application.requested_cents, "payable": 25_000_00}


def test_a_published_clause_never_changes_but_ends(officer):
    scene.sealed(scene.decided())
    clause = Clause.objects.get(key="amount")
    with pytest.raises(IntegrityError), transaction.atomic():
        Clause.objects.filter(pk=clause.pk).update(body="Autre")
    with pytest.raises(Refused, match="publiée"):
        actions.write_clause(
            clause, title="t", body="b", applies_to="", applies_from=timezone.localdate(), position=1, by=officer
        )
    new = actions.revise_clause(clause, by=officer)
    assert actions.revise_clause(clause, by=officer) == new
    with pytest.raises(ValueError, match="Ligne 2"):
        actions.write_clause(
            new, title="t", body="a\n{x}", applies_to="", applies_from=timezone.localdate(), position=1, by=officer
        )
    actions.publish_clauses([new], by=officer)
    assert next(c for c in queries.clauses_in_force(clause.funder, timezone.localdate()) if c.key == "amount") == new
    actions.end_clause(new, until=timezone.localdate(), by=officer)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "amount" not in {c.key for c in queries.clauses_in_force(clause.funder, tomorrow)}


def test_the_schedule_of_a_day_is_the_funder_s(officer):
    agreement = scene.draft(officer)
    funder, today = agreement.application.call.funder, timezone.localdate()
    with pytest.raises(ValueError, match="100"):
        actions.set_payment_terms(funder, applies_from=today, parts=[("signature", 60)], source="x", by=officer)
    parts = [("signature", 70), ("final", 30)]
    actions.set_payment_terms(funder, applies_from=today, parts=parts, source="Règlement, art. 8", by=officer)
    offered = actions.offer(agreement, by=officer)
    assert [due["cents"] for due in offered.content["schedule"]] == [35_000_00, 15_000_00]
    assert offered.content["schedule_source"] == "Règlement, art. 8"


@pytest.mark.django_db(transaction=True)
def test_numbers_follow_each_other_under_concurrent_offers():
    officer, call = scene.officer(), factories.call()
    files = [scene.decided(call=call) for _ in range(4)]
    scene.sealed(files[0])
    drafts = [actions.draft_agreement(file, by=officer) for file in files]

    def offer(agreement):
        try:
            actions.offer(agreement, by=officer)
        finally:
            connection.close()

    threads = [threading.Thread(target=offer, args=(agreement,)) for agreement in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(Agreement.objects.values_list("number", flat=True))
    assert [number[-3:] for number in numbers] == ["001", "002", "003", "004"]
