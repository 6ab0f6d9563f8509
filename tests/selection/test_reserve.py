"""After the seal: a file in reserve is settled once, by a decision of its own; nothing that was sealed changes."""

import pytest
from django.db import IntegrityError, transaction
from tests.factories import application, call, membership, region

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.core.moves import Refused
from terreau.projects.lifecycle import State
from terreau.selection import actions, queries
from terreau.selection.models import Decision, Letter, Recusal

EACH = 5_000_000


@pytest.fixture
def chair(db):
    return membership(Role.CHAIR)


@pytest.fixture
def committee(chair):
    """One file selected, one in reserve, sealed; half the envelope of two grants is left; letters have left."""
    one = call()
    one.windows.update(envelope_cents=2 * EACH)
    files = [application(of=one, state=State.IN_REVIEW, region=region(), requested_cents=EACH) for _n in range(2)]
    committee = actions.convene(one.windows.get(), by=chair.user)
    for file, outcome in zip(files, ("selected", "reserve"), strict=True):
        actions.propose(committee, file, outcome, by=chair.user)
    committee = actions.seal(committee, by=chair.user)
    post(chair)
    return committee


def post(chair):
    Letter.objects.exclude(state="posted").update(to="porteur@exemple.fr")
    letters = list(Letter.objects.exclude(state="posted"))
    actions.approve_letters(letters, by=chair.user)
    actions.post_letters(letters, by=chair.user)


@pytest.fixture
def waiting(committee):
    return queries.reserve(committee.window).get()


def test_a_reserve_is_selected_and_the_sealed_decisions_stand(committee, waiting, chair):
    before = list(Decision.objects.order_by("pk").values())
    made = actions.settle_reserve(
        waiting, "selected", amount_cents=EACH - 100, reason="Une convention est caduque.", by=chair.user
    )
    assert list(Decision.objects.filter(follows=None).order_by("pk").values()) == before
    committee.refresh_from_db()
    line = Entry.objects.get(verb="settle_reserve")
    assert (line.subject_id, line.details["amount_cents"]) == (str(committee.pk), EACH - 100)
    assert len(line.details["digest"]) == 64
    made.application.refresh_from_db()
    assert (made.application.state, made.application.granted_cents) == (State.SELECTED, EACH - 100)
    assert made.application.shown_state == State.IN_REVIEW
    assert not queries.reserve(committee.window).exists()
    assert queries.candidates(committee.window).count() == 2
    assert {row.outcome for row in queries.ranking(committee.window)} == {"selected"}
    assert "est retenu" in made.letter.subject
    assert queries.log_lines(committee, chair.user)[0].detail.startswith("retenu")
    assert not queries.jurors_named([made.letter])
    post(chair)
    made.application.refresh_from_db()
    assert made.application.shown_state == State.SELECTED


@pytest.mark.parametrize(("outcome", "state"), [("deferred", State.DEFERRED), ("declined", State.DECLINED)])
def test_a_reserve_may_also_be_closed(committee, waiting, chair, outcome, state):
    made = actions.settle_reserve(waiting, outcome, reason="L’enveloppe est épuisée.", by=chair.user)
    made.application.refresh_from_db()
    assert (made.application.state, made.amount_cents) == (state, None)


def test_what_is_left_bounds_the_grant_and_what_lapsed_adds_to_it(committee, waiting, chair):
    committee.window.envelope_cents = EACH + 1_000_000
    committee.window.save(update_fields=["envelope_cents"])
    with pytest.raises(ValueError, match="Il ne reste que"):
        actions.settle_reserve(waiting, "selected", reason="Libéré.", by=chair.user)
    assert Decision.objects.count() == 2
    actions.settle_reserve(waiting, "selected", reason="Libéré.", freed_cents=EACH - 1_000_000, by=chair.user)
    assert queries.left_cents(committee.window) == 1_000_000 - EACH


@pytest.mark.parametrize(
    ("outcome", "reason", "words"), [("selected", " ", "pourquoi"), ("reserve", "Encore.", "Choisissez")]
)
def test_what_is_badly_asked_changes_nothing(committee, waiting, chair, outcome, reason, words):
    with pytest.raises(ValueError, match=words):
        actions.settle_reserve(waiting, outcome, reason=reason, by=chair.user)
    assert Decision.objects.count() == 2


def test_once_only_by_nobody_who_left_the_room_and_after_the_letter(committee, waiting, chair):
    Letter.objects.filter(decision=waiting).update(state="draft")
    with pytest.raises(Refused, match="doit d’abord partir"):
        actions.settle_reserve(waiting, "selected", reason="Libéré.", by=chair.user)
    Letter.objects.filter(decision=waiting).update(state="posted")
    recusal = Recusal.objects.create(application=waiting.application, member=chair)
    with pytest.raises(Refused, match="déporté"):
        actions.settle_reserve(waiting, "selected", reason="Libéré.", by=chair.user)
    recusal.delete()
    actions.settle_reserve(waiting, "selected", reason="Libéré.", by=chair.user)
    with pytest.raises(Refused, match="liste d’attente"):
        actions.settle_reserve(waiting, "declined", reason="Encore.", by=chair.user)


def test_the_database_keeps_it(committee, waiting, chair):
    """A sealed committee takes no other decision, and none of them changes or goes."""
    first = Decision.objects.get(outcome="selected")
    for wrong in (None, first):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(
                committee=committee, application=waiting.application, outcome="selected", follows=wrong
            )
    made = actions.settle_reserve(waiting, "selected", reason="Libéré.", by=chair.user)
    for change in ({"amount_cents": 1}, {"follows": None}, {"reason": "Autre."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=made.pk).update(**change)
    made.letter.delete()
    with pytest.raises(IntegrityError, match="delete refused"), transaction.atomic():
        Decision.objects.get(pk=made.pk).delete()
