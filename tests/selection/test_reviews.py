"""Reviews: who may read, a grid that keeps what is written, a recusal at once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import application, call, membership, organisation

from terreau.accounts.models import Role
from terreau.core.models import Entry, Mail
from terreau.core.moves import Refused
from terreau.projects.lifecycle import State
from terreau.projects.models import Partner
from terreau.selection import actions, queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Recusal, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return membership(Role.OFFICER).user


@pytest.fixture
def juror():
    return membership(Role.JUROR)


@pytest.fixture
def filed():
    return application(of=call(), state=State.ADMITTED)


@pytest.fixture
def review(filed, juror, officer):
    (review,) = actions.assign_reviewers(filed, [juror], by=officer)
    return Review.objects.get(pk=review.pk)


FULL = {"innovation": (4, "Une vraie nouveauté."), "impact": (3, "Des effets plausibles.")}


def test_the_first_assignment_starts_the_review(filed, juror, officer):
    other = membership(Role.JUROR)
    actions.assign_reviewers(filed, [juror], by=officer)
    actions.assign_reviewers(filed, [juror, other], by=officer)
    filed.refresh_from_db()
    assert filed.state == State.IN_REVIEW
    assert filed.reviews.count() == 2
    assert filed.reviews.first().due_on == filed.window.committee_on - timedelta(7)
    assert Entry.objects.filter(verb="start_review").count() == 1
    assert Entry.objects.filter(verb="assign_reviewers").count() == 2


def test_a_juror_hears_of_new_files_once_a_day(juror, officer):
    one = call()
    for _number in range(3):
        actions.assign_reviewers(application(of=one, state=State.ADMITTED), [juror], by=officer)
    assert Mail.objects.filter(to=juror.user.email).count() == 1


def test_a_draft_takes_no_reviewer(juror, officer):
    from terreau.core.moves import WrongMoment

    with pytest.raises(WrongMoment):
        actions.assign_reviewers(application(of=call(), state=State.DRAFT), [juror], by=officer)


def test_a_member_of_the_holder_or_of_a_partner_may_not_read(filed, juror, officer):
    partner = organisation()
    Partner.objects.create(application=filed, name="Partenaire", siret=partner.siret)
    friend = membership(Role.JUROR)
    membership(Role.HOLDER, person=juror.user, of=filed.holder)
    membership(Role.CONTACT, person=friend.user, of=partner)
    for bound in (juror, friend):
        with pytest.raises(Refused, match="lié·e"):
            actions.assign_reviewers(filed, [bound], by=officer)
    assert not filed.reviews.exists()


def test_only_a_juror_of_the_funder_may_read(filed, officer):
    elsewhere = membership(Role.JUROR, of=organisation())
    gone = membership(Role.JUROR)
    gone.left_at = timezone.now()
    gone.save()
    for nobody in (elsewhere, gone, membership(Role.OFFICER)):
        with pytest.raises(Refused, match="jury"):
            actions.assign_reviewers(filed, [nobody], by=officer)


def test_partial_scores_are_kept_and_the_state_tells(review, juror):
    saved = actions.save_review(review, {"innovation": (4, "")}, "À relire", by=juror.user)
    review.refresh_from_db()
    assert [s.status for s in saved] == ["saved", "saved"]
    assert (review.state, review.comment) == (ReviewState.STARTED, "À relire")
    assert [c.key for c in queries.missing_marks(review)] == ["innovation", "impact"]
    again = actions.save_review(review, {"innovation": (4, "")}, "À relire", by=juror.user)
    assert [s.status for s in again] == ["unchanged", "unchanged"]
    assert Entry.objects.filter(verb="save_review").count() == 1


def test_a_stale_page_overwrites_nothing(review, juror):
    actions.save_review(review, {"innovation": (4, "Première page")}, None, by=juror.user, bases={"innovation": 0})
    (late,) = actions.save_review(
        review, {"innovation": (2, "Seconde page")}, None, by=juror.user, bases={"innovation": 0}
    )
    assert (late.status, late.other) == ("conflict", (4, "Première page"))
    assert review.scores.get().justification == "Première page"
    (kept,) = actions.save_review(
        review, {"innovation": (2, "Seconde page")}, None, by=juror.user, bases={"innovation": late.version}
    )
    assert kept.status == "saved"


@pytest.mark.parametrize("scores", [{"innovation": (6, "")}, {"innovation": (-1, "")}, {"unknown": (1, "")}])
def test_a_score_outside_the_grid_is_refused(review, juror, scores):
    with pytest.raises(ValueError, match=r"note|critère"):
        actions.save_review(review, scores, None, by=juror.user)


def test_a_review_is_rendered_whole_and_then_closed(review, juror):
    actions.save_review(review, {"innovation": (4, "Oui")}, None, by=juror.user)
    with pytest.raises(Refused, match="Effets attendus"):
        actions.render_review(review, by=juror.user)
    actions.save_review(review, FULL, "Bon projet", by=juror.user)
    done = actions.render_review(review, by=juror.user)
    assert done.total == round(100 * (2 * 4 / 5 + 3 / 5) / 3, 4)
    assert done.rendered_at
    for write in (
        lambda: actions.save_review(review, FULL, "Autre", by=juror.user),
        lambda: actions.render_review(review, by=juror.user),
        lambda: actions.recuse(review, "", by=juror.user),
    ):
        with pytest.raises(Refused, match="modifiée"):
            write()


def test_a_recusal_takes_the_file_away_and_tells_the_office(review, juror, officer):
    assert list(queries.jury_files(juror.user)) == [review]
    actions.recuse(review, "Je connais la directrice.", by=juror.user)
    assert list(queries.jury_files(juror.user)) == []
    assert Mail.objects.filter(to=officer.email, subject__contains=review.application.reference).count() == 1
    assert Recusal.objects.get().member == juror
    with pytest.raises(Refused, match="déporté"):
        actions.assign_reviewers(review.application, [membership(Role.JUROR), juror], by=officer)
    assert review.application.reviews.count() == 1


def test_scope_ends_with_the_role_and_with_a_new_bond(review, juror):
    stranger = membership(Role.JUROR)
    assert list(queries.jury_files(stranger.user)) == []
    bond = membership(Role.HOLDER, person=juror.user, of=review.application.holder)
    assert list(queries.jury_files(juror.user)) == []
    bond.delete()
    assert list(queries.jury_files(juror.user)) == [review]
    juror.left_at = timezone.now()
    juror.save()
    assert list(queries.jury_files(juror.user)) == []


def test_a_file_is_taken_back_while_nothing_is_written(review, juror, officer):
    actions.save_review(review, {"impact": (1, "")}, None, by=juror.user)
    with pytest.raises(Refused, match="commencée"):
        actions.unassign(review, by=officer)
    (other,) = actions.assign_reviewers(review.application, [membership(Role.JUROR)], by=officer)
    actions.unassign(other, by=officer)
    assert review.application.reviews.get() == review


def test_the_late_are_reminded_once_a_day(review, juror, officer):
    assert actions.remind_jurors(review.application.window, [juror], by=officer) == 0
    Review.objects.update(due_on=timezone.localdate() - timedelta(1))
    for _twice in range(2):
        assert actions.remind_jurors(review.application.window, [juror], by=officer) == 1
    assert Mail.objects.filter(key__startswith="review-late").count() == 1
    (load,) = queries.juror_loads(review.application.window)
    assert (load.assigned, load.done, load.late, load.waiting) == (1, 0, 1, 1)


def test_an_opinion_counts_with_a_verdict_and_a_text(filed):
    delegate = membership(Role.DELEGATE)
    write = {"verdict": "favourable", "scores": {"impact": 3}, "by": delegate.user}
    assert actions.record_opinion(filed, delegate, text=" ", **write).rendered_at is None
    assert actions.record_opinion(filed, delegate, text="Ancré dans le bassin.", **write).rendered_at
    assert filed.opinions.count() == 1
    with pytest.raises(ValueError, match="critère"):
        actions.record_opinion(filed, delegate, text="", **write | {"scores": {"impact": 9}})
