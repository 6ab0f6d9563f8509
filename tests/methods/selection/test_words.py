"""Rules and faults in words: French by itself, another language and other spellings through a voice."""

import numpy as np
import pytest

from terreau.methods.selection.instance import BadInstance, Instance, Measure, Rule, check
from terreau.methods.selection.outcome import Budget, Either, Excluded, Forced, OnePer, Together
from terreau.methods.selection.words import Voice, constraint_words, figure, plain_money, problem_words


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (Budget(), "l’enveloppe"),
        (Rule("région", "Corse", Measure.COUNT, 1, is_floor=True), "au moins 1 dossier pour région = Corse"),
        (Rule("région", "Corse", Measure.COUNT, 3, is_floor=False), "au plus 3 dossiers pour région = Corse"),
        (Rule("thème", "x", Measure.MONEY, 12_345_678, is_floor=True), "au moins 123 456,78 € pour thème = x"),
        (Rule("a", "b", Measure.SHARE, 0.125, is_floor=False), "au plus 12,5 % du montant accordé pour a = b"),
        (Rule("", "", Measure.COUNT, 30, is_floor=True), "au moins 30 dossiers en tout"),
        (Rule("", "", Measure.MONEY, 100, is_floor=False), "au plus 1 € accordés en tout"),
        (OnePer("siret", "123"), "un seul dossier retenu pour siret = 123"),
        (Together(("A", "B")), "tous retenus ou aucun : A, B"),
        (Either(("A", "B")), "un seul retenu au plus parmi : A, B"),
        (Forced("A"), "A doit être retenu"),
        (Excluded("A"), "A doit être écarté"),
    ],
)
def test_each_constraint_is_a_phrase(constraint, words):
    assert constraint_words(constraint).replace("\u202f", " ").replace("\u00a0", " ") == words


def test_a_voice_brings_its_language_its_names_and_its_spellings():
    voice = Voice(
        translate={"au plus %(limit)s pour %(what)s": "at most %(limit)s for %(what)s"}.__getitem__,
        money=lambda cents: f"€{cents / 100:,.0f}",
        label=lambda attribute, value: f"{attribute.title()} {value}",
    )
    rule = Rule("region", "Corse", Measure.MONEY, 500_000_00, is_floor=False)
    assert constraint_words(rule, voice) == "at most €500,000 for Region Corse"


def test_every_fault_of_an_instance_has_its_words():
    """Whatever `check` may find wrong, in one instance that has it all."""
    bad = Instance(
        ids=("A", "A", "B"),
        merit=np.array([1.0, np.nan, 2.0]),
        requested=np.array([0, 5, 5]),
        minimum=np.array([0, 9, 5]),
        budget=0,
        rules=(Rule("x", "y", Measure.SHARE, 3, is_floor=True),),
        forced=frozenset({"Z"}),
    )
    empty = Instance((), np.array([]), np.array([], dtype=np.int64), 1)
    told = []
    for one in (bad, empty):
        with pytest.raises(BadInstance) as found:
            check(one)
        told += [problem_words(problem) for problem in found.value.problems]
    assert len(told) == 10
    assert "le dossier A est là deux fois" in told
    assert "le dossier Z est inconnu" in told


@pytest.mark.parametrize(("value", "words"), [(0.0, "0"), (12.5, "12,5"), (1234.0, "1\u202f234"), (-3.14159, "-3,14")])
def test_figures_are_spelled_in_french(value, words):
    assert figure(value) == words


@pytest.mark.parametrize(("cents", "words"), [(0, "0 €"), (-1_250_050, "-12 500,50 €"), (100_000_000, "1 000 000 €")])
def test_amounts_are_spelled_in_french(cents, words):
    assert plain_money(cents).replace("\u202f", " ").replace("\u00a0", " ") == words
