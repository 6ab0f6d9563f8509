"""An edition at its true size, from a seed: the same seed gives the same files, reviews and decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from terreau.demo import special
from terreau.demo.budgets import budget
from terreau.demo.identifiers import PARTNERS, siret
from terreau.demo.parts import Edition, Juror, Plan, Project
from terreau.demo.plans import plans
from terreau.demo.readings import advice, jurors, mean, readings
from terreau.demo.structures import Structures
from terreau.demo.texts import Titles, answers
from terreau.demo.verdicts import choose, grants, stretch, verdicts
from terreau.demo.words import fit, fragments


@dataclass(frozen=True)
class Size:
    """How large an edition is. The defaults are those of 2025, as published."""

    filed: int = 273
    selected: int = 39
    granted_cents: int = 400_000_000
    participants: int = 15_000
    ineligible: int = 16
    drafts: int = 6
    jurors: int = 40
    windows: tuple[str, ...] = ("mai", "octobre")
    shares: tuple[float, ...] = (0.5, 0.5)  # of the files and of the envelope

    def envelopes(self) -> dict[str, int]:
        """The envelope of each window, in cents: their sum is exact."""
        parts = [round(self.granted_cents * share) for share in self.shares]
        parts[-1] += self.granted_cents - sum(parts)
        return dict(zip(self.windows, parts, strict=True))

    def selections(self) -> dict[str, int]:
        numbers = [round(self.selected * share) for share in self.shares]
        numbers[-1] += self.selected - sum(numbers)
        return dict(zip(self.windows, numbers, strict=True))


CLOSING = {"mai": (date(2025, 1, 20), date(2025, 3, 1)), "octobre": (date(2025, 4, 14), date(2025, 7, 21))}


def edition(seed: int = 2025, size: Size | None = None, *, author: "Author | None" = None) -> Edition:
    """The 2025 edition: everything that the builder will play through the actions."""
    return draw(Random(f"edition:{seed}"), size or Size(), author or Author(seed), CLOSING)


def draw(
    rng: Random,
    size: Size,
    author: "Author",
    dates: dict[str, tuple[date, date]],
    *,
    panel: tuple[Juror, ...] = (),
    first: int = 1,
    modelled: bool = True,
) -> Edition:
    """Any edition: its files numbered from `first`, read by `panel` or by jurors of its own, decided, then written."""
    drawn = plans(rng, _fates(rng, size), first=first, modelled=modelled)
    reviewed = [p for p in drawn if p.fate == "reviewed"]
    panel = panel or jurors(rng, size.jurors)
    read = readings(rng, reviewed, panel)
    means = {number: mean(given) for number, given in read.items()}
    decided: dict[int, Any] = {}
    chosen: dict[int, Plan] = {}
    for window, envelope in size.envelopes().items():
        ours = [p for p in reviewed if p.window == window]
        kept = stretch(choose(ours, means, number=size.selections()[window]), envelope)
        decided |= verdicts(rng, ours, means, grants(kept, envelope))
        chosen |= {p.number: p for p in kept}
    drawn = [chosen.get(p.number, p) for p in drawn]
    projects = author.write(_bring_to(drawn, set(chosen), size.participants), dates)
    opinions = {p.number: advice(rng, p) for p in reviewed}
    return Edition(projects, panel, read, opinions, decided)


def _fates(rng: Random, size: Size) -> list[tuple[str, str]]:
    """(window, fate) of every file: those filed, by window, then drafts that were never submitted."""
    fates = ["ineligible"] * size.ineligible + ["reviewed"] * (size.filed - size.ineligible)
    rng.shuffle(fates)
    first = round(size.filed * size.shares[0])
    windows = [size.windows[0]] * first + [size.windows[-1]] * (size.filed - first)
    drafts = [(rng.choice(size.windows), "withdrawn" if i % 2 else "draft") for i in range(size.drafts)]
    return list(zip(windows, fates, strict=True)) + drafts


def _bring_to(drawn: list[Plan], chosen: set[int], participants: int) -> list[Plan]:
    """Scale the number of participants so that the selected files together expect about `participants`."""
    factor = participants / sum(p.people for p in drawn if p.number in chosen)
    return [replace(p, people=max(10, round(p.people * factor / 5) * 5)) for p in drawn]


class Author:
    """Writes projects one after the other: no title, name or identifier serves twice."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = Random(f"texts:{seed}")
        self.titles = Titles(self.rng)
        self.structures = Structures(seed)

    def write(self, drawn: Sequence[Plan], dates: dict[str, tuple[date, date]]) -> dict[int, Project]:
        """Give each plan its structure, its words, its budget and its partners; `dates` bounds the filing."""
        return {plan.number: self._project(plan, *dates[plan.window]) for plan in drawn}

    def _project(self, plan: Plan, opens: date, deadline: date) -> Project:
        rng = self.rng
        name = special.HOLDERS.get(plan.concept, "")
        structure = self.structures.make(plan.place, eligible=plan.fate != "ineligible", name=name)
        days = (deadline - opens).days
        filed_on = opens + timedelta(days=min(days, int(days * rng.triangular(0.2, 1.02, 1.0))))
        firms = rng.randint(3, 22)
        written = answers(rng, plan, self.titles, people=plan.people, firms=firms, filed_on=filed_on)
        return Project(
            plan=plan,
            structure=structure,
            filed_on=filed_on,
            answers=written,
            budget=budget(rng, plan.place, plan.requested_cents),
            partners=_partners(rng, plan),
        )


def _partners(rng: Random, plan: Plan) -> list[dict[str, Any]]:
    """A few local firms, named after nobody, and one or two neighbours of the public sphere."""
    parts, families = fragments()["organisations"], fragments()["people"]["families"]
    names = {rng.choice(parts["firms"]).format(f=rng.choice(families)) for _ in range(rng.randint(2, 4))}
    firms = [
        {
            "name": name,
            "siret": siret(PARTNERS + plan.number * 10 + i),
            "contribution": rng.choice(parts["contributions"]),
        }
        for i, name in enumerate(sorted(names))
    ]
    others = rng.sample(parts["partners"], rng.randint(1, 2))
    return firms + [
        {"name": fit(name, plan.place), "siret": "", "contribution": rng.choice(parts["contributions"])}
        for name in others
    ]
