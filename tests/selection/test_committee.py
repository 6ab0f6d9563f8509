"""The committee: proposals within bounds, an envelope that adds up, a seal that nothing passes."""

from typing import NamedTuple

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import application, call, membership, region

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.core.moves import Refused
from terreau.projects.lifecycle import State
from terreau.selection import actions, queries
from terreau.selection.lifecycle import Outcome, ReviewState, Sealed
from terreau.selection.models import Decision, Letter, Opinion, Review

MILLION = 100_000_000


@pytest.fixture
def chair(db):
    return membership(Role.CHAIR)


@pytest.fixture
def files(db):
    one = call()
    return [application(of=one, state=State.IN_REVIEW, region=region(), themes=["mobility"]) for _n in range(3)]


@pytest.fixture
def committee(files, chair):
    return actions.convene(files[0].window, by=chair.user)


def decide_all(committee, files, chair):
    actions.propose(committee, files[0], "selected", amount_cents=4_000_000, by=chair.user)
    actions.propose(committee, files[1], "reserve", by=chair.user)
    actions.propose(committee, files[2], "declined", reason="Hors des publics de l’appel.", by=chair.user)


def test_files_are_ranked_by_the_mean_of_rendered_reviews(files):
    for number, totals in enumerate([(50.0, 70.0), (90.0,), ()]):
        for total in totals:
            Review.objects.create(
                application=files[number], juror=membership(Role.JUROR), state=ReviewState.DONE, total=total
            )
    Review.objects.create(application=files[1], juror=membership(Role.JUROR), state=ReviewState.STARTED, total=1.0)
    Opinion.objects.create(
        application=files[0], delegate=membership(Role.DELEGATE), verdict="favourable", rendered_at=timezone.now()
    )
    rows = queries.ranking(files[0].window)
    assert [r.application_id for r in rows] == [files[1].pk, files[0].pk, files[2].pk]
    assert [(r.rank, r.mean, r.reviews, r.expected_reviews, r.spread) for r in rows] == [
        (1, 90.0, 1, 2, 0.0),
        (2, 60.0, 2, 2, 20.0),
        (3, None, 0, 0, None),
    ]
    assert queries.verdicts([files[0].pk]) == {files[0].pk: ["favourable"]}
    assert rows[1].themes == ("mobility",)


@pytest.mark.parametrize(
    ("outcome", "amount", "reason", "words"),
    [
        ("selected", 0, "", "Indiquez"),
        ("selected", -1, "", "Indiquez"),
        ("selected", 5_000_001, "", "demandés"),
        ("selected", 499_999, "", "minimum"),
        ("declined", None, "  ", "motif"),
        ("perhaps", None, "", "perhaps"),
    ],
)
def test_a_proposal_outside_the_rules_is_refused(committee, files, chair, outcome, amount, reason, words):
    with pytest.raises(ValueError, match=words):
        actions.propose(committee, files[0], outcome, amount_cents=amount, reason=reason, by=chair.user)
    assert not Decision.objects.exists()


def test_the_maximum_of_the_call_binds(committee, files, chair):
    files[0].requested_cents = 30_000_000
    files[0].save()
    with pytest.raises(ValueError, match="maximum"):
        actions.propose(committee, files[0], "selected", by=chair.user)


def test_a_proposal_changes_until_the_seal_and_the_log_keeps_each(committee, files, chair):
    actions.propose(committee, files[0], "selected", by=chair.user, votes=(5, 1, 0))
    actions.propose(committee, files[0], "declined", reason="Budget fragile.", by=chair.user)
    decision = Decision.objects.get()
    assert (decision.outcome, decision.amount_cents) == (Outcome.DECLINED, None)
    actions.withdraw_proposal(committee, files[0], by=chair.user)
    assert not Decision.objects.exists()
    assert [e.verb for e in queries.decision_log(committee)] == ["withdraw_proposal", "propose", "propose", "convene"]
    assert queries.decision_log(committee)[1].details["before"] == ["selected", 5_000_000]


def test_a_file_of_another_window_or_not_in_review_is_not_before_the_committee(committee, files, chair):
    files[1].state = State.ADMITTED
    for stranger in (application(state=State.IN_REVIEW), files[1]):
        with pytest.raises(Refused, match="devant ce comité"):
            actions.propose(committee, stranger, "reserve", by=chair.user)


def test_a_recused_member_neither_sees_nor_decides(committee, files, chair):
    actions.recuse_member(committee, files[0], chair, "Administratrice de la structure.", by=chair.user)
    assert queries.recused_files(chair.user, committee.window) == {files[0].pk}
    with pytest.raises(Refused, match="déporté"):
        actions.propose(committee, files[0], "reserve", by=chair.user)
    actions.propose(committee, files[0], "reserve", by=membership(Role.OFFICER).user)


def test_the_seal_settles_everything_at_once(committee, files, chair):
    decide_all(committee, files, chair)
    sealed = actions.seal(committee, by=chair.user)
    for file in files:
        file.refresh_from_db()
    assert [f.state for f in files] == [State.SELECTED, State.RESERVE, State.DECLINED]
    assert [f.granted_cents for f in files] == [4_000_000, None, None]
    assert [f.shown_state for f in files] == [State.IN_REVIEW] * 3
    assert not any(queries.told(f) for f in files)
    assert not queries.published().exists()
    assert (len(sealed.digest), sealed.sealed_by) == (64, chair.user)
    assert Letter.objects.filter(state="draft").count() == 3
    assert Entry.objects.get(verb="seal").details["total_cents"] == 4_000_000
    assert [r.outcome for r in queries.ranking(committee.window)] == ["selected", "reserve", "declined"]
    for write in (
        lambda: actions.propose(committee, files[0], "reserve", by=chair.user),
        lambda: actions.seal(committee, by=chair.user),
        lambda: actions.recuse_member(committee, files[0], chair, "", by=chair.user),
    ):
        with pytest.raises(Sealed):
            write()


def test_what_is_sealed_never_changes(committee, files, chair):
    decide_all(committee, files, chair)
    actions.seal(committee, by=chair.user)
    decision = Decision.objects.get(application=files[0])
    for change in (
        lambda: Decision.objects.filter(pk=decision.pk).update(amount_cents=1),
        lambda: Decision.objects.filter(pk=decision.pk).update(reason="Autre"),
        lambda: Decision.objects.create(
            committee=committee, application=application(state=State.IN_REVIEW), outcome="reserve"
        ),
        lambda: type(committee).objects.update(sealed_at=None),
        lambda: type(committee).objects.update(digest=""),
    ):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            change()
    Letter.objects.all().delete()
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        decision.delete()
    Decision.objects.update(decided_by=None)  # an account may be forgotten


def test_the_seal_is_refused_with_every_reason(committee, files, chair):
    window = committee.window
    window.envelope_cents = 3_000_000
    window.save()
    assert queries.obstacles(committee)[0] == "Aucune décision n’est proposée."
    actions.propose(committee, files[0], "selected", amount_cents=4_000_000, by=chair.user)
    with pytest.raises(Refused, match="2 dossiers sont encore sans décision") as refusal:
        actions.seal(committee, by=chair.user)
    assert "dépassée de 10" in refusal.value.reasons[1].replace("\u202f", "").replace("\xa0", "")
    files[0].refresh_from_db()
    assert files[0].state == State.IN_REVIEW


def test_a_file_withdrawn_after_its_proposal_is_set_aside(committee, files, chair):
    decide_all(committee, files, chair)
    from terreau.projects.actions import move

    move(files[0], "withdraw", by=chair.user)
    actions.seal(committee, by=chair.user)
    files[0].refresh_from_db()
    assert files[0].state == State.WITHDRAWN
    assert Letter.objects.count() == 2
    assert Entry.objects.get(verb="seal").details["set_aside"] == [files[0].reference]


class Line(NamedTuple):
    requested_cents: int
    proposed_cents: int | None
    region: str
    kind: str
    themes: tuple[str, ...]


lines = st.lists(
    st.builds(
        lambda asked, share, region, kind, themes: Line(
            asked, None if share is None else int(asked * share), region, kind, tuple(themes)
        ),
        st.integers(0, 20 * MILLION),
        st.none() | st.floats(0, 1),
        st.sampled_from(["Grand Est", "Bretagne", ""]),
        st.sampled_from(["pilot", "scaling"]),
        st.sets(st.sampled_from(["mobility", "mentoring"])),
    ),
    max_size=20,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 100 * MILLION), lines, st.randoms())
def test_the_envelope_adds_up(cents, rows, shuffle):
    found = queries.consume(cents, rows)
    spent = sum(r.proposed_cents or 0 for r in rows)
    assert found.remaining_cents == cents - spent
    assert found.is_over == (spent > cents)
    for shares in (found.by_region, found.by_kind):
        assert sum(s.proposed_cents for s in shares) == spent
        assert sum(s.requested_cents for s in shares) == sum(r.requested_cents for r in rows)
        assert sum(s.files for s in shares) == len(rows)
        assert all(s.proposed_cents <= s.asked_by_selected_cents <= s.requested_cents for s in shares)
    for share in found.by_theme:
        assert share.proposed_cents == sum(r.proposed_cents or 0 for r in rows if share.key in r.themes)
    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    assert queries.consume(cents, shuffled) == found


def test_the_envelope_of_a_window_reads_the_decisions(committee, files, chair):
    decide_all(committee, files, chair)
    found = queries.envelope(committee.window)
    assert (found.cents, found.total.proposed_cents, found.remaining_cents) == (200_000_000, 4_000_000, 196_000_000)
    assert [(s.key, s.selected, s.files) for s in found.by_region] == [("Grand Est", 1, 3)]
    assert [(s.key, s.proposed_cents) for s in found.by_theme] == [("mobility", 4_000_000)]
