"""Rulebooks and answers drawn at random, for the properties."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from terreau.calls import rulebook as rb

KEYS = ["q_a", "q_b", "q_c", "q_d", "q_e", "q_f"]
WORDS = st.text("abcdé ’", max_size=12)
OPTIONS = (rb.Choice("x", "Option X"), rb.Choice("y", "Option Y"), rb.Choice("z", "Option Z"))
DAYS = ["2025-01-01", "2025-06-15", "2026-01-01"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS = ["short_text", "long_text", "number", "money", "date", "choice", "choices", "counts", "territory", "file"]

VALUES = {
    "short_text": st.sampled_from(["", "oui", "non", "autre"]),
    "long_text": st.text(max_size=30),
    "number": st.integers(-5, 25) | st.floats(-5, 25),
    "money": st.integers(-5, 25),
    "date": st.sampled_from([*DAYS, "2024-12-31", "2025-03-01", "2030-01-01"]),
    "choice": st.sampled_from(["x", "y", "z"]),
    "choices": st.lists(st.sampled_from(["x", "y", "z"]), unique=True),
    "counts": st.dictionaries(st.sampled_from(["x", "y", "z"]), st.integers(0, 3)),
    "territory": st.lists(st.sampled_from(["region:44", "commune:52121"]), unique=True),
    "file": st.just({"name": "statuts.pdf"}),
}


@st.composite
def leaf(draw, questions):
    question = draw(st.sampled_from(questions))
    tests = {
        "number": st.sampled_from([{"at_least": 10}, {"at_most": 3}, {"is": 5}, {"in": [1, 5]}, {"at_least": 2.5}]),
        "money": st.sampled_from([{"at_least": 10}, {"at_most": 3}, {"at_least": 4, "at_most": 11}]),
        "date": st.sampled_from([{"at_least": DAYS[1]}, {"at_most": DAYS[0]}, {"is": DAYS[2]}]),
        "choice": st.sampled_from([{"is": "x"}, {"is_not": "y"}, {"in": ["x", "z"]}]),
        "choices": st.sampled_from([{"contains": "x"}, {"contains": "z"}]),
        "counts": st.sampled_from([{"contains": "x"}, {"contains": "y"}]),
        "territory": st.just({"contains": "region:44"}),
        "short_text": st.sampled_from([{"is": "oui"}, {"is_not": "non"}]),
    }
    answered = st.booleans().map(lambda v: {"answered": v})
    test = draw(tests.get(question.kind, answered) | answered)
    return {"question": question.key, **test}


def conditions(questions):
    return st.recursive(
        leaf(questions),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"all": parts})
            | st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"any": parts})
            | inner.map(lambda part: {"not": part})
        ),
        max_leaves=3,
    )


@st.composite
def question(draw, key, before):
    kind = draw(st.sampled_from(KINDS))
    options = OPTIONS if kind in {"choice", "choices", "counts"} else ()
    show_if = draw(st.none() | conditions(before)) if before else None
    required = draw(st.booleans())
    maximum = draw(st.sampled_from([None, 8])) if kind in {"number", "money"} else None
    return rb.Question(
        key, kind, f"Question {key}", draw(WORDS), required, choices=options, show_if=show_if, maximum=maximum
    )


@st.composite
def rulebooks(draw):
    """Coherent rules of up to six questions in two sections, with conditions on earlier questions."""
    asked, sections = [], []
    keys = iter(KEYS[: draw(st.integers(1, len(KEYS)))])
    for name in ("s_one", "s_two"):
        show_if = draw(st.none() | conditions(asked)) if asked else None
        inside = []
        for key in [k for k, _ in zip(keys, range(3), strict=False)]:
            inside.append(draw(question(key, asked + inside)))
        asked += inside
        sections.append(rb.Section(name, name.title(), questions=tuple(inside), show_if=show_if))
    documents = (rb.DocumentRule("doc", "Pièce", show_if=draw(st.none() | conditions(asked))),)
    window = rb.WindowRule(
        "mai", "Mai", datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC), 10**8, date(2025, 5, 1)
    )
    return rb.Rulebook(
        kinds=OPTIONS[:2],
        windows=(window,),
        criteria=(rb.Criterion("c", "Critère", draw(st.floats(0.5, 3))),),
        sections=tuple(sections),
        documents=documents,
        amounts=rb.Amounts(500_000, 20_000_000, draw(st.floats(0.1, 1)), draw(WORDS)),
        eligibility=rb.Eligibility(("association",), draw(st.integers(0, 40)), date(2025, 12, 1), True, ("drom",)),
    )


@st.composite
def rules_and_answers(draw):
    """Rules with answers that make sense, nonsense, or are missing."""
    rules = draw(rulebooks())
    answers = {}
    for key, one in rules.questions.items():
        answers[key] = draw(st.none() | VALUES[one.kind] | JSON)
    return rules, answers
