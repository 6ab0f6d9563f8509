"""Letters that explain: what may be quoted is true, and no juror's name or address ever enters one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import factories

from terreau.accounts.models import Role
from terreau.core.moves import Refused
from terreau.projects.lifecycle import State
from terreau.selection import actions, queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Letter, Review
from terreau.selection.queries.anonymity import MASK, Person, folded, mentions, scrubbed
from terreau.selection.rulebook import Parameters

NAMES = st.sampled_from(["Éloïse", "Camille", "Jean-Marc", "Zoé", "Anne Lise", "Noël"])
LASTS = st.sampled_from(["Müller", "D’Arc", "de La Tour", "Petit", "Lefèvre-Roy", "N’Guyen"])
PEOPLE = st.builds(
    lambda first, last, n: Person(first, last, f"{first[0]}{n}@exemple.fr"), NAMES, LASTS, st.integers(1, 99)
)
WORDS = st.text(alphabet="abcé ’.,-\n\xa0", max_size=20)
CASES = st.sampled_from([str, str.upper, str.lower, str.title])


@st.composite
def texts(draw):
    """A text that names these people in every way, and those people."""
    people = draw(st.frozensets(PEOPLE, min_size=1, max_size=4))
    said = [draw(WORDS)]
    for person in people:
        case, gap = draw(CASES), draw(st.sampled_from([" ", "\xa0", "-", "  ", "."]))
        whole = [f"{person.first}{gap}{person.last}", f"{person.last}{gap}{person.first}", person.email]
        said += [
            case(draw(st.sampled_from(whole))),
            " ",
            draw(st.sampled_from([person.last, person.first])),
            draw(WORDS),
        ]
    return "".join(f" {part} " for part in said), people


@given(texts())
def test_nothing_of_a_name_is_left(case):
    text, people = case
    found = scrubbed(text, people)
    assert mentions(found, people) == []
    for person in people:
        assert folded(person.email) not in folded(found)
        assert f"{folded(person.first)} {folded(person.last)}" not in folded(found)
        if person.last[0].isupper():
            assert f" {person.last} " not in found


@given(WORDS, st.frozensets(PEOPLE, max_size=3))
def test_words_that_name_nobody_stay(text, people):
    assert scrubbed(text, people) == text


def test_a_word_of_the_language_is_no_name_without_its_capital():
    people = frozenset({Person("Anne", "Petit", "a@exemple.fr")})
    assert scrubbed("Un petit projet, dit Petit ; anne petit aussi.", people) == (
        f"Un petit projet, dit {MASK} ; {MASK} aussi."
    )


@pytest.fixture
def chair(db):
    return factories.person(Role.CHAIR)


def reading(file, juror, total, comment="", why=""):
    made = Review.objects.create(application=file, juror=juror, state=ReviewState.DONE, total=total, comment=comment)
    made.scores.create(criterion="impact", value=3, justification=why)
    return made


def sealed(chair, outcome="declined", **comments):
    """A window whose envelope holds one file: the better one is selected against a scenario, the other is not."""
    call = factories.call()
    window = call.windows.get()
    window.envelope_cents = 5_000_000
    window.save()
    best, other = (factories.application(of=call, state=State.IN_REVIEW, owner=factories.membership()) for _n in "ab")
    for _number in range(2):
        juror = factories.membership(Role.JUROR, person=factories.user(first_name="Honorine", last_name="Vasseur"))
        reading(best, juror, 80.0)
        reading(other, juror, 60.0, **comments)
    scenario = actions.run_selection(window, Parameters(), by=chair)
    committee = actions.refer_to(actions.convene(window, by=chair), scenario, by=chair)
    actions.propose(committee, best, "selected", by=chair)
    actions.propose(committee, other, outcome, reason="Trop cher.", by=chair)
    actions.seal(committee, by=chair)
    return Letter.objects.get(decision__application=other)


def test_each_reason_is_said_only_where_it_was_chosen(chair):
    letter = sealed(chair, comment="Un beau projet, écrit Honorine Vasseur.", why="Effets à préciser.")
    assert "sur 100" not in letter.body
    assert "{" not in letter.body
    found = queries.explanation(letter.decision)
    assert "Il lui a manqué" in found.threshold
    assert "l’enveloppe de la période" in found.rule
    assert {remark.about for remark in found.remarks} == {"Commentaire général", "Effets attendus"}
    choice = queries.Choice(score=True, threshold=True, advice=(found.remarks[0].key,))
    changed = actions.explain_letter(letter, choice, by=chair)
    assert found.score in changed.body
    assert found.threshold in changed.body
    assert found.rule not in changed.body
    assert f"Un beau projet, écrit {MASK}." in changed.body
    assert "Vasseur" not in changed.body
    assert "Effets à préciser" not in changed.body
    assert "Trop cher." in changed.body
    assert "\n\n\n" not in changed.body
    assert queries.Choice.read(Letter.objects.get(pk=letter.pk).explained) == choice


def test_the_points_said_are_those_of_the_best_portfolio_with_the_file(chair):
    letter = sealed(chair)
    scenario = letter.decision.committee.reference
    other = queries.with_and_without(scenario, letter.decision.application.reference)
    short = round(scenario.outcome["objective"] - other.objective, 1)
    assert f"{short:.1f}".replace(".", ",") in queries.explanation(letter.decision).threshold


def test_without_a_scenario_there_is_no_threshold(chair):
    call = factories.call()
    file = factories.application(of=call, state=State.IN_REVIEW)
    committee = actions.convene(file.window, by=chair)
    actions.propose(committee, file, "declined", reason="Non.", by=chair)
    actions.seal(committee, by=chair)
    found = queries.explanation(Letter.objects.get().decision)
    assert (found.score, found.threshold, found.rule, found.remarks) == ("", "", "", ())


@pytest.mark.parametrize("typed", ["Honorine Vasseur", "VASSEUR", "honorine.vasseur", "Mme Vasseur", "H. Vasseur"])
def test_a_letter_that_names_a_juror_never_leaves(chair, typed):
    letter = sealed(chair)
    edited = actions.edit_letter(letter, to="a@exemple.fr", subject="Décision", body=f"Selon {typed}, non.", by=chair)
    with pytest.raises(Refused, match="nomment un membre du jury"):
        actions.approve_letters([edited], by=chair)
    assert actions.post_letters([edited], by=chair) == 0
    address = letter.decision.application.reviews.first().juror.user.email
    mailed = actions.edit_letter(edited, to="a@exemple.fr", subject=address, body="Non.", by=chair)
    with pytest.raises(Refused):
        actions.approve_letters([mailed], by=chair)


def test_the_title_of_a_project_may_bear_a_jurors_name(chair):
    letter = sealed(chair)
    application = letter.decision.application
    application.title = "La maison Vasseur"
    application.save()
    subject, body = queries.letter_text(queries.template_of(application.call, "declined"), letter.decision)
    assert "Vasseur" in body
    same = actions.edit_letter(letter, to="a@exemple.fr", subject=subject, body=body, by=chair)
    assert actions.approve_letters([same], by=chair) == 1


def test_a_letter_that_left_or_a_selected_one_is_not_explained(chair):
    letter = sealed(chair)
    selected = Letter.objects.exclude(pk=letter.pk).get()
    with pytest.raises(Refused, match="n’appelle pas"):
        actions.explain_letter(selected, queries.Choice(score=True), by=chair)
    with pytest.raises(Refused, match="Une autre personne"):
        actions.explain_letter(letter, queries.Choice(), base=0, by=chair)
    actions.approve_letters([letter], by=chair)
    actions.post_letters([letter], by=chair)
    with pytest.raises(Refused, match="est partie"):
        actions.explain_letter(letter, queries.Choice(), by=chair)
