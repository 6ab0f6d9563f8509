"""What an assignment answers: who reads what with its proof, or which files and limits cannot hold together."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from terreau.methods.assignment.instance import Ints


class Status(StrEnum):
    """Optimal: both levels proved. Feasible: every limit holds, the bounds tell the gap. Infeasible: there is none.

    Unknown: a bounded search found neither an assignment nor a proof that there is none (needs, pair limits).
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Conflict:
    """Why nothing fits: these files ask for `wanted` readings and can get `reachable` at most.

    `jurors` may read some of them and stand at their limit. `needs` names the kinds of jurors, `limits` the other
    rules ("least", "pairs"), that cannot be kept together with the rest. No file nor rule is there for nothing:
    without any one of them the others hold.
    """

    files: tuple[str, ...]
    jurors: tuple[str, ...] = ()
    wanted: int = 0
    reachable: int = 0
    needs: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """`assigned` (f, k) numbers of the jurors of each file, ascending, −1 after the last where files differ in k.

    worst: the least summed affinity of a file that gets any review; bound_worst: no assignment does better (proved).
    total: the summed affinity; bound_total: no assignment whose worst file is as well served has more (proved).
    free_total, free_worst: what the largest total would be if the worst file did not count, and its worst file.
    loads (j,): files of each juror. changes: readings kept that had to move (of a re-assignment; 0 otherwise).
    """

    status: Status
    assigned: Ints
    worst: float
    bound_worst: float
    total: float
    bound_total: float
    free_total: float
    free_worst: float
    loads: Ints
    changes: int = 0
    conflict: Conflict | None = None

    @property
    def gap(self) -> float:
        """(bound_total − total) / |bound_total|."""
        return (self.bound_total - self.total) / abs(self.bound_total) if self.bound_total else 0.0


def nothing(files: int, jurors: int, conflict: Conflict | None, *, status: Status = Status.INFEASIBLE) -> Outcome:
    """The outcome where nobody reads anything."""
    assigned = np.full((files, 0), -1, dtype=np.int64)
    loads = np.zeros(jurors, dtype=np.int64)
    return Outcome(status, assigned, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, loads, conflict=conflict)
