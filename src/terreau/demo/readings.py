"""Jurors who disagree as people do: some are severe, some use the whole scale, all have better and worse days."""

from collections import Counter
from random import Random
from statistics import fmean

from terreau.demo import words
from terreau.demo.parts import Advice, Juror, Plan, Reading

CRITERIA = {"need": 20, "innovation": 20, "results": 20, "alliances": 15, "feasibility": 15, "future": 10}  # weights
READERS = 3
HIGHEST = 5


def jurors(rng: Random, number: int) -> tuple[Juror, ...]:
    made: dict[str, Juror] = {}
    while len(made) < number:
        person = words.person(rng, "jury")
        made.setdefault(person.email, Juror(person, rng.gauss(0, 0.5), rng.uniform(0.55, 1.2), rng.uniform(0.25, 0.75)))
    return tuple(made.values())


def readings(rng: Random, plans: list[Plan], panel: tuple[Juror, ...]) -> dict[int, tuple[Reading, ...]]:
    """Three readings a file, by the jurors who have read least; one file in twelve also meets a recusal."""
    load: Counter[int] = Counter()
    found = {}
    for plan in plans:
        order = sorted(range(len(panel)), key=lambda j: (load[j], rng.random()))
        given = [_reading(rng, plan, panel, j) for j in order[:READERS]]
        if rng.random() < 1 / 12 and len(panel) > READERS:
            reason = rng.choice(words.fragments()["reviews"]["recusals"])
            given.insert(rng.randrange(len(given)), Reading(order[READERS], recusal=reason))
        load.update(order[:READERS])
        found[plan.number] = tuple(given)
    return found


def _reading(rng: Random, plan: Plan, panel: tuple[Juror, ...], index: int) -> Reading:
    juror = panel[index]
    taste = rng.gauss(0, 0.35)
    scores = {}
    for key in CRITERIA:
        feeling = 2.8 + juror.spread * (plan.quality + taste) - juror.severity + rng.gauss(0, juror.noise)
        value = min(HIGHEST, max(0, round(feeling)))
        scores[key] = (value, rng.choice(words.fragments()["reviews"][_tone(value)]))
    return Reading(index, scores, rng.choice(words.fragments()["reviews"]["comments"]))


def _tone(value: int) -> str:
    return "low" if value <= 1 else "middle" if value <= 3 else "high"


def advice(rng: Random, plan: Plan) -> Advice:
    """The delegate knows the structure: an opinion closer to the true quality, told in one sentence."""
    feeling = plan.quality + rng.gauss(0, 0.4)
    verdict = "favourable" if feeling > 0.1 else "reserved" if feeling > -0.9 else "unfavourable"
    scores = {key: min(HIGHEST, max(0, round(2.8 + feeling + rng.gauss(0, 0.4)))) for key in CRITERIA}
    return Advice(verdict, scores, rng.choice(words.fragments()["reviews"][verdict]))


def mean(given: tuple[Reading, ...]) -> float:
    """The weighted mean of a file, from 0 to 100: what the ranking shows."""
    weights = sum(CRITERIA.values())
    totals = [
        sum(CRITERIA[k] * value for k, (value, _why) in reading.scores.items()) / weights / HIGHEST * 100
        for reading in given
        if not reading.recusal
    ]
    return fmean(totals)
