"""The committee room: one page that answers each move, with or without scripts, and hides what must be hidden."""

import pytest
from tests import factories
from tests.web.office.room.setting import HTMX, at, file_of, run, text

from terreau.accounts.models import Role
from terreau.selection import actions
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Decision, Departure, Recusal, Review, Scenario
from terreau.selection.rulebook import Line, Parameters
from terreau.web.office.committee.room import controls

pytestmark = pytest.mark.django_db
SETTINGS = {
    "one": "on",
    "margin": "0",
    "reduce": "100",
    "merit": "100",
    "participants": "0",
    "need": "0",
    "balance": "0",
}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_questions_whatever_its_length(client, chair, window, rows, django_assert_num_queries):
    made = [file_of(window, 50.0 + n) for n in range(rows)]
    run(window, chair)
    actions.propose(actions.convene(window, by=chair.user), made[0], "selected", by=chair.user)
    client.get(at("committee-room", window))
    with django_assert_num_queries(20):
        page = client.get(at("committee-room", window))
    assert text(page).count('class="sway') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_scenarios_in_one_list(client, chair, window, rows, django_assert_num_queries):
    file_of(window)
    for n in range(rows):
        run(window, chair, margin=n / 100)
    with django_assert_num_queries(8):
        page = client.get(at("committee-scenarios", window))
    assert text(page).count('name="a"') == rows


def test_before_any_computation_the_page_invites_to_one(client, chair, window, files):
    page = text(client.get(at("committee-room", window)))
    assert "Calculer l’optimum" in page
    assert not Scenario.objects.exists()


def test_without_scripts_submit_and_reload(client, chair, window, files):
    answer = client.post(at("committee-room", window), SETTINGS)
    scenario = Scenario.objects.get()
    assert answer.url == f"{at('committee-room', window)}?scenario={scenario.pk}"
    page = text(client.get(answer.url))
    assert page.count("is-in") == 2
    forced = SETTINGS | {"scenario": scenario.pk, "montre": scenario.pk, "set": f"{files[2].reference}:in"}
    page = text(client.post(at("committee-room", window), forced, follow=True))
    assert page.count("is-forced-in") == 1
    assert "Ce réglage a changé" not in page
    assert Scenario.objects.count() == 2


def test_with_scripts_only_what_moved_comes_back(client, chair, window, files):
    base = run(window, chair)
    posted = SETTINGS | {"scenario": base.pk, "montre": base.pk, "excluded": files[0].reference}
    answer = client.post(at("committee-room", window), posted, **HTMX)
    made = Scenario.objects.get(parameters__excluded=[files[0].reference])
    assert answer["HX-Replace-Url"].endswith(f"?scenario={made.pk}")
    page = text(answer)
    assert "<html" not in page
    assert f'id="s-{files[0].pk}"' in page
    assert f'id="s-{files[1].pk}"' not in page
    assert "is-forced-out" in page
    assert "Ce réglage a changé la sélection" in page


def test_the_same_move_twice_is_one_scenario(client, chair, window, files):
    for _n in range(2):
        client.post(at("committee-room", window), SETTINGS | {"margin": "5"})
    assert Scenario.objects.count() == 1


def test_the_difference_with_the_chair_is_told_in_words(client, chair, window, files):
    committee = actions.convene(window, by=chair.user)
    actions.propose(committee, files[0], "selected", by=chair.user)
    actions.propose(committee, files[2], "selected", amount_cents=4_000_000, by=chair.user)
    run(window, chair)
    page = text(client.get(at("committee-room", window)))
    words = f"L’optimum prend {files[1].title} ({files[1].reference}) à la place de {files[2].title}"
    assert words in page
    assert "10\xa0000\xa0€ de plus" in page.replace("\u202f", "\xa0")
    assert "differs" in page


def test_a_rule_is_added_moved_switched_off_and_removed(client, chair, window, files):
    address = at("committee-room", window)
    added = {"add": "1", "add-what": "theme|mobility", "add-side": "cap", "add-measure": "count", "add-limit": "1"}
    page = text(client.post(address, SETTINGS | added, follow=True))
    assert 'value="theme|count|cap|mobility"' in page
    assert page.count("is-in") == 1
    line = {"line-0": "theme|count|cap|mobility", "limit-0": "2"}
    client.post(address, SETTINGS | line | {"on-0": "on"})
    client.post(address, SETTINGS | line)
    lines = [
        (scenario.parameters["lines"][0]["limit"], scenario.parameters["lines"][0]["on"])
        for scenario in Scenario.objects.order_by("pk")
    ]
    assert lines == [(1.0, True), (2.0, True), (2.0, False)]
    page = text(client.post(address, SETTINGS | line | {"drop": "0"}, **HTMX))
    assert 'id="rules"' in page
    assert Scenario.objects.first().parameters["lines"] == []


def test_presets_make_a_rule_for_each_region(client, chair, window, files):
    client.post(at("committee-room", window), SETTINGS | {"preset": "one-per-region", "regions": ["Grand Est"]})
    (line,) = Scenario.objects.get().parameters["lines"]
    assert (line["attribute"], line["value"], line["limit"], line["is_floor"]) == ("region", "Grand Est", 1.0, True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"margin": "beaucoup"}, "n’est pas un nombre"),
        ({"margin": "90"}, "ne peuvent pas être lus"),
        ({"merit": "0"}, "ne peuvent pas être lus"),
        ({"add": "1", "add-what": "region|Grand Est", "add-limit": "peu"}, "n’est pas une limite"),
        ({"add": "1", "add-what": "colour|red", "add-limit": "1"}, "Choisissez"),
        ({"line-0": "|money|floor|", "limit-0": "x"}, "n’est pas une limite"),
    ],
)
def test_what_cannot_be_read_says_why_and_changes_nothing(client, chair, window, files, wrong, words):
    for more in ({}, HTMX):
        answer = client.post(at("committee-room", window), SETTINGS | wrong, **more)
        assert answer.status_code == 422
        assert words in text(answer)
    assert not Scenario.objects.exists()


def test_impossible_rules_are_named_where_they_stand_and_the_last_portfolio_stays(client, chair, window, files):
    base = run(window, chair)
    lines = {
        "line-0": "theme|count|cap|mobility",
        "limit-0": "1",
        "on-0": "on",
        "line-1": "region|count|floor|Grand Est",
        "limit-1": "2",
        "on-1": "on",
        "line-2": "kind|count|cap|pilot",
        "limit-2": "3",
        "on-2": "on",
    }
    posted = SETTINGS | lines | {"scenario": base.pk, "montre": base.pk}
    page = text(client.post(at("committee-room", window), posted, **HTMX))
    assert "ne peuvent pas tenir ensemble" in page
    assert page.count("Impossible avec") == 2
    assert "Thème : Mobilité, au plus 1 projet" in page
    page = text(client.post(at("committee-room", window), posted, follow=True))
    assert page.count("is-in") == 2
    assert f'name="montre" value="{base.pk}"' in page


def test_a_recused_member_sees_neither_name_nor_reason(client, chair, window, files):
    other = factories.membership(Role.OFFICER)
    base = run(window, other, forced=(files[0].reference,))
    Recusal.objects.create(application=files[0], member=chair)
    address = at("committee-room", window)
    committee = actions.convene(window, by=other.user)
    actions.propose(committee, files[2], "selected", by=other.user)
    posted = SETTINGS | {"scenario": base.pk, "montre": base.pk, "margin": "1", "set": f"{files[0].reference}:out"}
    pages = [
        text(client.get(address)),
        text(client.get(f"{address}?scenario={base.pk}")),
        text(client.post(address, posted, **HTMX)),
        text(client.get(at("committee-scenario", window, base.pk))),
        text(client.get(at("committee-scenarios", window), {"a": base.pk, "b": Scenario.objects.first().pk})),
        text(client.get(at("committee-seal", window))),
    ]
    for page in pages:
        assert files[0].reference not in page
        assert files[0].title not in page
    assert "Dont 1 dossier que vous ne voyez pas" in pages[0]
    assert "Un dossier que vous ne voyez pas" in pages[0]
    assert Scenario.objects.first().parameters["forced"] == [files[0].reference]
    assert client.get(at("committee-why", window, files[0].pk)).status_code == 404


def test_why_a_file_is_out_and_what_it_would_push_out(client, chair, window, files):
    run(window, chair)
    page = text(client.get(at("committee-why", window, files[2].pk)))
    assert files[1].title in page
    part = text(client.get(at("committee-why", window, files[2].pk), **HTMX))
    assert "<html" not in part
    assert "points" in part


def test_what_changed_since_is_said(client, chair, window, files):
    run(window, chair)
    files[0].requested_cents = 4_000_000
    files[0].save()
    page = text(client.get(at("committee-room", window)))
    assert "la question a changé" in page
    assert files[0].reference in page


def test_a_scenario_is_named_kept_replayed_and_compared(client, chair, window, files):
    first = run(window, chair)
    second = run(window, chair, lines=(Line("theme", "mobility", "count", 1, is_floor=False),))
    client.post(at("committee-scenario", window, first.pk), {"name": "Sans règle", "kept": "on"})
    first.refresh_from_db()
    assert (first.name, first.kept) == ("Sans règle", True)
    page = text(client.post(at("committee-replay", window, first.pk), follow=True))
    assert "le résultat est le même" in page
    page = text(client.get(at("committee-scenarios", window), {"a": first.pk, "b": second.pk}))
    assert "Thème : Mobilité, au plus 1 projet" in page
    assert f"Le second ne prend pas {files[1].title}" in page
    page = text(client.get(at("committee-scenarios", window), {"gardes": "1"}))
    assert page.count('name="a"') == 1


def test_a_selection_is_adopted_then_changed_by_hand_and_sealed_with_its_reason(client, chair, window, files):
    scenario = run(window, chair)
    assert "2 dossiers" in text(client.get(at("committee-adopt", window, scenario.pk)))
    refused = client.post(at("committee-adopt", window, scenario.pk), {"others": "declined"}, follow=True)
    assert "Un refus dit son motif" in text(refused)
    assert not Decision.objects.exists()
    client.post(at("committee-adopt", window, scenario.pk), {"others": "declined", "reason": "Enveloppe."})
    assert sorted(Decision.objects.values_list("outcome", flat=True)) == ["declined", "selected", "selected"]
    client.post(at("committee-decide", window, files[1].pk), {"outcome": "reserve"})
    client.post(at("committee-decide", window, files[0].pk), {"outcome": "selected", "amount": "45 000"})
    page = text(client.get(at("committee-seal", window)))
    assert f"{files[1].title} ({files[1].reference}) n’est pas retenu" in page
    assert "Un montant diffère" in page
    reasons = {f"reason:{files[1].reference}": "Doublon avec un projet voisin."}
    answer = client.post(at("committee-seal", window), reasons)
    assert answer.status_code == 422
    assert "Doublon avec un projet voisin." in text(answer)
    client.post(at("committee-seal", window), reasons | {"reason:": "Assiette revue."})
    assert set(Departure.objects.values_list("reason", flat=True)) == {
        "Doublon avec un projet voisin.",
        "Assiette revue.",
    }
    assert "Doublon avec un projet voisin." in text(client.get(at("committee-log", window)))
    assert client.get(at("committee-adopt", window, scenario.pk)).status_code == 403
    page = text(client.get(at("committee-room", window)))
    assert "Ce comité est scellé" in page
    assert "Adopter cette sélection" not in page


def test_each_rule_has_its_price(client, chair, window, files):
    scenario = run(window, chair, lines=(Line("theme", "mobility", "count", 1, is_floor=False),))
    page = text(client.get(at("committee-prices", window), {"scenario": scenario.pk}, **HTMX))
    assert 'id="note-0"' in page
    assert "Coûte" in page
    assert "Thème : Mobilité, au plus 1 projet : Coûte" in text(client.get(at("committee-robustness", window)))


def test_groups_that_cannot_be_compared_are_said_where_the_ranking_is_read(client, chair, window, files):
    run(window, chair)
    page = text(client.get(at("committee-room", window)))
    assert "partagé en 3 groupes" in page
    assert "groupe 3" in page
    for pair in (files[:2], files[1:]):
        reader = factories.membership(Role.JUROR)
        for file in pair:
            Review.objects.create(application=file, juror=reader, state=ReviewState.DONE, total=60.0)
    run(window, chair)
    page = text(client.get(at("committee-room", window)))
    assert "groupes qui n’ont" not in page
    assert f"Un seul dossier relie des parties du jury : {files[1].title}" in page


def test_a_scenario_of_another_window_does_not_exist(client, chair, window, files):
    elsewhere = factories.call().windows.get()
    file_of(elsewhere)
    scenario = run(elsewhere, chair)
    assert client.get(at("committee-room", window), {"scenario": scenario.pk}).status_code == 404
    assert client.get(at("committee-scenario", window, scenario.pk)).status_code == 404


def test_only_those_who_decide_compute(client, window, files):
    client.force_login(factories.person(Role.ADMINISTRATOR))
    page = text(client.get(at("committee-room", window)))
    assert 'name="set"' not in page
    assert client.post(at("committee-room", window), SETTINGS).status_code == 403


def test_controls_read_back_what_they_show():
    lines = (
        Line("region", "Grand Est", "share", 0.25, is_floor=False),
        Line("", "", "money", 150_000_00, is_floor=True, on=False),
        Line("theme", "mobility", "count", 3, is_floor=True),
    )
    shown = Parameters(lines, one_per_organisation=False, by_euro=True, margin=0.07, reduce=0.85, participants=15)
    posted = {"euro": "on"}
    for slider in controls.sliders(shown, controls.SLIDERS):
        posted[slider.name] = str(slider.value)
    for one in controls.line_controls(lines, {}, 10**9):
        posted |= {f"line-{one.number}": one.key, f"limit-{one.number}": str(one.shown)}
        posted |= {f"on-{one.number}": "on"} if one.line.on else {}
    assert controls.read(Posted(posted), Parameters(), set()) == shown


class Posted(dict):
    """As a posted form is read."""

    def getlist(self, name):
        return [self[name]] if name in self else []
