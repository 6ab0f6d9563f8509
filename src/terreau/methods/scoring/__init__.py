"""From the marks of a grid to one figure between 0 and 100. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """One line of a grid: `value` out of `maximum` (both in points), counted `weight` times."""

    value: float
    maximum: float
    weight: float = 1.0


def weighted_mean(marks: Sequence[Mark]) -> float:
    """The mean of `value / maximum`, weighted, brought to 0-100 and rounded to four decimals.

    Invariants: full marks give 100, none gives 0; multiplying every weight by the same number changes nothing;
    raising one mark never lowers the result. ValueError where there is nothing to weigh or a mark is out of bounds.
    """
    weights = sum(m.weight for m in marks)
    if weights <= 0:
        raise ValueError("There is nothing to weigh.")
    for m in marks:
        if m.maximum <= 0 or m.weight < 0 or not 0 <= m.value <= m.maximum:
            raise ValueError(f"A mark is out of bounds: {m}.")
    return round(100 * sum(m.weight * m.value / m.maximum for m in marks) / weights, 4)
