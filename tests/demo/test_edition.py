"""The demonstration edition as plain values: its size, its sums, its French, and that a seed fixes all of it."""

import difflib
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean, pstdev

import pytest
from stdnum import luhn
from stdnum.fr import siret

from terreau.demo import turns
from terreau.demo.edition import Size, edition
from terreau.demo.places import REGIONS, by_code, quotas
from terreau.demo.readings import mean


@pytest.fixture(scope="module")
def whole():
    return edition()


def outcomes(edition):
    return Counter(v.outcome for v in edition.verdicts.values())


def test_it_has_the_size_of_2025(whole):
    filed = [p for p in whole.projects.values() if p.plan.fate in {"reviewed", "ineligible"}]
    selected = [whole.projects[n] for n, v in whole.verdicts.items() if v.outcome == "selected"]
    assert len(filed) == 273
    assert len(selected) == 39
    assert sum(v.granted_cents or 0 for v in whole.verdicts.values()) == 400_000_000
    assert sum(p.expected for p in selected) == pytest.approx(15_000, rel=0.01)
    assert {p.plan.window for p in filed} == {"mai", "octobre"}


def test_each_window_spends_its_envelope_to_the_cent(whole):
    spent = Counter()
    for number, verdict in whole.verdicts.items():
        spent[whole.projects[number].plan.window] += verdict.granted_cents or 0
    assert spent == Size().envelopes()


def test_no_grant_is_above_its_request_nor_below_the_minimum(whole):
    for number, verdict in whole.verdicts.items():
        if verdict.granted_cents:
            assert 500_000 <= verdict.granted_cents <= whole.projects[number].plan.requested_cents


def test_regions_have_their_share_of_the_population():
    shared = quotas(273)
    whole = sum(REGIONS.values())
    assert sum(shared.values()) == 273
    assert all(number >= 1 for number in shared.values())
    assert all(abs(shared[code] - 273 * people / whole) <= 1 for code, people in REGIONS.items())


def test_budgets_add_up(whole):
    for project in whole.projects.values():
        kept = [line for line in project.budget if line["status"] != "refused"]
        sums = Counter()
        for line in kept:
            rubric = line["rubric"]
            sums[rubric[:2] if rubric.startswith("8") else rubric[0]] += line["amount_cents"]
        (asked,) = [line for line in kept if line["requested"]]
        assert sums["6"] == sums["7"]
        assert sums["86"] == sums["87"]
        assert (asked["rubric"], asked["amount_cents"]) == ("74", project.plan.requested_cents)
        assert 500_000 <= asked["amount_cents"] <= min(20_000_000, 0.7 * sums["6"])
        assert min(line["amount_cents"] for line in project.budget) > 0


def test_identifiers_are_valid_reserved_and_never_shared(whole):
    owners = [p.structure.facts["siret"] for p in whole.projects.values()]
    partners = [row["siret"] for p in whole.projects.values() for row in p.partners if row["siret"]]
    assert all(siret.is_valid(number) and number.startswith("999") for number in owners + partners)
    assert all(luhn.is_valid(number[:9]) for number in owners)
    assert len(set(owners)) == len(owners)
    assert not set(owners) & set(partners)
    assert all((p.structure.facts["rna"] or "W00").startswith("W00") for p in whole.projects.values())


def test_nobody_can_be_written_to(whole):
    people = [j.person for j in whole.jurors]
    people += [x for p in whole.projects.values() for x in (p.structure.owner, p.structure.colleague)]
    assert all(person.email.endswith(".example") for person in people)


def test_no_two_titles_are_alike(whole):
    titles = sorted(p.title for p in whole.projects.values())
    assert len(set(titles)) == len(titles)
    without_place = [re.sub(r" (à|au|aux|en|dans|de|du|des|d’)( l’| la| les)? ?[A-ZÉÎ].*$", "", t) for t in titles]
    near = [(a, b) for a, b in pairwise(titles) if difflib.SequenceMatcher(None, a, b).ratio() > 0.95]
    assert near == []
    assert Counter(without_place).most_common(1)[0][1] <= 2


def test_the_french_is_clean(whole):
    """No placeholder left, no straight apostrophe, no « de le », « à le », « de A… », sentence ends closed."""
    bad = re.compile(r"[{}']|\b(de|à) (le|les) [A-Z]|\bde [AEÉÈÎIOUY][a-zé]|  |\.\.| ,|«(?! )")
    for project in whole.projects.values():
        texts = [v for v in project.answers.values() if isinstance(v, str)]
        texts += [project.structure.name, *(line["label"] for line in project.budget)]
        assert [t for t in texts if bad.search(t)] == []
        assert all(
            project.answers[k].endswith(".") for k in ("summary", "need", "answer", "novelty", "place", "indicators")
        )


def test_long_answers_hold_in_their_limits(whole):
    for project in whole.projects.values():
        assert max(len(v.split()) for v in project.answers.values() if isinstance(v, str)) <= 300
        assert len(project.answers["summary"].split()) <= 60


def test_the_two_modelled_projects_are_selected(whole):
    by_title = {p.title: p for p in whole.projects.values()}
    tremplin, boostes = by_title["Tremplin vers l’autonomie"], by_title["Boostes Ton Job"]
    assert {whole.verdicts[p.plan.number].outcome for p in (tremplin, boostes)} == {"selected"}
    facts = tremplin.structure.facts
    assert facts["legal_form"] == "local_association"
    assert facts["rna"] is None
    assert facts["register"]
    communes = [code.split(":")[1] for code in boostes.answers["territories"]]
    assert {"52121", "52448", "51649"} <= set(communes)
    assert {code[:2] for code in communes} == {"51", "52"}


def test_jurors_disagree_as_people_do(whole):
    """Three rendered readings a file, some recusals, a spread within a file as large as that between files."""
    given = [[r for r in readings if not r.recusal] for readings in whole.readings.values()]
    assert {len(readings) for readings in given} == {3}
    recusals = sum(bool(r.recusal) for readings in whole.readings.values() for r in readings)
    assert 5 <= recusals <= 40
    within = fmean(pstdev([mean((r,)) for r in readings]) for readings in given)
    between = pstdev([mean(tuple(readings)) for readings in given])
    assert 5 < within < 20
    assert 8 < between < 30
    load = Counter(r.juror for readings in given for r in readings)
    assert max(load.values()) - min(load.values()) <= 3


def test_a_seed_fixes_everything(whole):
    assert edition() == whole
    assert edition(7).projects != whole.projects


@pytest.mark.parametrize("seed", range(3))
def test_a_small_edition_keeps_its_promises(seed):
    size = Size(filed=12, selected=3, granted_cents=30_000_000, participants=900, ineligible=1, drafts=2, jurors=6)
    small = edition(seed, size)
    assert outcomes(small)["selected"] == 3
    assert sum(v.granted_cents or 0 for v in small.verdicts.values()) == 30_000_000
    assert len(small.projects) == 14


@pytest.mark.parametrize("today", [date(2026, 1, 5), date(2026, 11, 27), date(2028, 2, 29)])
def test_whenever_it_is_built_something_is_late_and_something_is_read(whole, today):
    """Each turn that an office meets has its project, and the visitor's report was due some weeks ago at most."""
    found = turns.courses(turns.selected(whole), today)
    assert len(found) == 39
    known = Counter(course.turn for course in found.values())
    once = {turns.LATE, turns.AGAIN, turns.AMENDED, turns.REJECTED, turns.ASKED, turns.STOPPED}
    assert all(known[turn] == 1 for turn in once)
    (late,) = [c for c in found.values() if c.turn == turns.LATE]
    due = turns.milestone_on(late.starts_on, late.ends_on)
    if today > date(2026, 6, 1):
        assert all(known[turn] == 1 for turn in turns.READ_SOON)
        assert timedelta(days=10) < today - due < timedelta(days=50)


def test_seats_are_real_communes():
    assert by_code()["52448"].de == "de Saint-Dizier"
    assert by_code()["76351"].a == "au Havre"
    assert by_code()["62041"].de == "d’Arras"
    assert by_code()["67180"].de == "de Haguenau"
    assert by_code()["09122"].inside == "en Ariège"
