"""What a reader works out of the hidden cells: the least and the greatest value of each, by linear programming.

The reader knows every published cell, every sum, that nothing is negative, and that a hidden cell is not zero (zeros
are published). A firm that is alone in its cell also knows that cell.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from terreau.methods.disclosure.tables import Measure

type Floats = NDArray[np.float64]
UNBOUNDED = 3  # HiGHS's status


@dataclass(frozen=True)
class Bound:
    """One end of an interval. `down`, `up` (cells,): how much each cell, once hidden, moves it at most, by duality."""

    end: float
    down: Floats
    up: Floats


class Attack:
    """The sums of one measure, ready to be solved for any set of hidden cells."""

    def __init__(self, measure: Measure) -> None:
        self.values = np.asarray(measure.values, dtype=np.float64)
        rows, columns, signs = [], [], []
        for line, (total, parts) in enumerate(measure.sums):
            rows += [line] * (1 + len(parts))
            columns += [total, *parts]
            signs += [-1.0] + [1.0] * len(parts)
        shape = (len(measure.sums), len(self.values))
        self.sums = sp.csr_matrix((signs, (rows, columns)), shape=shape)
        self.least = np.minimum(self.values, 1.0)

    def bound(self, number: int, hidden: Collection[int], *, greatest: bool, most: float = np.inf) -> Bound:
        """The least or the greatest value that cell `number` can have when these are hidden, none above `most`."""
        low, high = self.values.copy(), self.values.copy()
        free = list(hidden)
        low[free], high[free] = self.least[free], np.maximum(most, self.values[free])
        aim = np.zeros(len(self.values))
        aim[number] = -1.0 if greatest else 1.0
        zeros = np.zeros(self.sums.shape[0])
        found = linprog(aim, A_eq=self.sums, b_eq=zeros, bounds=np.column_stack([low, high]), method="highs")
        if found.status == UNBOUNDED:
            return Bound(np.inf, aim * 0, aim * 0)
        return Bound(float(found.fun * aim[number]), found.lower.marginals, found.upper.marginals)

    def interval(self, number: int, hidden: Collection[int]) -> tuple[float, float]:
        """Both ends, to a thousandth: values are whole numbers, the rest is the solver's tolerance."""
        low = self.bound(number, hidden, greatest=False).end
        high = self.bound(number, hidden, greatest=True).end
        return round(low, 3), round(high, 3)
