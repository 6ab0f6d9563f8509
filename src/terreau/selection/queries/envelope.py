"""The envelope of a window and what the committee's proposals take from it: total, by region, theme and kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from terreau.calls.models import Window
from terreau.selection.queries.ranking import Ranked, ranking


class Line(Protocol):
    """One file, as far as money goes. `proposed_cents` is None where the committee does not select it."""

    @property
    def requested_cents(self) -> int: ...
    @property
    def proposed_cents(self) -> int | None: ...
    @property
    def region(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def themes(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Share:
    """What one group asks and receives, in cents; a file of two themes counts whole in both."""

    key: str
    files: int
    requested_cents: int
    selected: int
    asked_by_selected_cents: int
    proposed_cents: int

    def of(self, envelope_cents: int) -> float:
        """The share of the envelope, of 100."""
        return 100 * self.proposed_cents / envelope_cents if envelope_cents else 0.0


@dataclass(frozen=True)
class Envelope:
    """The whole envelope, what is proposed, what remains; below zero it may not be sealed."""

    cents: int
    total: Share
    by_region: tuple[Share, ...]
    by_kind: tuple[Share, ...]
    by_theme: tuple[Share, ...]

    @property
    def remaining_cents(self) -> int:
        return self.cents - self.total.proposed_cents

    @property
    def is_over(self) -> bool:
        return self.remaining_cents < 0


def consume(cents: int, lines: Iterable[Line]) -> Envelope:
    """Add up the proposals. The order of the lines does not matter; regions and kinds each add up to the total."""
    total = _Sum()
    groups: tuple[dict[str, _Sum], ...] = (defaultdict(_Sum), defaultdict(_Sum), defaultdict(_Sum))
    regions, kinds, themes = groups
    for line in lines:
        asked, given = line.requested_cents, line.proposed_cents
        for one in (total, regions[line.region], kinds[line.kind], *(themes[key] for key in line.themes)):
            one.files += 1
            one.requested += asked
            if given is not None:
                one.selected += 1
                one.asked_by_selected += asked
                one.proposed += given
    by_region, by_kind, by_theme = (tuple(g[key].share(key) for key in sorted(g)) for g in groups)
    return Envelope(cents, total.share(""), by_region, by_kind, by_theme)


class _Sum:
    """Running sums of one group, in cents."""

    __slots__ = ("asked_by_selected", "files", "proposed", "requested", "selected")

    def __init__(self) -> None:
        self.files = self.requested = self.selected = self.asked_by_selected = self.proposed = 0

    def share(self, key: str) -> Share:
        return Share(key, self.files, self.requested, self.selected, self.asked_by_selected, self.proposed)


def envelope(window: Window, rows: list[Ranked] | None = None) -> Envelope:
    """The envelope of a window as its committee stands; pass `rows` where the ranking has been read already."""
    return consume(window.envelope_cents, ranking(window) if rows is None else rows)
