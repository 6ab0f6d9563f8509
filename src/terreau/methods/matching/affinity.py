"""How well a NAF division goes with a theme: given, or learned from past commitments."""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from terreau.methods.matching.plain import DIVISIONS
from terreau.methods.matching.units import Floats

type Table = Mapping[tuple[int, str], float]

STRENGTH = 20.0  # commitments that a division must have for its own habit to weigh as much as everybody's


def learned(commitments: Iterable[tuple[int, str]], strength: float = STRENGTH) -> dict[tuple[int, str], float]:
    """(division, theme) → a value in ]0, 1[, 0.5 where the division is no keener on the theme than firms at large.

    The share of the theme in the division's commitments, drawn towards its share among all of them as if `strength`
    commitments had been made so (a beta-binomial posterior mean), over that share: the lift l. The value: l / (1 + l).
    Pairs that never met are told too, for the divisions and themes that were seen.
    """
    met = Counter(commitments)
    total = sum(met.values())
    of_division, of_theme = Counter[int](), Counter[str]()
    for (division, theme), count in met.items():
        of_division[division] += count
        of_theme[theme] += count
    table = {}
    for division, size in sorted(of_division.items()):
        for theme, count in sorted(of_theme.items()):
            base = count / total
            lift = (met[division, theme] + strength * base) / (size + strength) / base
            table[division, theme] = lift / (1 + lift)
    return table


def by_division(table: Table, themes: Iterable[str], unknown: float = 0.0) -> Floats:
    """For each code of the sector column, the mean of the table over these themes; 0 where there is none."""
    values, wanted = np.zeros(DIVISIONS + 1), sorted(themes)
    for division in range(DIVISIONS):
        if wanted:
            values[division] = sum(table.get((division, theme), unknown) for theme in wanted) / len(wanted)
    return values
