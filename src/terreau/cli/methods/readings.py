"""The readings of a jury as a table gives them: names become numbers, faults are told by their line."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from terreau.cli.methods.tables import Columns, number
from terreau.methods.scoring.calibration import Calibration, calibrate
from terreau.methods.scoring.reviews import BadReviews


@dataclass(frozen=True, eq=False)
class Readings:
    """One line a score; `files`, `jurors`, `criteria` hold the names, in order of appearance."""

    table: Columns
    files: list[str]
    jurors: list[str]
    criteria: list[str]
    file: NDArray[np.int64]
    juror: NDArray[np.int64]
    criterion: NDArray[np.int64]
    score: NDArray[np.float64]
    columns: tuple[str, str, str, str]

    @classmethod
    def of(cls, table: Columns, file: str, juror: str, score: str, criterion: str) -> "Readings":
        """From the columns of these names; an empty `criterion` where each line is a whole opinion."""
        files, file_of = _numbered(table.names(file))
        jurors, juror_of = _numbered(table.names(juror))
        criteria, criterion_of = _numbered(table.names(criterion) if criterion else [""] * len(table))
        scores = table.numbers(score)
        columns = (file, juror, score, criterion)
        return cls(table, files, jurors, criteria, file_of, juror_of, criterion_of, scores, columns)

    def calibrate(self, weights: list[str], *, gain: Literal["auto"] | bool, level: float, seed: int) -> Calibration:
        """ValueError, with the line, where the table cannot be calibrated."""
        try:
            return calibrate(
                self.file,
                self.juror,
                self.score,
                files=len(self.files),
                jurors=len(self.jurors),
                criterion=self.criterion if self.columns[3] else None,
                weights=self._weights(weights),
                gain=gain,
                level=level,
                seed=seed,
            )
        except BadReviews as fault:
            if fault.code != "duplicate":
                raise
            row = fault.place
            told = f"« {self.jurors[self.juror[row]]} » a déjà noté « {self.files[self.file[row]]} »"
            if self.columns[3]:
                told += f" sur « {self.criteria[self.criterion[row]]} »"
            raise self.table.fault([row], self.columns[1], told) from None

    def parts(self, found: Calibration) -> list[list[str]]:
        """The files of each group that shares no juror with the others, the largest first."""
        return [
            [self.files[i] for i in np.flatnonzero(found.components == k)] for k in range(found.components.max() + 1)
        ]

    def _weights(self, asked: list[str]) -> NDArray[np.float64] | None:
        """The weight of each criterion, 1 unless said."""
        if asked and not self.columns[3]:
            raise ValueError("--weight : le fichier n’a pas de colonne de critère.")
        found = np.ones(len(self.criteria))
        for text in asked:
            name, _, value = text.rpartition("=")
            if name.strip() not in self.criteria:
                raise ValueError(f"--weight : critère inconnu « {name.strip() or text} ».")
            found[self.criteria.index(name.strip())] = weight = number(value)
            if weight <= 0:
                raise ValueError(f"--weight : le poids de « {name.strip()} » doit être positif.")
        return found if self.columns[3] else None


def _numbered(texts: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """The different texts in order of appearance, and the number of each."""
    number_of: dict[str, int] = {}
    numbers = [number_of.setdefault(text, len(number_of)) for text in texts]
    return list(number_of), np.array(numbers, dtype=np.int64)
