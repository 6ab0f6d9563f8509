"""Writing in a draft: versions, joined texts, what is kept aside, columns in step, and how few queries it takes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import factories

from terreau.core import journal
from terreau.core.moves import WrongMoment
from terreau.projects import actions, lifecycle, queries
from terreau.projects.models import Answer, Application, Revision
from terreau.territories.models import Level, Territory

pytestmark = pytest.mark.django_db
TEXT = "Nous aidons les cadres de la vallée à retrouver un emploi près de chez eux, avec les entreprises voisines."


@pytest.fixture
def owner():
    return factories.membership()


@pytest.fixture
def draft(owner):
    return actions.start(factories.call(), owner.organisation, by=owner.user, membership=owner)


@pytest.fixture
def other(owner):
    return factories.membership(of=owner.organisation).user


def value_of(draft, key):
    return draft.answers.get(key=key).value


def test_a_draft_has_the_next_number_and_the_open_window(draft, owner):
    again = actions.start(draft.call, owner.organisation, by=owner.user, membership=owner)
    assert [draft.reference, again.reference] == ["2025-0001", "2025-0002"]
    assert draft.window.key == "mai"
    assert queries.for_holder(owner.user).get(pk=draft.pk).viewer_role == "owner"
    assert [e.verb for e in journal.history(draft)] == ["start"]


def test_numbers_taken_together_follow_each_other():
    assert actions.next_references(2031, 3) == ["2031-0001", "2031-0002", "2031-0003"]
    assert actions.next_references(2031) == ["2031-0004"]


def test_an_answer_grows_one_version_at_each_change(draft, owner):
    first = actions.save_answers(draft, {"need": ("un", 0)}, by=owner.user)[0]
    same = actions.save_answers(draft, {"need": ("un", 1)}, by=owner.user)[0]
    second = actions.save_answers(draft, {"need": ("deux", 1)}, by=owner.user)[0]
    assert (first.version, same.version, second.version) == (1, 1, 2)
    assert list(draft.answers.get(key="need").revisions.values_list("value", flat=True)) == ["deux", "un"]


def test_two_editors_far_apart_are_joined(draft, owner, other):
    actions.save_answers(draft, {"need": (TEXT, 0)}, by=owner.user)
    actions.save_answers(draft, {"need": (TEXT.replace("Nous aidons", "Nous accompagnons"), 1)}, by=owner.user)
    saved = actions.save_answers(draft, {"need": (TEXT.replace("voisines", "du bassin"), 1)}, by=other)[0]
    assert saved.status == "merged"
    assert value_of(draft, "need") == TEXT.replace("Nous aidons", "Nous accompagnons").replace("voisines", "du bassin")
    assert not queries.unmerged(draft).exists()


def test_going_on_after_a_joined_text(draft, owner, other):
    """The author of a joined text keeps typing in a page that does not show it yet."""
    actions.save_answers(draft, {"need": (TEXT, 0)}, by=owner.user)
    actions.save_answers(draft, {"need": (TEXT.replace("Nous aidons", "Nous accompagnons"), 1)}, by=owner.user)
    first = actions.save_answers(draft, {"need": (TEXT.replace("voisines", "du bassin"), 1)}, by=other)[0]
    typed = TEXT.replace("voisines", "du bassin de vie")
    second = actions.save_answers(draft, {"need": (typed, first.base)}, by=other)[0]
    assert (first.status, second.status) == ("merged", "merged")
    assert value_of(draft, "need") == typed.replace("Nous aidons", "Nous accompagnons")


def test_a_reply_lost_on_the_way_is_no_conflict(draft, owner):
    actions.save_answers(draft, {"need": ("un deux", 0)}, by=owner.user, writer="page-a")
    saved = actions.save_answers(draft, {"need": ("un deux trois", 0)}, by=owner.user, writer="page-a")[0]
    assert (saved.status, saved.version) == ("saved", 2)
    elsewhere = actions.save_answers(draft, {"need": ("un deux cinq", 0)}, by=owner.user, writer="page-b")[0]
    assert elsewhere.status == "conflict"


def test_two_editors_on_the_same_words_lose_nothing(draft, owner, other):
    actions.save_answers(draft, {"need": (TEXT, 0)}, by=owner.user)
    actions.save_answers(draft, {"need": (TEXT.replace("voisines", "locales"), 1)}, by=owner.user)
    saved = actions.save_answers(draft, {"need": (TEXT.replace("voisines", "amies"), 1)}, by=other)[0]
    assert saved.status == "conflict"
    assert value_of(draft, "need").endswith("locales.")
    aside = queries.unmerged(draft).get()
    assert (aside.by, aside.value) == (other, TEXT.replace("voisines", "amies"))
    assert [m.step for m in queries.missing(draft) if m.key == "need"] == ["conflicts"]

    actions.save_aside(aside, TEXT.replace("voisines", "amies et locales"), by=other)
    aside.refresh_from_db()
    settled = actions.reconcile(aside, aside.value, base=saved.version, by=owner.user)
    assert settled.status == "saved"
    assert value_of(draft, "need").endswith("amies et locales.")
    assert not queries.unmerged(draft).exists()
    kept = {r.value for r in Revision.objects.filter(answer__application=draft)}
    assert TEXT.replace("voisines", "locales") in kept


def test_an_older_common_text_still_joins(draft, owner, other):
    """Long sittings are thinned: the nearest text that remains is an ancestor of both."""
    actions.save_answers(draft, {"need": (TEXT, 0)}, by=owner.user)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for i in range(1, 42):
            clock.shift(timedelta(seconds=45))
            actions.save_answers(draft, {"need": (f"{i} fois : {TEXT}", i)}, by=owner.user)
    answer = draft.answers.get(key="need")
    assert answer.revisions.count() < 42
    saved = actions.save_answers(draft, {"need": (f"3 fois : {TEXT} Et après.", 4)}, by=other)[0]
    assert saved.status in {"merged", "conflict"}
    assert "Et après." in (value_of(draft, "need") if saved.status == "merged" else queries.unmerged(draft)[0].value)


def test_what_no_database_keeps_is_left_out(draft, owner):
    actions.save_answers(draft, {"need": ("a\x00b\ud800c", 0)}, by=owner.user)
    assert value_of(draft, "need") == "abc"


def test_columns_follow_the_answers(draft, owner):
    east = factories.region()
    aube = Territory.objects.create(level=Level.DEPARTEMENT, code="10", name="Aube", region=east)
    south = factories.region("93", "Provence-Alpes-Côte d’Azur")
    changes = {
        "title": ("  Boostes   Ton Job ", 0),
        "kind": ("scaling", 0),
        "themes": (["mentoring", "mobility"], 0),
        "publics": ({"cadre": 40, "graduate": "beaucoup"}, 0),
        "territories": (["departement:10", "region:93", "commune:inconnue"], 0),
    }
    actions.save_answers(draft, changes, by=owner.user)
    draft = Application.objects.get(pk=draft.pk)
    assert (draft.title, draft.kind, draft.region) == ("Boostes Ton Job", "scaling", east)
    assert set(draft.regions.all()) == {east, south}
    assert set(draft.territories.all()) == {aube, south}
    assert set(draft.themes.values_list("key", flat=True)) == {"mentoring", "mobility"}
    assert dict(draft.targets.values_list("public", "expected")) == {"cadre": 40}
    assert value_of(draft, "publics") == {"cadre": 40, "graduate": "beaucoup"}


def test_a_budget_keeps_what_cannot_be_read(draft, owner):
    lines = [
        {"rubric": "64", "label": "Salaires", "amount": "12 000,50"},
        {"rubric": "74", "label": "Ce financeur", "amount": "8000", "status": "sought", "requested": True},
        {"rubric": "60", "label": "Achats", "amount": "douze"},
    ]
    saved = actions.save_budget(draft, lines, by=owner.user)
    draft.refresh_from_db()
    assert (draft.total_cents, draft.requested_cents) == (1_200_050, 800_000)
    assert saved.value[2]["amount"] == "douze"
    assert draft.budget_lines.count() == 2
    assert any(m.key == "unreadable" for m in queries.missing(draft))


@pytest.mark.parametrize(
    "lines",
    [
        [{"rubric": "99", "amount": "1"}],
        [{"rubric": "74", "amount": "1", "status": "promis"}],
        [{"rubric": "74", "amount": "1", "requested": True}] * 2,
        [{"rubric": "60", "amount": "1"}] * 201,
    ],
)
def test_a_budget_that_makes_no_sense_is_refused_whole(draft, owner, lines):
    with pytest.raises(ValueError, match=r"\w"):
        actions.save_budget(draft, lines, by=owner.user)
    assert not draft.budget_lines.exists()


def test_two_people_changing_the_budget_keep_both(draft, owner, other):
    actions.save_budget(draft, [{"rubric": "64", "amount": "10"}], by=owner.user, base=0)
    actions.save_budget(draft, [{"rubric": "64", "amount": "20"}], by=owner.user, base=1)
    saved = actions.save_budget(draft, [{"rubric": "64", "amount": "30"}], by=other, base=1)
    assert saved.status == "conflict"
    assert queries.unmerged(draft).get().value[0]["amount_cents"] == 3000


def test_a_wrong_siret_stays_as_typed_and_is_told(draft, owner):
    rows = [{"name": "Atelier", "siret": "732 829 320 00074"}, {"name": "Usine", "siret": "73282932000079"}]
    actions.save_partners(draft, rows, by=owner.user)
    assert list(draft.partners.values_list("name", "siret")) == [("Atelier", "73282932000074"), ("Usine", "")]
    assert value_of(draft, "partners")[1]["siret"] == "73282932000079"
    assert [m.label for m in queries.missing(draft) if m.step == "partners"] == ["Usine"]


def test_a_file_handed_in_is_not_written_any_more(draft, owner):
    Application.objects.filter(pk=draft.pk).update(state=lifecycle.State.SUBMITTED)
    with pytest.raises(WrongMoment):
        actions.save_answers(draft, {"need": ("trop tard", 0)}, by=owner.user)
    assert not Answer.objects.filter(key="need").exists()


def test_an_autosave_takes_few_queries(draft, owner, django_assert_num_queries):
    actions.save_answers(draft, {"need": ("un", 0)}, by=owner.user)
    with django_assert_num_queries(7):  # savepoint, lock, answers, update, revision, file, release
        actions.save_answers(draft, {"need": ("deux", 1)}, by=owner.user)


def test_one_journal_line_a_sitting(draft, owner):
    for hours in (1, 2):
        with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
            for version in range(3):
                base = (hours - 1) * 3 + version
                actions.save_answers(draft, {"need": (f"{hours} {version}", base)}, by=owner.user)
    assert [e.verb for e in journal.history(draft)] == ["edit", "edit", "start"]


def test_a_file_keeps_an_owner(draft, owner, other):
    colleague = other.memberships.get()
    assert list(queries.colleagues(draft)) == [colleague]
    actions.share(draft, colleague, "editor", by=owner.user)
    with pytest.raises(ValueError, match="responsable"):
        actions.share(draft, owner, "reader", by=owner.user)
    actions.share(draft, colleague, "owner", by=owner.user)
    actions.unshare(draft.collaborators.get(membership=owner), by=other)
    assert not queries.for_holder(owner.user).exists()
    with pytest.raises(ValueError, match="structure porteuse"):
        actions.share(draft, factories.membership(), "reader", by=other)


def test_leaving_the_organisation_closes_the_file_at_once(draft, owner):
    owner.left_at = timezone.now()
    owner.save()
    assert not queries.for_holder(owner.user).exists()
    assert not owner.user.has_perm("projects.view", draft)
