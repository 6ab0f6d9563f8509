"""A call from its first draft to its archive: versions, windows, journal."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests import factories

from terreau.accounts.models import Role
from terreau.calls import actions, queries, rulebook
from terreau.calls.lifecycle import State
from terreau.core import journal
from terreau.core.moves import WrongMoment

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return factories.person(Role.OFFICER)


@pytest.fixture
def call(officer):
    return actions.create_call(
        funder=factories.funder(), title="Appel", slug="appel", edition=2025, rules=factories.rules(), by=officer
    )


def with_window(rules, **changes):
    return replace(rules, windows=(*rules.windows, replace(rules.windows[0], **changes)))


def test_publishing_freezes_the_version_and_makes_the_windows(call, officer):
    version = actions.publish(call, note="Première version", by=officer)
    assert (version.number, version.published_by, call.current) == (1, officer, version)
    (window,) = call.windows.all()
    assert (window.key, window.envelope_cents) == ("mai", 200_000_000)
    assert queries.preparation(call) is None
    assert journal.history(call).first().verb == "publish"


def test_a_later_change_is_a_new_version_in_force_once_published(call, officer):
    first = actions.publish(call, by=officer)
    changed = replace(first.rulebook, amounts=rulebook.Amounts(1_000_000, 20_000_000, 0.7, "paramètre fictif"))
    second = actions.write_rules(call, changed, by=officer)
    assert (second.number, call.current) == (2, first)
    (pending,) = queries.pending_changes(call)
    assert re.sub(r"[\u202f\u00a0]", " ", str(pending)) == "Montants, montant minimum : 5 000 € → 10 000 €"
    actions.publish(call, note="Le minimum monte", by=officer)
    assert call.current == second
    (change,) = queries.changes_since(first)
    assert (change.what, change.label) == ("changed", "montant minimum")
    assert queries.changes_since(second) == []
    assert "montant minimum" in journal.history(call).first().details["changes"][0]


def test_writing_twice_keeps_one_version_in_preparation(call, officer):
    rules = queries.rules_to_edit(call)
    actions.write_rules(call, replace(rules, summary_words=100), by=officer)
    version = actions.write_rules(call, replace(rules, summary_words=90), by=officer)
    assert call.versions.count() == 1
    assert version.rulebook.summary_words == 90


def test_discarding_comes_back_to_the_published_rules(call, officer):
    actions.discard(call, by=officer)
    assert queries.preparation(call) is not None
    actions.publish(call, by=officer)
    actions.write_rules(call, rulebook.Rulebook(), by=officer)
    actions.discard(call, by=officer)
    assert queries.rules_to_edit(call) == call.current.rulebook


def test_incoherent_rules_are_not_published(call, officer):
    actions.write_rules(call, rulebook.Rulebook(), by=officer)
    with pytest.raises(actions.NotCoherent, match="période de sélection"):
        actions.publish(call, by=officer)
    assert call.current is None


def test_windows_follow_by_key_and_one_with_files_cannot_go(call, officer):
    rules = queries.rules_to_edit(call)
    actions.write_rules(call, with_window(rules, key="octobre", label="Octobre"), by=officer)
    actions.publish(call, by=officer)
    may, _october = call.windows.order_by("key")
    renamed = replace(rules, windows=(replace(rules.windows[0], label="Printemps"),))
    actions.write_rules(call, renamed, by=officer)
    actions.publish(call, by=officer)
    assert [(w.pk, w.label) for w in call.windows.all()] == [(may.pk, "Printemps")]
    factories.application(of=call, window=may)
    gone = replace(rules, windows=(replace(rules.windows[0], key="autre"),))
    actions.write_rules(call, gone, by=officer)
    with pytest.raises(actions.WindowInUse, match="« Printemps »"):
        actions.publish(call, by=officer)
    assert call.windows.get() == may
    assert queries.preparation(call) is not None


def test_a_call_opens_closes_opens_again_and_is_archived(call, officer):
    with pytest.raises(actions.NotPublished):
        actions.open_call(call, by=officer)
    actions.publish(call, by=officer)
    for verb in (actions.open_call, actions.close_call, actions.open_call, actions.close_call, actions.archive):
        verb(call, by=officer)
    assert call.state == State.ARCHIVED
    with pytest.raises(WrongMoment):
        actions.open_call(call, by=officer)
    actions.write_rules(call, factories.rules(), by=officer)
    with pytest.raises(WrongMoment):
        actions.publish(call, by=officer)


def test_open_calls_are_published_and_open(call, officer):
    assert list(queries.open_calls()) == []
    actions.publish(call, by=officer)
    actions.open_call(call, by=officer)
    actions.write_rules(call, factories.rules(), by=officer)
    actions.publish(call, by=officer)
    assert list(queries.open_calls()) == [call]


def test_last_year_is_copied_with_its_dates_one_year_later(call, officer):
    paris = ZoneInfo("Europe/Paris")
    window = rulebook.WindowRule(
        "mai",
        "Mai",
        datetime(2024, 2, 29, 9, 0, tzinfo=paris),
        datetime(2024, 10, 27, 23, 59, tzinfo=paris),
        1,
        date(2024, 11, 29),
    )
    actions.write_rules(call, replace(factories.rules(), windows=(window,)), by=officer)
    copy = actions.duplicate(call, title="Appel 2027", slug="appel-2027", edition=2027, by=officer)
    (shifted,) = queries.rules_to_edit(copy).windows
    assert copy.copied_from == call
    assert shifted.opens_at == datetime(2026, 2, 28, 9, 0, tzinfo=paris)
    assert shifted.deadline.astimezone(UTC) == datetime(2026, 10, 27, 22, 59, tzinfo=UTC)
    assert shifted.committee_on == date(2026, 11, 29)


def test_describing_changes_the_call_and_not_its_rules(call, officer):
    actions.describe(call, title="Autre", slug="autre", edition=2026, summary="Pour tous", by=officer)
    call.refresh_from_db()
    assert (call.title, call.slug, call.edition, call.summary) == ("Autre", "autre", 2026, "Pour tous")
    assert set(journal.history(call).first().details["changes"]) == {"title", "slug", "edition", "summary"}


def test_a_window_knows_whether_it_is_open(call, officer):
    actions.publish(call, by=officer)
    window = call.windows.get()
    assert window.is_open()
    window.deadline -= timedelta(days=60)
    assert not window.is_open()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OFFICER, True),
        (Role.ADMINISTRATOR, True),
        (Role.DELEGATE, False),
        (Role.JUROR, False),
        (Role.HOLDER, False),
    ],
)
def test_who_prepares_a_call(call, role, may):
    person = factories.person(role)
    for perm in ("calls.view_draft", "calls.write", "calls.publish", "calls.duplicate"):
        assert person.has_perm(perm, call) is may
    assert list(queries.for_office(person)) == ([call] if may else [])


def test_an_officer_of_another_funder_sees_nothing(call):
    other = factories.organisation(kind="funder", name="Un autre financeur")
    stranger = factories.person(Role.OFFICER, of=other)
    assert not stranger.has_perm("calls.write", call)
    assert list(queries.for_office(stranger)) == []


def test_moments_of_a_call(call, officer):
    assert not officer.has_perm("calls.open", call)
    actions.publish(call, by=officer)
    assert officer.has_perm("calls.open", call)
    assert not officer.has_perm("calls.close", call)
