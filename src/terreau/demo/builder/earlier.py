"""The 2024 edition: one window, from the call to the letters. What follows is played with that of the next year."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from terreau.calls import actions as calls
from terreau.calls import rulebook
from terreau.calls.models import Call
from terreau.calls.rulebook import Rulebook, WindowRule
from terreau.demo import before
from terreau.demo.builder.cast import Cast
from terreau.demo.clock import at, moment
from terreau.demo.edition import Size

SLUG, TITLE = "innovation-sociale-2024", "Innovation sociale et transformations du travail 2024"
SUMMARY = (
    "Première édition, dont tous les projets sont terminés. Appel fictif, modelé sur un appel réel ; les montants "
    "marqués « paramètre fictif » sont des exemples."
)
PUBLISHED_ON, CLOSED_ON = before.OPENS - timedelta(days=20), before.COMMITTEE_ON + timedelta(days=12)
SOURCE = "Conditions de l’appel suivant, aux dates de 2024 : paramètre fictif."
DATES = (("2025-03-01", "2024-03-01"), ("1er mars 2025", "1er mars 2024"), ("2024-12-01", "2023-12-31"))


def open_earlier(cast: Cast, rules: Rulebook, size: Size) -> Call:
    """Prepare, publish and open the 2024 call: the rules of 2025 at the dates of that year."""
    rules = _a_year_before(rules)
    rules = replace(rules, windows=(_window(size),), eligibility=replace(rules.eligibility, source=SOURCE))
    with at(moment(PUBLISHED_ON)):
        call = calls.create_call(
            funder=cast.funder, title=TITLE, slug=SLUG, edition=2024, summary=SUMMARY, rules=rules, by=cast.officer
        )
        calls.publish(call, by=cast.officer)
    with at(moment(before.OPENS, 9)):
        calls.open_call(call, by=cast.officer)
    return call


def _a_year_before(rules: Rulebook) -> Rulebook:
    text = json.dumps(rulebook.dump(rules), ensure_ascii=False)
    for is_now, was in DATES:
        text = text.replace(is_now, was)
    content: dict[str, Any] = json.loads(text)
    return rulebook.parse(content)


def _window(size: Size) -> WindowRule:
    opens, deadline = moment(before.OPENS, 9), moment(before.DEADLINE, 23, 59)
    envelope = size.envelopes()[before.WINDOW]
    return WindowRule(before.WINDOW, "Avril 2024", opens, deadline, envelope, before.COMMITTEE_ON)


def close_earlier(call: Call, cast: Cast) -> None:
    with at(moment(CLOSED_ON)):
        calls.close_call(call, by=cast.officer)
