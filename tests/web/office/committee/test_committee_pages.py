"""The committee's pages: who comes in, decisions one by one and in batch, the seal by the chair alone."""

import pytest
from django.urls import reverse
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import actions, queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Decision, Recusal, Review

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def call():
    return factories.call()


@pytest.fixture
def window(call):
    return call.windows.get()


@pytest.fixture
def files(call):
    return [factories.application(of=call, state=State.IN_REVIEW, region=factories.region()) for _n in range(3)]


@pytest.fixture
def chair(client):
    chair = factories.membership(Role.CHAIR)
    client.force_login(chair.user)
    return chair


def at(name, window, *more):
    return reverse(f"office:{name}", args=[window.pk, *more])


def decided(window, files, by):
    committee = actions.convene(window, by=by)
    for file in files:
        actions.propose(committee, file, "reserve", by=by)
    return committee


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_questions_whatever_its_length(
    client, chair, call, window, rows, django_assert_num_queries
):
    for number in range(rows):
        file = factories.application(of=call, state=State.IN_REVIEW, region=factories.region(), themes=["mobility"])
        Review.objects.create(
            application=file, juror=factories.membership(Role.JUROR), state=ReviewState.DONE, total=50.0 + number
        )
    decided(window, [file], chair.user)
    with django_assert_num_queries(14):
        page = client.get(at("committee", window))
    assert page.content.decode().count('class="decision-cell"') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_committees(client, chair, rows, django_assert_num_queries):
    for _number in range(rows):
        factories.call()
    with django_assert_num_queries(5):
        page = client.get(reverse("office:committees"))
    assert page.content.decode().count("rien à décider") == rows


@pytest.mark.parametrize("role", [Role.JUROR, Role.DELEGATE, Role.HOLDER, Role.CONTACT])
def test_the_committee_does_not_exist_for_others(client, window, files, role):
    client.force_login(factories.person(role))
    for name in ("committee", "committee-envelope", "committee-seal", "committee-log", "committee-export"):
        assert client.get(at(name, window)).status_code == 404
    assert client.get(at("committee-file", window, files[0].pk)).status_code == 404


def test_the_committee_of_another_funder_does_not_exist(client, window, files):
    elsewhere = factories.membership(Role.CHAIR, of=factories.organisation(kind="funder"))
    client.force_login(elsewhere.user)
    assert client.get(at("committee", window)).status_code == 404


def test_a_decision_by_htmx_answers_its_cell_and_calls_the_envelope_again(client, chair, window, files):
    answer = client.post(
        at("committee-decide", window, files[0].pk), {"outcome": "selected", "amount": "40 000"}, **HTMX
    )
    assert answer["HX-Trigger"] == "envelope-changed"
    assert f'id="decision-{files[0].pk}"' in answer.content.decode()
    assert Decision.objects.get().amount_cents == 4_000_000
    assert "40" in client.get(at("committee-envelope", window)).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"outcome": "selected", "amount": "60 000"}, "dépasse"),
        ({"outcome": "selected", "amount": "beaucoup"}, "n’est pas un montant"),
        ({"outcome": "declined", "reason": " "}, "motif"),
    ],
)
def test_a_refused_decision_says_why_and_keeps_what_was_typed(client, chair, window, files, typed, words):
    address = at("committee-decide", window, files[0].pk)
    for answer in (client.post(address, typed, **HTMX), client.post(address, typed)):
        text = answer.content.decode()
        assert words in text
        assert typed.get("amount", "") in text
    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_an_empty_choice_takes_the_proposal_back(client, chair, window, files):
    decided(window, files[:1], chair.user)
    client.post(at("committee-decide", window, files[0].pk), {"outcome": ""})
    assert not Decision.objects.exists()


def test_decisions_in_batch_for_ticked_files_or_for_the_whole_filter(client, chair, window, files):
    client.post(at("committee-batch", window), {"files": [files[0].pk], "outcome": "selected"})
    assert Decision.objects.get().amount_cents == files[0].requested_cents
    client.post(
        at("committee-batch", window), {"all": "1", "decision": "none", "outcome": "declined", "reason": "Hors appel"}
    )
    assert sorted(Decision.objects.values_list("outcome", flat=True)) == ["declined", "declined", "selected"]
    answer = client.post(at("committee-batch", window), {"all": "1", "outcome": "declined"}, follow=True)
    assert "Un refus dit son motif" in answer.content.decode()


def test_filters_and_orders(client, chair, window, files):
    files[1].title, files[1].requested_cents = "Élan rural", 9_000_000
    files[1].save()
    page = client.get(at("committee", window), {"q": "elan"}).content.decode()
    assert files[1].reference in page
    assert files[0].reference not in page
    page = client.get(at("committee", window), {"tri": "requested"})
    assert page.context["lines"][0][0].application_id == files[1].pk
    assert client.get(at("committee", window), {"tri": "nonsense", "page": "99"}).status_code == 200


def test_a_recused_member_neither_sees_nor_decides(client, chair, window, files):
    other = factories.membership(Role.OFFICER)
    client.post(at("committee-recuse", window, files[0].pk), {"member": chair.pk, "reason": "Ma sœur y travaille"})
    assert Recusal.objects.get().member == chair
    page = client.get(at("committee", window)).content.decode()
    assert files[0].reference not in page
    assert "vous vous êtes déporté·e" in page
    assert files[0].reference not in client.get(at("committee-log", window)).content.decode()
    assert files[0].reference not in b"".join(client.get(at("committee-export", window)).streaming_content).decode()
    assert client.get(at("committee-file", window, files[0].pk)).status_code == 404
    assert client.post(at("committee-decide", window, files[0].pk), {"outcome": "reserve"}).status_code == 404
    client.post(at("committee-batch", window), {"all": "1", "files": [files[0].pk], "outcome": "reserve"})
    assert Decision.objects.count() == 2
    client.force_login(other.user)
    assert files[0].reference in client.get(at("committee", window)).content.decode()
    assert "Ma sœur" in client.get(at("committee-log", window)).content.decode()


def test_the_file_under_discussion_shows_readings_and_opinions(client, chair, window, files):
    juror, delegate = factories.membership(Role.JUROR), factories.membership(Role.DELEGATE)
    (review,) = actions.assign_reviewers(files[0], [juror], by=chair.user)
    actions.save_review(review, {"innovation": (4, "Neuf"), "impact": (3, "Net")}, "Bien", by=juror.user)
    page = client.get(at("committee-file", window, files[0].pk)).content.decode()
    assert "Neuf" not in page
    actions.render_review(review, by=juror.user)
    actions.record_opinion(files[0], delegate, verdict="favourable", scores={}, text="Ancré ici", by=delegate.user)
    page = client.get(at("committee-file", window, files[0].pk)).content.decode()
    for words in ("Neuf", "Net", "Ancré ici", "favorable", str(juror.user)):
        assert words in page


def test_only_the_chair_seals_after_reading_what_will_happen(client, chair, window, files):
    decided(window, files, chair.user)
    client.force_login(factories.person(Role.OFFICER))
    assert client.get(at("committee-seal", window)).status_code == 403
    assert client.post(at("committee-seal", window)).status_code == 403
    client.force_login(chair.user)
    assert "Ce qui va se passer" in client.get(at("committee-seal", window)).content.decode()
    answer = client.post(at("committee-seal", window))
    assert answer.url == reverse("office:outbox", args=[window.call_id])
    for name in ("committee-seal", "committee-batch"):
        assert client.post(at(name, window)).status_code == 403
    assert client.post(at("committee-decide", window, files[0].pk), {"outcome": "reserve"}).status_code == 403
    page = client.get(at("committee", window)).content.decode()
    assert queries.committee_of(window).digest in page
    assert '<select class="form-select" id="outcome' not in page


def test_over_the_envelope_the_page_warns_and_the_seal_is_refused(client, chair, window, files):
    window.envelope_cents = 1_000_000
    window.save()
    for file in files:
        client.post(at("committee-decide", window, file.pk), {"outcome": "selected"})
    assert "dépassent l’enveloppe" in client.get(at("committee", window)).content.decode()
    assert "Sceller définitivement" not in client.get(at("committee-seal", window)).content.decode()
    answer = client.post(at("committee-seal", window), follow=True)
    assert "L’enveloppe est dépassée" in answer.content.decode()


def test_the_export_never_hands_a_formula_to_a_spreadsheet(client, chair, window, files):
    files[0].title = "=HYPERLINK(1)"
    files[0].save()
    text = b"".join(client.get(at("committee-export", window)).streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
