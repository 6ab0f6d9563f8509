"""Which files of a frozen question can be compared: readings link them, or they do not."""

from dataclasses import dataclass

from terreau.selection.queries.instance import Content, readings_of
from terreau.selection.queries.readings import calibration_of


@dataclass(frozen=True)
class Comparison:
    """`parts`: the references of each group that no reading links to another, in the order of their numbers.

    `bridges`: files that alone hold a group together; without one of them its scores would not compare any more.
    """

    parts: tuple[tuple[str, ...], ...]
    bridges: tuple[str, ...]

    @property
    def connected(self) -> bool:
        return len(self.parts) <= 1


def comparison(content: Content) -> Comparison:
    """What can be compared in a question; files that nobody has read are in no group."""
    found = calibration_of(readings_of(content))
    if found is None:
        return Comparison((), ())
    parts: dict[int, list[str]] = {}
    for reference, part in zip(found.references, found.scores.components.tolist(), strict=True):
        parts.setdefault(part, []).append(reference)
    bridges = tuple(found.references[n] for n in found.scores.bridges.tolist())
    return Comparison(tuple(tuple(parts[part]) for part in sorted(parts)), bridges)
