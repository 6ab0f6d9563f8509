"""Incoherent rules are told with their place; routes are listed with the answers that lead there."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from terreau.calls import rulebook as rb

WINDOW = rb.WindowRule("mai", "Mai", datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC), 10**8)
KINDS = (rb.Choice("pilot", "Expérimentation"), rb.Choice("scaling", "Changement d’échelle"))
SCALING = {"question": "kind", "is": "scaling"}


def ask(key, **options):
    return rb.Question(key, "short_text", key.upper(), **options)


def rules(*questions, **parts):
    section = rb.Section("s", "Section", questions=questions or (ask("a"),))
    defaults = {
        "windows": (WINDOW,),
        "kinds": KINDS,
        "criteria": (rb.Criterion("c", "Critère"),),
        "sections": (section,),
        "eligibility": rb.Eligibility(legal_forms=("association",)),
    }
    return rb.Rulebook(**defaults | parts)


def test_small_coherent_rules_have_no_problem():
    assert rb.problems(rules()) == []


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        (rules(windows=()), "Il faut au moins une période de sélection."),
        (rules(windows=(WINDOW, WINDOW)), "La clé « mai » sert plusieurs fois."),
        (rules(windows=(replace(WINDOW, deadline=WINDOW.opens_at),)), "La date limite précède l’ouverture."),
        (rules(windows=(replace(WINDOW, committee_on=date(2025, 2, 1)),)), "Le comité se réunit avant la date limite."),
        (rules(windows=(replace(WINDOW, key="À voir"),)), "La clé « À voir » ne convient pas"),
        (rules(amounts=rb.Amounts(200, 100)), "Le minimum dépasse le maximum."),
        (rules(amounts=rb.Amounts(rate_ceiling=70)), "La part cofinancée doit se trouver entre 0 et 100"),
        (rules(criteria=(rb.Criterion("c", "C", 0),)), "La somme des poids est nulle."),
        (rules(criteria=(rb.Criterion("c", "C", maximum=0),)), "La note maximale doit être d’au moins un."),
        (rules(sections=(rb.Section("s", "S"),)), "Cette section est vide."),
        (rules(ask("a"), ask("a")), "La clé « a » sert plusieurs fois."),
        (rules(ask("title")), "La clé « title » est celle d’une question déjà posée."),
        (rules(ask("a", minimum=4, maximum=2)), "Le minimum dépasse le maximum."),
        (rules(rb.Question("a", "choice", "A")), "Cette question n’a aucun choix."),
        (rules(ask("a", show_if={"question": "zz", "answered": True})), "question inconnue : « zz »"),
        (rules(ask("a", show_if={"question": "b", "answered": True}), ask("b")), "posée plus loin : « B »"),
        (rules(ask("a", show_if={"question": "a", "answered": True})), "tourne en rond avec « A »"),
        (
            rules(
                ask("a", show_if={"question": "b", "answered": True}),
                ask("b", show_if={"question": "a", "answered": True}),
            ),
            "tourne en rond avec « B »",
        ),
        (rules(ask("a", show_if={"question": "kind", "is": "other"})), "ne peut pas s’appliquer : other"),
        (rules(ask("a", show_if={"question": "kind", "at_least": 3})), "ne peut pas s’appliquer : 3"),
        (rules(ask("a", show_if={"question": "kind", "like": "p"})), "La condition n’est pas lisible."),
        (rules(eligibility=rb.Eligibility(seats=("moon",))), "« moon » n’est pas un siège connu."),
    ],
)
def test_each_incoherence_forbids_publishing_and_says_why(broken, text):
    found = rb.blocking(broken)
    assert any(text in p.text for p in found), found
    assert all(p.place and p.part for p in found)


def test_a_question_that_no_route_reaches_is_a_warning():
    never = {"all": [SCALING, {"question": "kind", "is": "pilot"}]}
    (found,) = rb.problems(rules(ask("a"), ask("b", show_if=never)))
    assert (found.blocking, found.place, found.text) == (False, "Question « B »", "Aucun parcours n’y mène.")


def test_every_route_is_listed_with_the_answers_that_lead_there():
    more = {"all": [SCALING, {"question": "requested", "at_least": 5_000_000}]}
    found = rb.routes(
        rules(
            ask("a", show_if=SCALING),
            rb.Question(
                "more", "choice", "Encore ?", choices=(rb.Choice("y", "Oui"), rb.Choice("n", "Non")), required=True
            ),
            ask("b", show_if={"question": "more", "is": "y"}),
            documents=(rb.DocumentRule("plan", "Plan", show_if=more),),
        )
    )
    shown = {(r.questions[-3:], r.documents) for r in found}
    assert len(found) == len({(r.questions, r.documents) for r in found}) == 6
    assert (("a", "more", "b"), ("plan",)) in shown
    words = " ".join(map(str, found)).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Type de projet : « Changement d’échelle »" in words
    assert "Montant demandé : vaut au moins 50 000" in words
    assert "vaut moins de 50 000" in words


def test_a_form_without_conditions_has_one_route():
    (only,) = rb.routes(rules())
    assert str(only) == "toujours"
    assert only.sections == ("identity", "s")


def test_a_condition_reads_no_answer_behind_a_hidden_question():
    form = rules(ask("a", show_if=SCALING), ask("b", show_if={"question": "a", "answered": True}))
    stale = {"kind": "pilot", "a": "écrit avant"}
    assert "b" not in rb.asked(form, stale).questions
    assert "b" in rb.asked(form, stale | {"kind": "scaling"}).questions


def test_conditions_read_as_sentences():
    questions = rb.all_questions(rules())
    condition = {"any": [SCALING, {"not": {"question": "title", "answered": True}}]}
    said = rb.condition_in_words(condition, questions)
    assert said == "« Type de projet » est « Changement d’échelle » ou sauf si « Titre du projet » a une réponse"


WHO = rb.Eligibility(("association", "esus"), 12, date(2025, 12, 1), True, ("metropole", "drom"), "Règlement")


@pytest.mark.parametrize(
    ("facts", "verdicts"),
    [
        ({}, [None, None, None, None]),
        (
            {"legal_form": "association", "founded_on": date(2024, 12, 1), "accounts_closed": True, "seat": "drom"},
            [True] * 4,
        ),
        (
            {"legal_form": "company", "founded_on": date(2024, 12, 2), "accounts_closed": False, "seat": "com"},
            [False] * 4,
        ),
    ],
)
def test_eligibility_answers_each_rule(facts, verdicts):
    found = rb.eligibility_reasons(WHO, facts)
    assert [r.ok for r in found] == verdicts
    assert [r.key for r in found] == ["legal_form", "seat", "age", "accounts"]
    assert all(r.sentence and r.source == "Règlement" for r in found)


@pytest.mark.parametrize(
    ("code", "seat"), [("52121", "metropole"), ("2A004", "metropole"), ("97411", "drom"), ("98818", "com"), ("", None)]
)
def test_the_seat_is_read_from_the_commune(code, seat):
    assert rb.seat_of(code) == seat


def test_a_month_counts_when_it_is_whole():
    assert rb.whole_months(date(2025, 1, 31), date(2025, 2, 28)) == 0
    assert rb.whole_months(date(2025, 1, 31), date(2025, 3, 1)) == 1
    assert rb.whole_months(date(2024, 2, 29), date(2025, 2, 28)) == 11
