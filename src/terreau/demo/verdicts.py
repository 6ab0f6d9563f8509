"""The committee: the best files of each window, no région above its share, the envelope spent to the cent."""

from collections import Counter
from dataclasses import replace
from random import Random

from terreau.demo.parts import Plan, Verdict
from terreau.demo.plans import HIGHEST, LOWEST, MODELLED, STEP
from terreau.demo.words import fragments

LARGEST_SHARE = 0.2  # of the selected files of a window, for one région
SPREAD = 1.04  # requests of the selected files ÷ envelope, at least: a committee grants a little less than asked


def choose(plans: list[Plan], means: dict[int, float], *, number: int) -> list[Plan]:
    """The `number` files that a window selects: by mean, the modelled ones first, régions within their share."""
    ranked = sorted(plans, key=lambda p: (p.concept not in MODELLED, -means[p.number], p.number))
    most = max(2, round(number * LARGEST_SHARE))
    chosen: list[Plan] = []
    by_region: Counter[str] = Counter()
    for plan in ranked:
        if len(chosen) < number and by_region[plan.place.region] < most:
            chosen.append(plan)
            by_region[plan.place.region] += 1
    return chosen


def stretch(chosen: list[Plan], envelope: int) -> list[Plan]:
    """Raise requests a little where the selected files, together, would not use the envelope."""
    while (asked := sum(p.requested_cents for p in chosen)) < envelope * SPREAD:
        factor = envelope * SPREAD / asked
        raised = [min(HIGHEST, int(p.requested_cents * factor) // STEP * STEP + STEP) for p in chosen]
        if sum(raised) == asked:
            raise ValueError("The envelope is larger than what the call lets these files ask for.")
        chosen = [replace(p, requested_cents=cents) for p, cents in zip(chosen, raised, strict=True)]
    return chosen


def grants(chosen: list[Plan], envelope: int) -> dict[int, int]:
    """Amounts in hundreds of euros that add up to the envelope, none above its request."""
    asked = sum(p.requested_cents for p in chosen)
    given = {p.number: max(LOWEST, p.requested_cents * envelope // asked // STEP * STEP) for p in chosen}
    requests = {p.number: p.requested_cents for p in chosen}
    gap = envelope - sum(given.values())
    for number in sorted(given, key=lambda n: given[n] - requests[n]):
        moved = min(gap, requests[number] - given[number]) if gap > 0 else max(gap, LOWEST - given[number])
        given[number] += moved
        gap -= moved
    return given


def verdicts(rng: Random, plans: list[Plan], means: dict[int, float], given: dict[int, int]) -> dict[int, Verdict]:
    """Every file of a window: selected with its amount; then a reserve list, a few deferred, the others declined."""
    texts = fragments()["reviews"]
    others = sorted((p for p in plans if p.number not in given), key=lambda p: (-means[p.number], p.number))
    waiting, later = len(plans) // 12, len(plans) // 25
    found = {n: Verdict("selected", rng.choice(texts["selected"]), cents) for n, cents in given.items()}
    for rank, plan in enumerate(others):
        outcome = "reserve" if rank < waiting else "deferred" if rank < waiting + later else "declined"
        found[plan.number] = Verdict(outcome, rng.choice(texts[outcome]))
    return found
