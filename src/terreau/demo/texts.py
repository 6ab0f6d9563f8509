"""What a holder writes: the answers to the questions of the demonstration call, composed for one plan."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from terreau.demo import special
from terreau.demo.parts import Plan
from terreau.demo.words import Concept, concepts, fit, fragments, listed

FRAMES = (
    "Le projet prévoit {list}.",
    "Nous mettrons en place {list}.",
    "Concrètement, le projet comprend {list}.",
    "Le programme réunit {list}.",
    "L’action s’organise autour de quelques rendez-vous : {list}.",
)


WAYS = ("individual", "group", "mentoring", "visits", "immersion", "training")
FIRMS_ROLES = ("diagnosis", "design", "trial", "mentoring", "giving")


class Titles:
    """Deals the titles of each concept, so that no two projects of the edition bear the same."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.left: dict[str, list[str]] = {}
        self.taken: set[str] = set()
        self.used: dict[str, int] = defaultdict(int)

    def deal(self, concept: Concept, plan: Plan) -> str:
        """A title not yet taken. When the deck is over, titles that name a place serve again elsewhere."""
        deck = self.left.setdefault(concept.key, self.rng.sample(concept.titles, len(concept.titles)))
        while deck:
            title = fit(deck.pop(), plan.place)
            if title not in self.taken:
                self.taken.add(title)
                return title
        placed = [t for t in concept.titles if "{" in t] or [f"{t} {{a}}" for t in concept.titles]
        for title in (fit(t, plan.place) for t in placed):
            if title not in self.taken:
                self.taken.add(title)
                return title
        title = fit(f"{placed[0]}, nouvelle étape", plan.place)
        self.taken.add(title)
        return title


def answers(rng: Random, plan: Plan, titles: Titles, *, people: int, firms: int, filed_on: date) -> dict[str, Any]:
    """Every answer by key: those that each call asks, then those of the sections of `novapec-2025`."""
    told = special.TOLD.get(plan.concept) or _told(rng, concepts()[plan.concept], plan, titles)

    def say(*texts: str) -> str:
        return "\n\n".join(fit(text, plan.place, n=people, p=firms) for text in texts)

    def one(key: str) -> str:
        return rng.choice(fragments()["shared"][key])

    return {
        "title": say(told["title"]),
        "summary": say(told["summary"]),
        "kind": plan.kind,
        "domain": told["domain"],
        "themes": list(told["themes"]),
        "publics": _shares(told["publics"], people),
        "territories": territories(rng, plan),
        "need": say(told["need"]),
        "answer": say(told["solution"], told["activities"], one("future")),
        "novelty": say(told["innovation"]),
        "entry": say(one("entry")),
        "place": say(told.get("place") or rng.choice(fragments()["context"][plan.place.profile]), one("firms")),
        "firms_role": sorted(rng.sample(FIRMS_ROLES, rng.randint(2, 4)), key=FIRMS_ROLES.index),
        "firms_count": firms,
        "indicators": say(one("results")),
        "starts_on": (filed_on.replace(day=1) + timedelta(days=rng.randint(120, 260))).replace(day=1).isoformat(),
        "months": rng.choice((18, 24, 24, 24, 30, 36)),
        "staff": rng.choice((1, 1.5, 1.5, 2, 2, 2.5, 3, 4)),
        "hypothesis" if plan.kind == "pilot" else "first_results": say(one(plan.kind)),
        **_follow_up(rng, told["themes"]),
        **_sensitive(say, one, told["themes"]),
        **_evaluation(rng, plan),
        "consortium": "group" if rng.random() < 0.15 else "alone",
    }


def _follow_up(rng: Random, themes: tuple[str, ...]) -> dict[str, Any]:
    """How people are accompanied; a project on mentoring says how many mentors it wants."""
    ways = set(rng.sample(WAYS, rng.randint(2, 4))) - {"mentoring"} | {"individual"}
    if "mentoring" not in themes:
        return {"follow_up": sorted(ways, key=WAYS.index)}
    return {"follow_up": sorted(ways | {"mentoring"}, key=WAYS.index), "mentors": rng.randrange(15, 90, 5)}


def _sensitive(say: Any, one: Any, themes: tuple[str, ...]) -> dict[str, Any]:
    if {"disability", "burn_out"} & set(themes):
        return {"sensitive": "yes", "protection": say(one("data"))}
    return {"sensitive": "no"}


def _evaluation(rng: Random, plan: Plan) -> dict[str, Any]:
    who = rng.choices(("internal", "independent", "comparison"), (0.62, 0.33, 0.05))[0]
    if who == "internal":
        return {"evaluation": who}
    return {
        "evaluation": who,
        "evaluation_cost": int(plan.requested_cents * rng.uniform(0.03, 0.08)) // 10_000 * 10_000,
    }


def _told(rng: Random, concept: Concept, plan: Plan, titles: Titles) -> dict[str, Any]:
    """One way to tell a concept: variants drawn, sentences in an order of their own."""
    context, place = rng.sample(fragments()["context"][plan.place.profile], 2)
    shown = rng.sample(concept.activities, min(len(concept.activities), rng.randint(3, 5)))
    weights = [rng.uniform(0.7, 1.3) / 3**rank for rank in range(len(concept.publics))]
    return {
        "title": titles.deal(concept, plan),
        "place": place,
        "domain": concept.domain,
        "themes": concept.themes,
        "publics": {k: w / sum(weights) for k, w in zip(concept.publics, weights, strict=True)},
        "summary": rng.choice(concept.summary),
        "need": _paragraphs(rng, [context], concept.need),
        "solution": _paragraphs(rng, [], concept.solution) + "\n\n" + _coda(rng),
        "activities": rng.choice(FRAMES).format(list=listed(shown)),
        "innovation": " ".join(rng.sample(concept.innovation, rng.randint(1, len(concept.innovation)))),
    }


def _paragraphs(rng: Random, first: list[str], variants: tuple[str, ...]) -> str:
    """One or both of the variants, in the order they were written."""
    kept = variants if rng.random() < 0.6 else (rng.choice(variants),)
    return "\n\n".join([" ".join([*first, kept[0]]), *kept[1:]])


def _coda(rng: Random) -> str:
    shared = fragments()["shared"]
    return f"{rng.choice(shared['team'])} {rng.choice(shared['closing'])}"


def _shares(shares: dict[str, float], people: int) -> dict[str, int]:
    """Whole numbers that add up to `people`."""
    counts = {key: int(people * share) for key, share in shares.items()}
    largest = max(counts, key=lambda key: counts[key])
    counts[largest] += people - sum(counts.values())
    return {key: count for key, count in counts.items() if count}


def territories(rng: Random, plan: Plan) -> list[str]:
    """Where the project acts: the intercommunalité of the seat, a département, or the commune alone."""
    place = plan.place
    if plan.concept == "boostes":
        return [f"commune:{code}" for code in special.BASIN["communes"]]
    level = rng.choices(("epci", "departement", "commune"), (0.62, 0.25, 0.13))[0]
    code = {"epci": place.epci, "departement": place.departement, "commune": place.code}[level]
    if plan.kind == "scaling" and rng.random() < 0.35:
        return [f"region:{place.region}"]
    return [f"{level}:{code}"] if code else [f"commune:{place.code}"]
