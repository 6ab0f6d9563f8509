import math

from hypothesis import given
from hypothesis import strategies as st

from terreau.methods.matching.relays import Asked, Body, RelayWorth, relays

WORTH = RelayWorth()
bodies = st.lists(
    st.tuples(
        st.sampled_from([None, 48.0, 48.3]), st.booleans(),
        st.frozensets(st.sampled_from("ab")), st.frozensets(st.sampled_from("xy")),
        st.sampled_from(["", "permis de conduire", "atelier de réparation"]),
    ),
    max_size=7,
).map(lambda them: [Body(n, lat, lat and 5.0, *rest) for n, (lat, *rest) in enumerate(them)])  # fmt: skip


@given(bodies, st.sampled_from(["", "a"]), st.sampled_from(["", "x"]))
def test_a_relay_has_the_score_that_is_stated_and_ties_go_by_key(bodies, theme, public):
    found = relays(Asked(48.0, 5.0, theme, public, "passer le permis"), bodies, WORTH, 99)
    assert sorted(relay.key for relay in found) == [body.key for body in bodies]
    assert [relay.key for relay in found] == [r.key for r in sorted(found, key=lambda r: (-r.score, r.key))]
    for relay in found:
        body = bodies[relay.key]
        km = None if body.lat is None else math.radians(body.lat - 48.0) * 6371.0088
        near = 1 if body.covers else 0 if km is None else math.exp(-km / 25)
        assert math.isclose(relay.parts["place"], 40 * near, abs_tol=1e-6)
        assert relay.parts["theme"] == 25 * (theme in body.themes)
        assert relay.parts["public"] == 15 * (public in body.publics)
        assert 0 <= relay.parts["text"] <= (20 if body.text else 0)
        assert math.isclose(relay.score, sum(relay.parts.values()))
