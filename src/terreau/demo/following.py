"""The call that is open today: drafts, files to admit, reviews under way, so that every page has something living."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from terreau.demo.edition import Author
from terreau.demo.parts import Advice, Juror, Project, Reading
from terreau.demo.places import by_code
from terreau.demo.plans import MODELLED, plans
from terreau.demo.readings import advice, readings

FIRST, SECOND = "premiere", "seconde"  # keys of its windows: one just closed, one open
NUMBERED_FROM = 1000
SHARES = (
    (FIRST, "to_admit", 6),
    (FIRST, "incomplete", 3),
    (FIRST, "ineligible", 2),
    (FIRST, "admitted", 4),
    (FIRST, "in_review", 12),
    (SECOND, "draft", 8),
    (SECOND, "to_admit", 7),
    (SECOND, "withdrawn", 1),
)
PANEL = 9  # jurors at work on it: the first is the visitor's account


@dataclass(frozen=True)
class Following:
    projects: dict[int, Project]
    readings: dict[int, tuple[Reading, ...]]
    advice: dict[int, Advice]


def windows(today: date) -> dict[str, tuple[date, date]]:
    """Opening and deadline of each window, around today."""
    return {
        FIRST: (today - timedelta(days=90), today - timedelta(days=24)),
        SECOND: (today - timedelta(days=20), today + timedelta(days=45)),
    }


def following(author: Author, jurors: tuple[Juror, ...], *, today: date, scale: float = 1.0) -> Following:
    """The files of the open call. `scale` makes it smaller, for tests."""
    rng = Random(f"following:{author.seed}")
    fates = [(w, fate) for w, fate, number in SHARES for _ in range(max(1, round(number * scale)))]
    drawn = plans(rng, fates, first=NUMBERED_FROM, modelled=False)
    own = next(i for i, p in enumerate(drawn) if p.fate == "draft")  # the next project of the visitor's organisation
    drawn[own] = replace(drawn[own], place=by_code()[MODELLED["tremplin"]], concept="handicap-invisible")
    dates = {w: (opens, min(deadline, today - timedelta(days=1))) for w, (opens, deadline) in windows(today).items()}
    reviewed = [p for p in drawn if p.fate == "in_review"]
    return Following(
        author.write(drawn, dates),
        readings(rng, reviewed, jurors[:PANEL]),
        {p.number: advice(rng, p) for p in reviewed},
    )
