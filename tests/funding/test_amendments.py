"""Amendments: asked, answered by somebody else, signed by both; the money and the instalments follow."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.funding import scene

from terreau.core.moves import Refused
from terreau.funding import actions, queries
from terreau.funding.actions.ledger import take_up
from terreau.funding.lifecycle import Account, AmendmentState
from terreau.funding.models import Amendment

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    return scene.signed()


def committed(agreement):
    """With what is to be paid already: the first instalment, since the signature."""
    found = queries.balances(agreement)
    return found[Account.COMMITTED] + found[Account.PAYABLE]


def agree(amendment):
    """Approved by an officer, signed by both."""
    officer = scene.officer()
    actions.approve_amendment(amendment, by=officer)
    scene.sign(amendment, "holder", scene.owner_of(amendment.agreement))
    scene.sign(amendment, "funder", officer)


def ask(agreement, **changes):
    return actions.ask_amendment(agreement, reason="Un retard", by=scene.owner_of(agreement), **changes)


def parts(agreement):
    return [(i.state, i.amount_cents) for i in agreement.instalments.all()]


def pay_first(agreement):
    agreement.instalments.filter(number=1).update(state="paid")


def test_a_rise_is_committed_and_spread_over_what_is_to_come(agreement):
    pay_first(agreement)
    amendment = ask(agreement, granted_cents=60_000_00, ends_on=date(2026, 5, 31))
    assert [tuple(vars(d).values()) for d in queries.differences(amendment.changes)] == [
        ("Montant accordé", "50\xa0000\xa0€", "60\xa0000\xa0€", "+10\xa0000\xa0€ (+20\xa0%)"),
        ("Fin du projet", "28 février 2026", "31 mai 2026", "+92 jours"),
    ]
    assert committed(agreement) == 50_000_00
    agree(amendment)
    assert committed(agreement) == 60_000_00
    assert parts(agreement) == [("paid", 25_000_00), ("planned", 21_000_00), ("planned", 14_000_00)]
    assert [i.due_on for i in agreement.instalments.all()][2] == date(2026, 11, 30)
    agreement.refresh_from_db()
    assert (agreement.granted_cents, agreement.ends_on) == (60_000_00, date(2026, 5, 31))


def test_a_fall_goes_back_to_the_envelope(agreement):
    pay_first(agreement)
    agree(ask(agreement, granted_cents=25_000_00))
    assert committed(agreement) == 25_000_00
    assert parts(agreement) == [("paid", 25_000_00), ("cancelled", 15_000_00), ("cancelled", 10_000_00)]


def test_a_rise_after_the_last_instalment_makes_one_more(agreement):
    agreement.instalments.update(state="paid")
    agree(ask(agreement, granted_cents=55_000_00))
    assert parts(agreement)[3] == ("planned", 5_000_00)


def test_a_new_budget_brings_a_new_base_and_is_read_line_by_line(agreement):
    before = queries.budget_of(agreement)
    after = [replace(x, amount_cents=70_000_00) if x.rubric == "64" else x for x in before]
    amendment = ask(agreement, budget=after)
    words = [(d.label, d.gap) for d in queries.differences(amendment.changes)]
    assert words == [
        ("Assiette éligible", "−10\xa0000\xa0€ (−10\xa0%)"),
        ("64 Une coordinatrice", "−10\xa0000\xa0€ (−12,5\xa0%)"),
    ]
    agree(amendment)
    agreement.refresh_from_db()
    assert agreement.eligible_base_cents == 90_000_00
    assert queries.budget_of(agreement) == after


def test_territories_are_told_by_name(agreement):
    place = scene.factories.region("53", "Bretagne")
    amendment = ask(agreement, territories=[place])
    assert queries.differences(amendment.changes)[0].gap == "ajouté : Bretagne"
    agree(amendment)
    assert list(agreement.territories.all()) == [place]


@pytest.mark.parametrize(("changes", "words"), [
    ({"granted_cents": 50_000_00}, "Rien ne change"),
    ({"granted_cents": 20_000_00}, "déjà payés"),
    ({"granted_cents": 100_000_01}, "assiette"),
    ({"granted_cents": 0}, "positif"),
    ({"ends_on": date(2025, 1, 1)}, "après le début"),
])  # fmt: skip
def test_what_cannot_hold_is_refused_in_words(agreement, changes, words):
    pay_first(agreement)
    with pytest.raises(ValueError, match=words):
        ask(agreement, **changes)
    assert not Amendment.objects.exists()


def test_one_at_a_time_and_never_approved_by_the_one_who_asked(agreement):
    officer = scene.officer()
    amendment = actions.ask_amendment(agreement, granted_cents=51_000_00, reason="Un imprévu", by=officer)
    with pytest.raises(Refused, match="déjà en cours"):
        ask(agreement, granted_cents=52_000_00)
    with pytest.raises(Refused, match="Une autre personne"):
        actions.approve_amendment(amendment, by=officer)
    with pytest.raises(ValueError, match="motif"):
        actions.refuse_amendment(amendment, answer=" ", by=officer)
    actions.refuse_amendment(amendment, answer="Pas cette année", by=officer)
    assert Amendment.objects.get().state == AmendmentState.REFUSED
    assert ask(agreement, granted_cents=52_000_00).number == 2


def test_a_rise_that_the_envelope_does_not_have_is_refused(agreement):
    window = queries.window_of(agreement)
    window.envelope_cents = 50_000_00
    window.save()
    take_up(window.committee, by=None)
    amendment = ask(agreement, granted_cents=50_000_01)
    with pytest.raises(Refused, match="enveloppe"):
        actions.approve_amendment(amendment, by=scene.officer())


def test_an_approved_text_never_changes(agreement):
    amendment = ask(agreement, granted_cents=51_000_00)
    actions.approve_amendment(amendment, by=scene.officer())
    for change in ({"changes": {}}, {"content": {}}, {"digest": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Amendment.objects.filter(pk=amendment.pk).update(**change)


def test_an_amendment_open_stops_a_termination(agreement):
    ask(agreement, granted_cents=51_000_00)
    with pytest.raises(Refused, match="avenant"):
        actions.terminate(agreement, reason="Fin", by=scene.officer())
