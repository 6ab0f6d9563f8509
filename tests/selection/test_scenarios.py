"""Scenarios: a question frozen once, an answer that never changes, a replay from what was kept."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import application, call, membership, region

from terreau.accounts.models import Role
from terreau.core import immutable
from terreau.core.models import Entry
from terreau.core.moves import Refused
from terreau.methods.selection.outcome import Status
from terreau.projects.lifecycle import State
from terreau.projects.queries import digest
from terreau.selection import actions, queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Committee, Decision, Departure, Input, Recusal, Review, Scenario
from terreau.selection.rulebook import Line, Parameters, dump, parse, swayed

SCORES = (80.0, 60.0, 40.0)
EACH = 5_000_000


@pytest.fixture
def chair(db):
    return membership(Role.CHAIR)


def read(file, *scores):
    for score in scores:
        Review.objects.create(application=file, juror=membership(Role.JUROR), state=ReviewState.DONE, total=score)


@pytest.fixture
def files(db):
    one = call()
    one.windows.update(envelope_cents=2 * EACH)
    made = [
        application(of=one, state=State.IN_REVIEW, region=region(), themes=["mobility"], publics={"cadre": 10 * n + 5})
        for n in range(3)
    ]
    for file, score in zip(made, SCORES, strict=True):
        read(file, score, score)
    return made


@pytest.fixture
def window(files):
    return files[0].call.windows.get()


def names(files):
    return {file.reference for file in files}


def run(window, chair, **parameters):
    return actions.run_selection(window, Parameters(**parameters), by=chair.user)


def test_the_best_portfolio_within_the_envelope(window, files, chair):
    scenario = run(window, chair)
    assert scenario.outcome["status"] == Status.OPTIMAL
    assert scenario.outcome["granted"] == {f.reference: EACH for f in files[:2]}
    assert Entry.objects.get(verb="run_selection").details["input"] == scenario.input_id


def test_the_question_is_frozen_under_its_own_digest(window, files, chair):
    frozen = run(window, chair).input
    assert digest(frozen.content) == frozen.digest
    assert {file["id"] for file in frozen.content["files"]} == names(files)
    text = str(frozen.content)
    assert not any(str(review.juror.user) in text for review in Review.objects.all())


def test_the_same_question_under_the_same_rules_is_one_row(window, chair):
    first, again = run(window, chair), run(window, chair)
    other = run(window, chair, margin=0.1)
    assert first == again
    assert other != first
    assert (Scenario.objects.count(), Input.objects.count()) == (2, 1)


def test_a_replay_gives_the_same_portfolio_whatever_changed_since(window, files, chair):
    scenario = run(window, chair)
    read(files[2], 100.0, 100.0, 100.0)
    files[0].requested_cents = 9_000_000
    files[0].save()
    outcome, same = actions.replay(Scenario.objects.get(pk=scenario.pk), by=chair.user)
    assert same
    assert dict(outcome.granted) == scenario.outcome["granted"]
    assert Entry.objects.get(verb="replay").details == {"same": True}


def test_what_changed_since_is_told(window, files, chair):
    scenario = run(window, chair)
    read(files[2], 100.0)
    files[0].requested_cents = 9_000_000
    files[0].save()
    files[1].state = State.WITHDRAWN
    files[1].save()
    window.envelope_cents = 3 * EACH
    window.save()
    found = queries.changes(scenario.input.content, queries.selection_input(window))
    assert [(c.reference, c.what) for c in found] == [
        ("", "envelope"),
        *sorted([(files[0].reference, "amount"), (files[1].reference, "removed"), (files[2].reference, "score")]),
    ]
    assert run(window, chair).input != scenario.input


def test_nothing_of_a_scenario_changes_but_its_name(window, chair):
    scenario = run(window, chair)
    for change in ({"outcome": {}}, {"parameters": {}}, {"digest": "0" * 64}, {"input": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Scenario.objects.filter(pk=scenario.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scenario.objects.filter(pk=scenario.pk).delete()
    for refused in (lambda: Input.objects.update(content={}), lambda: Input.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    kept = actions.keep_scenario(scenario, name=" Un par région ", kept=True, by=chair.user)
    kept.refresh_from_db()
    assert (kept.name, kept.kept) == ("Un par région", True)
    Scenario.objects.update(made_by=None)
    assert {"immutable_selection_scenario_update", "immutable_selection_input_delete"} <= immutable.guarded()


def test_forced_in_out_and_unread(window, files, chair):
    unread = application(of=files[0].call, state=State.IN_REVIEW)
    scenario = run(window, chair, forced=(files[2].reference,), excluded=(files[0].reference,))
    assert set(scenario.outcome["granted"]) == {files[1].reference, files[2].reference}
    assert unread.reference in {file["id"] for file in scenario.input.content["files"]}
    assert unread.reference in run(window, chair, forced=(unread.reference,)).outcome["granted"]


def test_a_file_that_asks_for_nothing_is_not_in_the_question_of_the_solver(window, files, chair):
    files[0].requested_cents = None
    files[0].save()
    assert files[0].reference not in queries.selection_instance(window, Parameters()).ids


def test_rules_that_cannot_hold_together_are_named(window, chair):
    lines = (Line("region", "Bretagne", "count", 1, is_floor=True),)
    scenario = run(window, chair, lines=lines)
    assert scenario.outcome["status"] == Status.INFEASIBLE
    (conflict,) = queries.load_outcome(scenario.outcome).conflict
    assert (conflict.attribute, conflict.value) == ("region", "Bretagne")
    assert queries.last_portfolio(scenario) is None
    before = run(window, chair)
    after = run(window, chair, lines=lines, margin=0.05)
    assert queries.last_portfolio(after) == before


def test_weights_mix_merit_and_participants(window, files, chair):
    scenario = run(window, chair, merit=0, participants=100)
    assert set(scenario.outcome["granted"]) == {files[1].reference, files[2].reference}


def test_a_reduced_grant_stays_over_the_least_of_the_call_and_its_share(window, files, chair):
    scenario = run(window, chair, reduce=0.6)
    assert len(scenario.outcome["granted"]) == 3
    assert all(0.6 * EACH <= cents <= EACH for cents in scenario.outcome["granted"].values())
    assert sum(scenario.outcome["granted"].values()) <= window.envelope_cents


def test_a_portfolio_becomes_proposals_that_change_by_hand(window, files, chair):
    committee = actions.convene(window, by=chair.user)
    actions.propose(committee, files[2], "selected", by=chair.user)
    adopted = actions.adopt(run(window, chair), by=chair.user)
    assert (adopted.selected, adopted.others, adopted.unseen) == (2, 1, 0)
    assert set(Decision.objects.values_list("application", flat=True)) == {files[0].pk, files[1].pk}
    actions.adopt(run(window, chair, margin=0.01), others="declined", reason="Enveloppe.", by=chair.user)
    assert Decision.objects.filter(outcome="declined").count() == 2
    actions.propose(committee, files[1], "selected", by=chair.user)
    assert Decision.objects.filter(outcome="selected").count() == 2


def test_nothing_is_adopted_in_part(window, files, chair):
    scenario = run(window, chair)
    files[1].state = State.WITHDRAWN
    files[1].save()
    with pytest.raises(Refused, match=files[1].reference):
        actions.adopt(scenario, by=chair.user)
    assert not Decision.objects.exists()


def test_a_recused_chair_adopts_without_the_file(window, files, chair):
    Recusal.objects.create(application=files[0], member=chair)
    adopted = actions.adopt(run(window, chair), by=chair.user)
    assert (adopted.selected, adopted.unseen) == (1, 1)
    assert not Decision.objects.filter(application=files[0]).exists()


def against_the_optimum(window, files, chair):
    """The chair takes the third file in the place of the second, and grants the first a little less."""
    committee = actions.convene(window, by=chair.user)
    actions.adopt(run(window, chair), by=chair.user)
    actions.propose(committee, files[0], "selected", amount_cents=4_500_000, by=chair.user)
    actions.propose(committee, files[1], "reserve", by=chair.user)
    actions.propose(committee, files[2], "selected", by=chair.user)
    return Committee.objects.get(pk=committee.pk)


def test_the_seal_asks_why_for_each_difference(window, files, chair):
    committee = against_the_optimum(window, files, chair)
    found = {gap.reference: (gap.cents, gap.optimum_cents, gap.is_amount) for gap in queries.gaps(committee)}
    assert found == {
        files[0].reference: (4_500_000, EACH, True),
        files[1].reference: (None, EACH, False),
        files[2].reference: (EACH, None, False),
    }
    reasons = {files[1].reference: "Doublon.", files[2].reference: "Seul en zone rurale."}
    with pytest.raises(Refused, match="Dites pourquoi"):
        actions.seal(committee, reasons=reasons, by=chair.user)
    sealed = actions.seal(committee, reasons=reasons | {"": "Contreparties retirées."}, by=chair.user)
    assert Departure.objects.count() == 3
    departure = Departure.objects.get(decision__application=files[2])
    assert (departure.reason, departure.by, departure.optimum_cents) == ("Seul en zone rurale.", chair.user, None)
    log = queries.log_lines(sealed, chair.user)
    assert sum("Seul en zone rurale." in line.detail for line in log) == 1
    for change in (
        lambda: Departure.objects.update(reason=""),
        lambda: Departure.objects.all().delete(),
        lambda: Committee.objects.update(reference=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_digest_holds_the_scenario_and_the_reasons(window, files, chair):
    committee = against_the_optimum(window, files, chair)
    reasons = dict.fromkeys([f.reference for f in files] + [""], "Parce que.")
    digests = set()
    for changed in ({}, {files[2].reference: "Autre chose."}):
        with transaction.atomic():
            digests.add(actions.seal(committee, reasons=reasons | changed, by=chair.user).digest)
            transaction.set_rollback(True)
    assert len(digests) == 2


def test_a_chair_who_left_the_room_gives_no_reason_in_the_place_of_others(window, files, chair):
    committee = against_the_optimum(window, files, chair)
    officer = membership(Role.OFFICER)
    actions.recuse_member(committee, files[2], chair, "", by=officer.user)
    reasons = {files[1].reference: "Doublon.", "": "Budget."}
    with pytest.raises(Refused, match="un dossier que vous ne voyez pas"):
        actions.seal(committee, reasons=reasons, by=chair.user)
    actions.propose(committee, files[2], "selected", reason="Territoire sans autre projet.", by=officer.user)
    actions.seal(committee, reasons=reasons, by=chair.user)
    departure = Departure.objects.get(decision__application=files[2])
    assert (departure.by, departure.reason) == (officer.user, "Territoire sans autre projet.")


def test_a_committee_without_a_scenario_seals_as_before(window, files, chair):
    committee = actions.convene(window, by=chair.user)
    for file in files:
        actions.propose(committee, file, "reserve", by=chair.user)
    actions.seal(committee, by=chair.user)
    assert not Departure.objects.exists()


LINES = st.builds(
    Line,
    st.sampled_from(["", "region", "theme", "public", "kind"]),
    st.text(max_size=8),
    st.just("share"),
    st.floats(0, 1),
    st.booleans(),
    st.booleans(),
)


@given(
    st.lists(LINES, max_size=4).map(tuple),
    st.booleans(),
    st.integers(1, 100),
    st.sets(st.text(min_size=1, max_size=6), max_size=4),
)
def test_parameters_go_through_json_unchanged(lines, one_per, merit, forced):
    settings = Parameters(lines, one_per, merit=merit, forced=tuple(sorted(forced)))
    assert parse(dump(settings)) == settings
    for reference in forced:
        out = swayed(settings, reference, "out")
        assert (out.sway(reference), swayed(out, reference, "free").sway(reference)) == ("out", "free")


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": 0.9},
        {"merit": 0},
        {"reduce": float("nan")},
        {"else": 1},
        {"forced": ["A"], "excluded": ["A"]},
        {"lines": [{"attribute": "colour", "value": "", "measure": "count", "limit": 1, "is_floor": True}]},
        {"lines": [{"attribute": "kind", "value": "", "measure": "share", "limit": 2, "is_floor": True}]},
    ],
)
def test_parameters_out_of_bounds_are_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        parse(wrong)


def test_swaps_pair_files_of_like_points():
    worth = {"A": 80.0, "B": 70.0, "C": 60.0, "D": 10.0}
    found = queries.swaps({"A": 500, "B": 300, "D": 90}, {"C": 400, "D": 100}, worth)
    assert [(s.ours, s.theirs, s.points, s.cents) for s in found] == [
        ("A", "C", 20.0, 100),
        ("B", None, 70.0, 300),
        ("D", "D", 0.0, -10),
    ]
    assert queries.swaps({"A": 1}, {"A": 1}, worth) == []
