"""The edition of the year before: small and over. Same author, so that no title nor identifier serves twice."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from terreau.demo.edition import Author, Size, draw
from terreau.demo.parts import Edition, Juror, Project

WINDOW, NUMBERED_FROM = "avril", 2000
OPENS, DEADLINE, COMMITTEE_ON = date(2024, 1, 8), date(2024, 3, 1), date(2024, 4, 18)
STARTS_ON, MONTHS = date(2024, 6, 1), 12  # every project of that year: enough for all to be over
SIZE = Size(
    filed=24,
    selected=6,
    granted_cents=42_000_000,
    participants=1_600,
    ineligible=2,
    drafts=0,
    windows=(WINDOW,),
    shares=(1.0,),
)


def before(author: Author, panel: tuple[Juror, ...], size: Size = SIZE) -> Edition:
    """The 2024 edition, read by the jurors who read the next one."""
    dates = {WINDOW: (OPENS, DEADLINE)}
    rng = Random(f"before:{author.seed}")
    drawn = draw(rng, size, author, dates, panel=panel, first=NUMBERED_FROM, modelled=False)
    return replace(drawn, projects={number: _of_2024(project) for number, project in drawn.projects.items()})


def _of_2024(project: Project) -> Project:
    """Same words, the dates of that year."""
    facts: dict[str, Any] = dict(project.structure.facts)
    if facts["founded_on"] > OPENS:
        facts["founded_on"] = facts["founded_on"].replace(year=2023)
    return replace(
        project,
        structure=replace(project.structure, facts=facts),
        answers=project.answers | {"starts_on": STARTS_ON.isoformat(), "months": MONTHS},
    )
