"""Who supports what: one ballot a voter, as the equal-shares rule reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from terreau.methods.selection.instance import Ints


@dataclass(frozen=True, eq=False)
class Ballots:
    """Voter v supports `projects[e]` with `points[e]` for e in `indptr[v]:indptr[v + 1]`; no project twice in a ballot.

    Shapes: indptr (v + 1,), projects and points (e,), integers. A ballot may be empty: its voter still has a share.
    An approval is one point; ranks are approvals (the order is left out), as pabutools counts them.
    """

    indptr: Ints
    projects: Ints
    points: Ints

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> "Ballots":
        """Approvals: the project numbers of each voter, doubles dropped."""
        cells = [tuple(dict.fromkeys(row)) for row in rows]
        indptr = np.concatenate([[0], np.cumsum([len(row) for row in cells])]).astype(np.int64)
        projects = np.array([p for row in cells for p in row], dtype=np.int64)
        return cls(indptr, projects, np.ones(len(projects), dtype=np.int64))
