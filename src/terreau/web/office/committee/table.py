"""The ranking on the page: filters, order, and the cell where a decision is written."""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from terreau.core.money import euros, parse
from terreau.selection.lifecycle import Outcome

UNDECIDED = "none"
OUTCOMES = [(o.value, o.label) for o in Outcome]
ORDERS = {
    "rank": (_("Classement"), lambda row: row.rank),
    "requested": (_("Montant demandé"), lambda row: (-row.requested_cents, row.rank)),
    "spread": (_("Écart entre les lectures"), lambda row: (row.spread is None, -(row.spread or 0), row.rank)),
}


def folded(text):
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


@dataclass(frozen=True)
class Filters:
    """What the address of the page holds."""

    region: str = ""
    kind: str = ""
    theme: str = ""
    outcome: str = ""
    words: str = ""
    order: str = "rank"

    @classmethod
    def read(cls, data):
        order = data.get("tri", "rank")
        return cls(
            data.get("region", ""),
            data.get("type", ""),
            data.get("theme", ""),
            data.get("decision", ""),
            data.get("q", "").strip(),
            order if order in ORDERS else "rank",
        )

    def query(self):
        names = {
            "region": self.region,
            "type": self.kind,
            "theme": self.theme,
            "decision": self.outcome,
            "q": self.words,
            "tri": "" if self.order == "rank" else self.order,
        }
        return urlencode({name: value for name, value in names.items() if value})

    def keeps(self, row):
        return (
            (not self.region or str(row.region_id or "") == self.region)
            and (not self.kind or row.kind == self.kind)
            and (not self.theme or self.theme in row.themes)
            and (not self.outcome or (row.outcome or UNDECIDED) == self.outcome)
            and (not self.words or folded(self.words) in folded(f"{row.reference} {row.title} {row.holder}"))
        )

    def apply(self, rows):
        return sorted((row for row in rows if self.keeps(row)), key=ORDERS[self.order][1])


@dataclass(frozen=True)
class Cell:
    """A decision as it is written in a row: what is kept, or what was typed and why it is refused."""

    application_id: int
    reference: str
    requested_cents: int
    outcome: str = ""
    amount: str = ""
    reason: str = ""
    error: str = ""
    saved: bool = False


def figure(cents):
    """An amount as it is typed: no currency sign."""
    return euros(cents).replace("€", "").strip() if cents else ""


def cell_of(row, **more):
    decision = row.decision
    if decision is None:
        return Cell(row.application_id, row.reference, row.requested_cents, **more)
    return Cell(
        row.application_id,
        row.reference,
        row.requested_cents,
        decision.outcome,
        figure(decision.amount_cents),
        decision.reason,
        **more,
    )


@dataclass(frozen=True)
class Typed:
    """What was posted for one decision. `amount_cents` is None where nothing is typed."""

    outcome: str
    amount: str
    reason: str
    votes: tuple[int | None, int | None, int | None]

    @classmethod
    def read(cls, data):
        votes = [data.get(name, "") for name in ("votes_for", "votes_against", "abstentions")]
        return cls(
            data.get("outcome", ""),
            data.get("amount", "").strip(),
            data.get("reason", "").strip(),
            tuple(int(v) if v.isdecimal() and int(v) < 1000 else None for v in votes),
        )

    @property
    def amount_cents(self):
        """ValueError, in words, where it is no amount."""
        return parse(self.amount) if self.amount and self.outcome == Outcome.SELECTED else None
