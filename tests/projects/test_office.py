"""What the office does to a file: moves, journal, mail."""

from datetime import timedelta

import factories
import pytest
from django.core import mail
from django.utils import timezone

from terreau.accounts.models import Role
from terreau.core import journal
from terreau.core.moves import WrongMoment
from terreau.projects import actions
from terreau.projects.lifecycle import State
from terreau.projects.queries import for_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return factories.person(Role.OFFICER)


@pytest.fixture
def owner():
    return factories.membership(Role.HOLDER)


@pytest.fixture
def filed(owner):
    return factories.application(owner=owner, state=State.SUBMITTED)


def tomorrow():
    return timezone.localdate() + timedelta(days=10)


@pytest.mark.parametrize(
    ("start", "verb", "details", "end"),
    [
        (State.SUBMITTED, "admit", {}, State.ADMITTED),
        (State.SUBMITTED, "declare_ineligible", {"rule": "Âge", "reason": "Créée hier."}, State.INELIGIBLE),
        (State.INELIGIBLE, "reconsider", {"reason": "Erreur."}, State.SUBMITTED),
        (State.ADMITTED, "reopen", {"reason": "Budget à revoir."}, State.DRAFT),
        (State.ADMITTED, "start_review", {}, State.IN_REVIEW),
        (State.INCOMPLETE, "complete", {}, State.SUBMITTED),
    ],
)
def test_a_verb_moves_the_file_and_leaves_one_line(officer, owner, start, verb, details, end):
    application = factories.application(owner=owner, state=start)
    getattr(actions, verb)(application, by=officer, **details)
    application.refresh_from_db()
    assert application.state == end
    (line,) = journal.history(application)
    assert (line.verb, line.actor_id) == (verb, officer.pk)
    assert {k: line.details.get(k) for k in details} == details


def test_the_wrong_moment_changes_nothing(officer, owner):
    application = factories.application(owner=owner, state=State.SELECTED)
    with pytest.raises(WrongMoment):
        actions.admit(application, by=officer)
    assert journal.history(application).count() == 0


def test_the_second_of_two_who_decide_is_refused(officer, filed):
    stale = type(filed).objects.get(pk=filed.pk)
    actions.admit(filed, by=officer)
    with pytest.raises(WrongMoment):
        actions.admit(stale, by=officer)


def test_missing_pieces_are_asked_and_answered(officer, owner, filed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        request = actions.ask_for_missing(
            filed, items=["Statuts", "Budget signé"], message="Merci.", due_on=tomorrow(), by=officer
        )
    assert filed.state == State.INCOMPLETE
    (letter,) = mail.outbox
    assert letter.to == [owner.user.email]
    assert "- Statuts\n- Budget signé" in letter.body
    assert filed.title in letter.body
    actions.complete(filed, by=owner.user)
    request.refresh_from_db()
    assert filed.state == State.SUBMITTED
    assert request.answered_at is not None


@pytest.mark.parametrize(("items", "days"), [([], 5), (["Statuts"], 0)])
def test_a_request_says_what_is_missing_and_leaves_time(officer, filed, items, days):
    due_on = timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValueError, match=r"manque|délai"):
        actions.ask_for_missing(filed, items=items, message=" ", due_on=due_on, by=officer)


def test_ineligibility_names_its_rule(officer, filed):
    with pytest.raises(ValueError, match="motif"):
        actions.declare_ineligible(filed, rule="", reason="Non.", by=officer)


def test_the_letter_speaks_the_language_of_its_reader(officer, owner, filed, django_capture_on_commit_callbacks):
    owner.user.language = "en"
    owner.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        actions.reopen(filed, reason="Budget.", by=officer)
    assert filed.reference in mail.outbox[0].subject


def test_a_message_is_announced_to_the_other_side(officer, owner, filed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.write_message(filed, "Bonjour, une précision ?", by=officer, from_office=True)
        actions.write_message(filed, "Voici.", by=owner.user, from_office=False)
    assert [m.to for m in mail.outbox] == [[owner.user.email], [officer.email]]
    assert "précision" not in mail.outbox[0].body


def test_who_left_the_organisation_hears_no_more(officer, owner, filed, django_capture_on_commit_callbacks):
    owner.left_at = timezone.now()
    owner.save()
    with django_capture_on_commit_callbacks(execute=True):
        actions.admit(filed, by=officer)
    assert mail.outbox == []


def test_sharing_shows_the_file_to_other_delegates(officer):
    est, ouest = factories.region(), factories.region("53", "Bretagne")
    application = factories.application(state=State.SUBMITTED, region=est)
    delegate = factories.person(Role.DELEGATE, regions=[ouest])
    assert not for_office(delegate).exists()
    actions.share_with_regions(application, [ouest], by=officer)
    assert list(for_office(delegate)) == [application]
    assert set(application.regions.all()) == {est, ouest}
