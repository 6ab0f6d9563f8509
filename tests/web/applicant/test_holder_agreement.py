"""The holder's agreement: hidden until it is offered, read, signed, amended."""

import re

import pytest
from tests.funding import scene

from terreau.core.models import Mail
from terreau.funding import actions
from terreau.funding.models import Agreement, Amendment

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(client):
    agreement = scene.draft()
    client.force_login(scene.owner_of(agreement))
    return agreement


def url(agreement, more=""):
    return f"/dossiers/{agreement.application.reference}/convention/{more}"


def test_a_draft_is_the_office_s_alone(client, agreement):
    assert client.get(url(agreement)).status_code == 404
    actions.offer(agreement, by=scene.officer())
    assert client.get(url(agreement)).status_code == 200
    file = client.get(f"/dossiers/{agreement.application.reference}/").content.decode()
    assert url(agreement) in file
    actions.recall(agreement, reason="Une erreur", by=scene.officer())
    assert client.get(url(agreement)).status_code == 404


def test_the_holder_records_the_contract_signs_and_downloads(client, agreement):
    officer = scene.officer()
    actions.offer(agreement, by=officer)
    page = client.get(url(agreement)).content.decode()
    assert "contrat-republicain" in page
    contract = {"signed_on": "2025-01-10", "signatory": "Camille", "version": "2021"}
    assert client.post(url(agreement, "contrat-republicain/"), contract).status_code == 302
    client.post(url(agreement, "signer/"), {"send": "1"})
    code = re.search(r": (\d{6})$", Mail.objects.get(key__startswith="signing-code").body, re.MULTILINE)[1]
    data = {"signatory": "Camille Essai", "capacity": "Présidente", "code": code}
    assert client.post(url(agreement, "signer/"), data).status_code == 422
    assert client.post(url(agreement, "signer/"), data | {"agree": "on"}).status_code == 302
    assert client.get(url(agreement, "texte.pdf")).content.startswith(b"%PDF")
    scene.sign(Agreement.objects.get(), "funder", officer)
    assert Agreement.objects.get().state == "signed"
    assert client.get(url(agreement, "signer/")).status_code == 403


def test_a_signed_copy_is_compared(client, agreement):
    offered = actions.offer(agreement, by=scene.officer())
    with offered.document.file.open("rb") as file:
        ours = file.read()
    data = {"signatory": "Camille", "capacity": "Présidente"}
    unsigned = client.post(url(agreement, "copie/"), data | {"file": scene.pdf_file(ours)})
    assert (unsigned.status_code, "sans signature" in unsigned.content.decode()) == (422, True)
    assert client.post(url(agreement, "copie/"), data | {"file": scene.pdf_file(b"texte")}).status_code == 422
    assert client.post(url(agreement, "copie/"), data | {"file": scene.pdf_file(ours + b"x")}).status_code == 302
    assert agreement.signatures.get().evidence["verdict"] == "intact"


def test_an_amendment_is_asked_and_signed(client):
    agreement = scene.signed()
    client.force_login(scene.owner_of(agreement))
    form = client.get(url(agreement, "avenant/")).context["form"]
    data = {f"line_{n}": bound.value() for n, bound in enumerate(form.lines)}
    data |= {"granted_cents": "50 000", "ends_on": "2026-05-31", "reason": "Un retard"}
    assert client.post(url(agreement, "avenant/"), data).status_code == 302
    assert client.get(url(agreement, "avenants/1/texte.pdf")).status_code == 404
    actions.approve_amendment(Amendment.objects.get(), by=scene.officer())
    page = client.get(url(agreement)).content.decode()
    assert "avenants/1/signer/" in page
    assert "+92\xa0jours" in page or "+92 jours" in page
    assert client.get(url(agreement, "avenants/1/signer/")).status_code == 200
    assert client.get(url(agreement, "avenants/1/copie/")).status_code == 200


def test_a_reader_reads_and_signs_nothing(client):
    agreement = scene.offered()
    owner = agreement.application.collaborators.get()
    owner.role = "reader"
    owner.save()
    client.force_login(owner.membership.user)
    assert client.get(url(agreement)).status_code == 200
    for more in ("signer/", "copie/", "avenant/", "contrat-republicain/"):
        assert client.get(url(agreement, more)).status_code == 403
