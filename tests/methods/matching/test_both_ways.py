"""The score of the site against plain Python, on small random countries with many ties."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from terreau.methods.matching.both_ways import Firm, Taste, Wish, Worth, firms_for, projects_for
from terreau.methods.matching.plain import Project

WORTH = Worth(distance=35, sector=5, theme=20, offers=20, size=5, basin=10, text=5, scale_km=25)
words = st.frozensets(st.sampled_from("abc"))
places = {"lat": st.sampled_from([48.0, 48.1, 49.0]), "lon": st.sampled_from([4.0, 4.2])}
tables = st.dictionaries(st.sampled_from([1, 62]), st.sampled_from([0.25, 1.0]))
tastes = st.builds(
    Taste,
    st.dictionaries(st.sampled_from("abc"), st.sampled_from([0.5, 0.25])),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from([0.5, 0.25])),
    st.sampled_from([1.0, 0.7, 0.1]),
)
shapes = st.tuples(
    *places.values(), st.sampled_from([None, 1, 62]), st.sampled_from(["", "micro", "large"]), st.sampled_from("xy"),
    words, words,
)  # fmt: skip
countries = st.lists(shapes, min_size=1, max_size=8).map(lambda them: [Firm(f"f{n}", *of) for n, of in enumerate(them)])
wish = st.builds(
    Wish,
    st.builds(Project, st.just(""), *places.values(), themes=words, seeks=words),
    st.frozensets(st.sampled_from("xy")),
    tables,
    tables,
    st.frozensets(st.sampled_from(["f0", "f1"])),
    tastes,
)
wishes = st.lists(wish, min_size=1, max_size=4).map(
    lambda them: [
        Wish(
            Project(f"p{n}", w.project.lat, w.project.lon, themes=w.project.themes, seeks=w.project.seeks),
            w.basins, w.affinity, w.likeness, w.hidden, w.taste,
        )
        for n, w in enumerate(them)
    ]
)  # fmt: skip


NEAR = replace(WORTH, farthest_km=20)


def km_between(own, firm):
    phi, to_phi = math.radians(own.lat), math.radians(firm.lat)
    half, across = math.sin((to_phi - phi) / 2), math.sin(math.radians(firm.lon - own.lon) / 2)
    return 2 * 6371.0088 * math.asin(math.sqrt(half**2 + math.cos(phi) * math.cos(to_phi) * across**2))


def score(wish, firm, taste):
    own = wish.project
    total = 35 * math.exp(-km_between(own, firm) / max(25 * taste.nearness, 5)) + 10 * (firm.basin in wish.basins)
    if firm.themes and own.themes:
        kept = sum(taste.themes.get(t, 1) for t in firm.themes & own.themes)
        total += 20 * kept / math.sqrt(len(firm.themes) * len(own.themes))
    if own.seeks:
        total += 20 * sum(taste.forms.get(o, 1) for o in firm.offers & own.seeks) / len(own.seeks)
    total += 5 * wish.affinity.get(firm.division, 0) + 5 * wish.likeness.get(firm.division, 0)
    return total + 5 * WORTH.size_values.get(firm.size, 0)


@given(wishes, countries, st.integers(1, 5))
def test_firms_for_projects_are_those_of_brute_force(wishes, firms, k):
    found = firms_for(wishes, firms, WORTH, k, most=len(wishes))
    for wish in wishes:
        mine = [match for match in found if match.project == wish.project.name]
        ranked = sorted((-round(score(wish, f, wish.taste), 9), f.key) for f in firms if f.key not in wish.hidden)
        assert [(-round(m.score, 9), m.firm) for m in mine] == ranked[:k]
        assert all(abs(sum(m.parts.values()) - m.score) < 1e-9 for m in mine)


@given(wishes, countries, tastes, st.integers(1, 5))
def test_projects_for_a_firm_are_those_of_brute_force(wishes, firms, taste, k):
    firm = firms[0]
    found = projects_for(firm, wishes, WORTH, k, taste)
    ranked = sorted((-round(score(w, firm, taste), 9), w.project.name) for w in wishes if firm.key not in w.hidden)
    assert [(-round(m.score, 9), m.project) for m in found] == ranked[:k]


@given(wishes, countries, st.integers(1, 3))
def test_no_firm_is_proposed_to_more_projects_than_allowed_whatever_the_order(wishes, firms, most):
    found = firms_for(wishes, firms, WORTH, 3, most)
    assert found == firms_for(wishes[::-1], firms[::-1], WORTH, 3, most)
    keys = [match.firm for match in found]
    assert all(keys.count(key) <= most for key in keys)


@given(wishes, countries)
def test_nothing_is_proposed_beyond_the_farthest(wishes, firms):
    found = firms_for(wishes, firms, NEAR, len(firms), most=len(wishes))
    told = {(match.project, match.firm) for match in found}
    pairs = [(wish, firm) for wish in wishes for firm in firms if firm.key not in wish.hidden]
    assert told == {(w.project.name, f.key) for w, f in pairs if km_between(w.project, f) <= 20}
    back = {(m.project, m.firm) for f in firms for m in projects_for(f, wishes, NEAR, len(wishes), Taste())}
    assert back == told
