"""The office's agreements: the list and what it costs, the page, each act, clauses and their schedule."""

import re

import factories
import pytest
from tests.funding import scene

from terreau.core.models import Mail
from terreau.funding import actions
from terreau.funding.models import Agreement, Amendment, Clause, PaymentTerms, StateAid

pytestmark = pytest.mark.django_db
URL = "/bureau/conventions/"


@pytest.fixture
def officer(client):
    officer = scene.officer()
    client.force_login(officer)
    return officer


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(client, officer, count, django_assert_num_queries):
    call = factories.call()
    files = [scene.decided(call=call, region=factories.region()) for _ in range(2 * count)]
    scene.sealed(files[0])
    for file in files[:count]:
        actions.draft_agreement(file, by=officer)
    with django_assert_num_queries(8):
        page = client.get(URL)
    assert page.content.decode().count(f"{URL}dossiers/") == count
    assert len(re.findall(rf'href="{URL}\d+/"', page.content.decode())) == count


def test_the_list_narrows_by_state_and_words(client, officer):
    offered = scene.offered(officer, title="Passerelle")
    for query, found in (
        ("etat=offered", True),
        ("etat=signed", False),
        (f"q={offered.number}", True),
        ("q=zzz", False),
    ):
        assert ("Passerelle" in text(client.get(f"{URL}?{query}"))) is found


def test_from_the_file_to_the_offer(client, officer):
    file = scene.sealed(scene.decided())
    made = client.post(f"{URL}dossiers/{file.reference}/")
    agreement = Agreement.objects.get()
    assert made["Location"] == f"{URL}{agreement.pk}/"
    page = text(client.get(made["Location"]))
    assert "Un financeur public est dans le budget : « Région Grand Est »" in page
    assert "paramètre fictif" in page
    assert text(client.get(f"/bureau/dossiers/{file.reference}/")).count(f"{URL}{agreement.pk}/") == 1
    data = {
        "purpose": "Un objet", "starts_on": "2025-03-01", "ends_on": "2025-01-01", "eligible_base_cents": "100 000",
        "aid_regime": "none", "aid_group": "123", "public_cofunders": ["Région Grand Est"],
    }  # fmt: skip
    refused = client.post(f"{URL}{agreement.pk}/modifier/", data)
    assert refused.status_code == 422
    assert client.post(f"{URL}{agreement.pk}/modifier/", data | {"aid_group": ""}).status_code == 422
    good = data | {"aid_group": "", "ends_on": "2026-02-28"}
    assert client.post(f"{URL}{agreement.pk}/modifier/", good).status_code == 302
    assert client.get(f"{URL}{agreement.pk}/texte.pdf").content.startswith(b"%PDF")
    assert client.post(f"{URL}{agreement.pk}/offer/").status_code == 302
    agreement.refresh_from_db()
    assert (agreement.purpose, agreement.state) == ("Un objet", "offered")
    assert client.post(f"{URL}{agreement.pk}/offer/").status_code == 403
    assert client.post(f"{URL}{agreement.pk}/recall/", {"reason": ""}).status_code == 422


def test_the_funder_signs_with_a_code(client, officer):
    agreement = scene.offered(officer)
    url = f"{URL}{agreement.pk}/signer/"
    client.post(url, {"send": "1"})
    code = re.search(r": (\d{6})$", Mail.objects.get(to=officer.email).body, re.MULTILINE)[1]
    data = {"signatory": "Jo Essai", "capacity": "Directrice", "agree": "on"}
    wrong = client.post(url, data | {"code": f"{(int(code) + 1) % 10**6:06d}"})
    assert (wrong.status_code, "pas le bon" in text(wrong)) == (422, True)
    assert client.post(url, data | {"code": code}, headers={"user-agent": "Essai"}).status_code == 302
    client_kept = agreement.signatures.get().evidence["client"]
    assert client_kept == {"address": "127.0.0.1", "agent": "Essai"}


def test_a_copy_that_waits_is_read_or_set_aside(client, officer):
    agreement = scene.offered(officer)
    said = {"party": "holder", "signatory": "A", "capacity": "B"}
    for _ in range(2):
        actions.deposit_copy(agreement, scene.pdf_file(b"%PDF-1.4 x"), **said, by=scene.owner_of(agreement))
    copies = list(agreement.application.documents.filter(key="agreement/signed-copy"))
    page = text(client.get(f"{URL}{agreement.pk}/"))
    assert page.count("attend d’être lue") == 2
    read = f"{URL}{agreement.pk}/copies/{copies[0].pk}/"
    assert client.post(read, said | {"reason": "Illisible", "refuse": "1"}).status_code == 302
    assert client.get(read).status_code == 404
    assert client.post(f"{URL}{agreement.pk}/copies/{copies[1].pk}/", said | {"reason": "Relue"}).status_code == 302
    assert agreement.signatures.get().document == copies[1]


def test_an_amendment_is_asked_here_and_answered_by_a_colleague(client, officer):
    agreement = scene.signed(officer)
    url = f"{URL}{agreement.pk}/avenant/"
    form = client.get(url).context["form"]
    data = {f"line_{n}": bound.value() for n, bound in enumerate(form.lines)}
    data |= {"granted_cents": "60 000", "ends_on": "2026-05-31", "reason": "Une cohorte de plus"}
    assert client.post(url, data | {"granted_cents": "beaucoup"}).status_code == 422
    assert client.post(url, data).status_code == 302
    amendment = Amendment.objects.get()
    assert set(amendment.changes) == {"granted_cents", "ends_on"}
    answer = f"{URL}{agreement.pk}/avenants/1/"
    assert "+10 000 € (+20 %)" in text(client.get(answer)).replace("\xa0", " ")
    assert client.post(answer, {"answer": ""}).status_code == 422  # asked by the same person
    client.force_login(scene.officer())
    assert client.post(answer, {"answer": ""}).status_code == 302
    assert client.get(f"{answer}texte.pdf").content.startswith(b"%PDF")
    assert client.get(f"{answer}signer/").status_code == 200


def test_clauses_from_the_set_to_publication(client, officer):
    client.post(f"{URL}clauses/modeles/")
    clause = Clause.objects.get(key="amount")
    url = f"{URL}clauses/{clause.pk}/"
    data = {"title": "Montant", "body": "a\n{montant}", "applies_to": "", "applies_from": "2025-01-01", "position": 4}
    wrong = client.post(url, data)
    assert (wrong.status_code, "Ligne 2" in text(wrong)) == (422, True)
    scene.sealed(scene.decided())  # publishes what is left
    data["body"] = "Aide : {amount}"
    assert client.post(url, data).status_code == 422
    agreement = actions.draft_agreement(scene.sealed(scene.decided(call=factories.call())), by=officer)
    new = client.post(f"{url}version/")["Location"]
    shown = client.post(new, data | {"preview": "1", "applies_from": "2027-01-01"})
    assert "Aide : 50 000 €" in text(shown).replace("\xa0", " ")
    assert agreement.application.title in text(shown)
    kept = client.post(new, data)
    assert kept.status_code == 302, kept.context["form"].errors
    assert client.post(f"{URL}clauses/publier/", {"all": "1"}).status_code == 302
    assert not Clause.objects.filter(published_at=None).exists()


def test_the_schedule_is_set_by_date_and_adds_up(client, officer):
    factories.call()
    url = f"{URL}clauses/echeancier/"
    data = {"applies_from": "2026-01-01", "source": "Règlement, art. 8", "condition_0": "signature", "share_0": "60"}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"condition_1": "final", "share_1": "40"}).status_code == 302
    assert PaymentTerms.objects.get().parts == [["signature", 60], ["final", 40]]


def test_a_contract_and_an_aid_are_recorded(client, officer):
    agreement = scene.draft(officer)
    data = {"signed_on": "2025-01-10", "signatory": "Camille", "version": "2021"}
    assert client.post(f"{URL}{agreement.pk}/contrat-republicain/", data).status_code == 302
    assert "signé le 10 janvier 2025 par Camille" in text(client.get(f"{URL}{agreement.pk}/"))
    aid = {"siren": "732829321", "regime": "sgei", "granted_on": "2025-01-10", "amount_cents": "1 000", "giver": "État"}
    assert client.post(f"{URL}{agreement.pk}/aides/", aid).status_code == 422
    assert client.post(f"{URL}{agreement.pk}/aides/", aid | {"siren": "732829320"}).status_code == 302
    assert StateAid.objects.get().amount_cents == 1_000_00
