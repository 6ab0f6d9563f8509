"""Files against jurors: what each cell says, and whether it can be ticked."""

from dataclasses import dataclass

from terreau.selection import queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Review

CELLS = 800  # on one page, so that it stays light whatever the number of jurors


def page_size(jurors):
    return max(10, min(50, CELLS // max(1, jurors)))


@dataclass(frozen=True)
class Cell:
    """One juror before one file: their review, a bond that forbids it, or an empty box."""

    juror: object
    review: Review | None
    bound: bool

    @property
    def is_free(self):
        return self.review is None and not self.bound

    @property
    def can_leave(self):
        return self.review is not None and self.review.state == ReviewState.ASSIGNED


@dataclass(frozen=True)
class Line:
    """One file and its cells; recusals are not counted as readings."""

    file: object
    cells: list[Cell]

    @property
    def kept(self):
        return [c.review for c in self.cells if c.review and c.review.state != ReviewState.RECUSED]

    @property
    def done(self):
        return sum(review.state == ReviewState.DONE for review in self.kept)


def lines(files, jurors):
    """Five queries whatever the number of files and jurors."""
    reviews = {(r.application_id, r.juror_id): r for r in Review.objects.filter(application__in=[f.pk for f in files])}
    bonds = queries.conflicts(files)
    return [
        Line(file, [Cell(j, reviews.get((file.pk, j.pk)), j.user_id in bonds[file.pk]) for j in jurors])
        for file in files
    ]
