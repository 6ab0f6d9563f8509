"""The envelope of a window and what the committee's proposals take from it: total, by region, theme and kind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from terreau.calls.models import Window
from terreau.selection.queries.ranking import Ranked, ranking


@dataclass(frozen=True)
class Line:
    """One file, as far as money goes. `proposed_cents` is None where the committee does not select it."""

    requested_cents: int
    proposed_cents: int | None
    region: str
    kind: str
    themes: tuple[str, ...] = ()


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
    kept = list(lines)
    return Envelope(
        cents,
        _share("", kept),
        _shares(kept, lambda line: (line.region,)),
        _shares(kept, lambda line: (line.kind,)),
        _shares(kept, lambda line: line.themes),
    )


def _share(key: str, lines: list[Line]) -> Share:
    selected = [line for line in lines if line.proposed_cents is not None]
    return Share(
        key,
        len(lines),
        sum(line.requested_cents for line in lines),
        len(selected),
        sum(line.requested_cents for line in selected),
        sum(line.proposed_cents or 0 for line in selected),
    )


def _shares(lines: list[Line], keys: Callable[[Line], tuple[str, ...]]) -> tuple[Share, ...]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        for key in keys(line):
            groups.setdefault(key, []).append(line)
    return tuple(_share(key, groups[key]) for key in sorted(groups))


def envelope(window: Window, rows: list[Ranked] | None = None) -> Envelope:
    """The envelope of a window as its committee stands; pass `rows` where the ranking has been read already."""
    found = ranking(window) if rows is None else rows
    return consume(
        window.envelope_cents,
        [Line(r.requested_cents, r.proposed_cents, r.region, r.kind, r.themes) for r in found],
    )
