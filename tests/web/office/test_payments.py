"""Payments in the office, as people click: due, prepared, approved by another, handed over once, answered."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.funding.paid import FUNDER_IBAN, IBANS, agreements, first_instalments, officer

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.funding.actions.bank_accounts import enter_account
from terreau.funding.actions.payment_runs import approve_run, prepare_run, send_run
from terreau.funding.lifecycle import InstalmentState, RunState
from terreau.funding.models import BankAccount, Movement, PaymentRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(client):
    person = officer()
    client.force_login(person)
    return person


def the_run(made, by):
    funder = made[0].application.call.funder
    return prepare_run(funder, first_instalments(made), executes_on=timezone.localdate(), by=by)


def prepare(client, made):
    ticked = [i.pk for i in first_instalments(made)]
    return client.post(reverse("office:payments"), {"instalments": ticked, "executes_on": timezone.localdate()})


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_for_one_row_and_for_three(client, one, number, django_assert_num_queries):
    made = agreements(number)
    pages = {"payments": 10, "runs": 5, "accounts": 7}
    for page, queries in pages.items():
        client.get(reverse(f"office:{page}"))
        with django_assert_num_queries(queries):
            assert client.get(reverse(f"office:{page}")).status_code == 200
    run = the_run(made, one)
    with django_assert_num_queries(7):
        assert client.get(reverse("office:run", args=[run.pk])).status_code == 200
    page = client.get(reverse("office:runs")).content.decode()
    assert run.number in page


def test_from_the_list_to_the_bank_and_back(client, one):
    made, other = agreements(3), officer()
    assert prepare(client, made).status_code == 302
    run = PaymentRun.objects.get()
    address = reverse("office:run", args=[run.pk])
    assert client.post(reverse("office:run-approve", args=[run.pk])).status_code == 403
    client.force_login(other)
    assert "Approuver" in client.get(address).content.decode()
    assert client.get(reverse("office:run-xml", args=[run.pk])).status_code == 404
    for verb in ("approve", "send"):
        assert client.post(reverse(f"office:run-{verb}", args=[run.pk])).status_code == 302
        assert client.post(reverse(f"office:run-{verb}", args=[run.pk])).status_code == 403
    files = [client.get(reverse("office:run-xml", args=[run.pk])).content for _ in range(2)]
    assert files[0] == files[1]
    assert client.get(reverse("office:run-csv", args=[run.pk])).content.count(b"\r\n") == 4
    first, second, third = run.payments.order_by("pk")
    answer = f"reference;statut;motif\n{first.end_to_end};execute;\n{second.end_to_end};rejete;Compte clos\nX;paid;"
    for _ in range(2):
        upload = SimpleUploadedFile("retour.csv", answer.encode())
        sent = {"file": upload, "on": timezone.localdate()}
        page = client.post(reverse("office:bank-return"), sent, follow=True).content.decode()
        assert "laissées de côté" in page
    assert "2 déjà connus" in page
    by_hand = {"payments": [third.pk], "on": timezone.localdate()}
    page = client.post(reverse("office:run-settle", args=[run.pk]), by_hand, follow=True).content.decode()
    assert "Compte clos" in page
    assert PaymentRun.objects.get().state == RunState.SETTLED
    assert list(first_instalments(made).values_list("state", flat=True)) == ["paid", "due", "paid"]
    assert Movement.objects.filter(cause="settle").count() == 2


def test_what_cannot_be_prepared_is_told_on_the_page(client, one):
    made = agreements(2)
    for ticked, words in (([], "Choisissez"), ([10**6], "n’est plus à payer")):
        page = client.post(reverse("office:payments"), {"instalments": ticked, "executes_on": timezone.localdate()})
        assert page.status_code == 422
        assert words in page.content.decode()
    late = client.post(reverse("office:payments"), {"instalments": [], "executes_on": "2020-01-01"})
    assert "Cette date est passée" in late.content.decode()
    enter_account(made[0].holder, "Autre", IBANS[3], by=None)
    page = client.get(reverse("office:payments")).content.decode()
    assert "1 compte bancaire attend" in page
    assert "n’est pas vérifié" in prepare(client, made).content.decode()
    assert not PaymentRun.objects.exists()


def test_a_run_is_cancelled_and_an_instalment_kept_back_with_a_reason(client, one):
    made = agreements(1)
    run = the_run(made, one)
    address = reverse("office:run-cancel", args=[run.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Erreur"}).status_code == 302
    instalment = first_instalments(made).get()
    address = reverse("office:payment-hold", args=[instalment.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "Pièce manquante"}).status_code == 302
    instalment.refresh_from_db()
    assert instalment.state == InstalmentState.PLANNED
    assert client.post(address, {"reason": "Pièce manquante"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "vide"), (b"a;b\n1;2", "colonnes"), (b"<x/>", "pain.002"), (b"reference;statut\nA;peut-etre", "inconnu")],
)
def test_a_return_that_cannot_be_read_says_why(client, one, content, words):
    agreements(1)
    upload = SimpleUploadedFile("retour", content or b"\n")
    page = client.post(reverse("office:bank-return"), {"file": upload, "on": timezone.localdate()})
    assert page.status_code == 422
    assert words in page.content.decode()


def test_an_account_is_checked_by_another_than_who_typed_it(client, one):
    made = agreements(1)
    typed = {"holder_name": "Le financeur", "iban": FUNDER_IBAN, "bic": "X"}
    page = client.post(reverse("office:accounts"), typed)
    assert page.status_code == 422
    assert "Le BIC" in page.content.decode()
    assert client.post(reverse("office:accounts"), typed | {"bic": ""}).status_code == 302
    own = BankAccount.objects.get(organisation=made[0].application.call.funder, replaced_at=None)
    address = reverse("office:account", args=[own.pk])
    assert "une autre personne" in client.get(address).content.decode()
    assert client.post(address).status_code == 403
    client.force_login(officer())
    assert client.post(address, {"refuse": "1", "reason": ""}).status_code == 422
    assert client.post(address).status_code == 302
    own.refresh_from_db()
    assert own.checked_at
    assert client.get(reverse("office:account-proof", args=[own.pk])).status_code == 404


def test_another_funder_sees_none_of_it(client):
    made = agreements(1)
    run = the_run(made, officer())
    other = factories.organisation(kind="funder", name="Autre")
    client.force_login(factories.membership(Role.OFFICER, of=other).user)
    assert client.get(reverse("office:run", args=[run.pk])).status_code == 404
    account = made[0].holder.bank_accounts.get()
    assert client.get(reverse("office:account", args=[account.pk])).status_code == 404


@pytest.fixture
def pdf():
    return b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_holder_gives_an_account_with_its_proof_and_changes_it(client, pdf):
    made = agreements(1)
    application = made[0].application
    client.force_login(application.collaborators.get(role="owner").membership.user)
    address = reverse("applicant:bank", args=[application.reference])
    typed = {"holder_name": "Asso", "iban": IBANS[1], "proof": SimpleUploadedFile("rib.pdf", pdf)}
    page = client.post(address, typed | {"iban": "FR00", "proof": SimpleUploadedFile("rib.pdf", pdf)})
    assert page.status_code == 422
    assert "L’IBAN « FR00 » est faux" in page.content.decode()
    assert client.post(address, {"holder_name": "Asso", "iban": IBANS[1]}).status_code == 422
    text = SimpleUploadedFile("rib.pdf", b"pas un pdf")
    assert client.post(address, typed | {"proof": text}).status_code == 422
    assert made[0].holder.bank_accounts.count() == 1
    assert client.post(address, typed).status_code == 302
    account = made[0].holder.bank_accounts.get(replaced_at=None)
    assert (account.iban, account.checked_at, account.proof.name) == (IBANS[1], None, "rib.pdf")
    assert "en cours de vérification" in client.get(address).content.decode()
    client.force_login(officer())
    office = reverse("office:account", args=[account.pk])
    proof = client.get(reverse("office:account-proof", args=[account.pk]))
    assert proof.getvalue() == pdf
    client.post(office, {"refuse": "1", "reason": "Au nom d’un tiers"})
    client.force_login(application.collaborators.get(role="owner").membership.user)
    assert "Au nom d’un tiers" in client.get(address).content.decode()
    assert Entry.objects.filter(verb="refuse_account").exists()


def test_a_run_sent_and_not_answered_says_what_to_do(client, one):
    made = agreements(1)
    run = send_run(approve_run(the_run(made, officer()), by=one), by=one)
    page = client.get(reverse("office:run", args=[run.pk])).content.decode()
    assert run.digest in page
    assert "une seule fois" in page
