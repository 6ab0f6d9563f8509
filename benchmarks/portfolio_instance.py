"""The shared instance of the portfolio benchmarks: a call of n files shaped like the programme's own.

Budget 4 M€ × n/273; a floor and a cap on the number of grants; for each of 18 regions a floor and a cap on the number;
for each of 8 themes a floor and a cap in euros; for each of 6 publics (a file has one to three) a floor on the number;
one grant per organisation. With `options` a file may be granted 60, 80 or 100 % of its request.

    .venv/bin/python benchmarks/portfolio_instance.py 273
"""

import sys
from collections.abc import Iterator

import numpy as np

from terreau.methods.selection.instance import Attribute, Instance, Measure, Rule

REGIONS, THEMES, PUBLICS = 18, 8, 6
CALL = 273
BUDGET = 400_000_000  # cents, for a call of 273 files


def make(n: int, seed: int = 0, *, options: bool = False) -> Instance:
    """An instance of n files; the same n and seed give the same instance."""
    rng = np.random.default_rng(seed)
    requested = np.clip(np.rint(rng.lognormal(np.log(1_000), 0.4, n)), 50, 2_000).astype(np.int64) * 10_000
    region = rng.choice(REGIONS, n, p=_sizes(rng, REGIONS))
    theme = rng.choice(THEMES, n, p=_sizes(rng, THEMES))
    publics = [rng.choice(PUBLICS, 1 + rng.binomial(2, 0.3), replace=False) for _ in range(n)]
    organisation = rng.integers(0, max(1, int(n * 1.5)), n)
    attributes = {
        "region": Attribute.of([f"R{k:02}"] for k in region),
        "theme": Attribute.of([f"T{k}"] for k in theme),
        "public": Attribute.of([[f"P{k}" for k in row] for row in publics]),
        "organisation": Attribute.of([f"O{k}"] for k in organisation),
    }
    budget = BUDGET * n // CALL
    return Instance(
        ids=tuple(f"D{i:06}" for i in range(n)),
        merit=np.clip(rng.normal(60, 15, n), 0, 100),
        requested=requested,
        minimum=requested * 6 // 10 if options else None,
        budget=budget,
        attributes=attributes,
        rules=tuple(_rules(attributes, n, budget)),
        one_per=("organisation",),
    )


def _sizes(rng: np.random.Generator, k: int) -> np.ndarray:
    """Shares of k unequal groups, the least at a fifth of the mean or more."""
    return 0.2 / k + 0.8 * rng.dirichlet(np.full(k, 3.0))


def _rules(attributes: dict[str, Attribute], n: int, budget: int) -> Iterator[Rule]:
    """Floors near half of what a group's share of the files would give, caps near one and a half of it."""
    grants = 54 * n / CALL  # about what the budget pays for
    yield Rule("", "", Measure.COUNT, np.floor(0.7 * grants), is_floor=True)
    yield Rule("", "", Measure.COUNT, np.ceil(1.25 * grants), is_floor=False)
    for value, share in _shares(attributes["region"], n):
        yield Rule("region", value, Measure.COUNT, np.floor(0.75 * share * grants), is_floor=True)
        yield Rule("region", value, Measure.COUNT, np.ceil(1.3 * share * grants) + 1, is_floor=False)
    for value, share in _shares(attributes["theme"], n):
        yield Rule("theme", value, Measure.MONEY, np.floor(0.75 * share * budget), is_floor=True)
        yield Rule("theme", value, Measure.MONEY, np.ceil(1.2 * share * budget + 10_000_000), is_floor=False)
    for value, share in _shares(attributes["public"], n):
        yield Rule("public", value, Measure.COUNT, np.floor(share * grants), is_floor=True)


def _shares(attribute: Attribute, n: int) -> Iterator[tuple[str, float]]:
    counts = np.bincount(attribute.indices, minlength=len(attribute.values))
    yield from zip(attribute.values, (counts / n).tolist(), strict=True)


if __name__ == "__main__":
    it = make(int(sys.argv[1]) if len(sys.argv) > 1 else CALL)
    print(f"{len(it)} files, {it.requested.sum() / 100:,.0f} € requested, {it.budget / 100:,.0f} € to grant")
    print(*it.rules, sep="\n")
