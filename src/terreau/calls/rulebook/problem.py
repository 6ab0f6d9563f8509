"""One thing wrong with a rulebook."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`part` is the page of the office that mends it; `place` and `text` are for people."""

    part: str
    place: str
    text: str
    blocking: bool = True

    def __str__(self) -> str:
        return f"{self.place} : {self.text}"
