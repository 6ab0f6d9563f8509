"""One published grant, whatever the standard it is read from or written in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b

CASH, IN_KIND = "aide en numéraire", "aide en nature"
AT_ONCE, BY_INSTALMENTS = "unique", "échelonné"
LONGEST_PURPOSE = 256  # characters, SCDL 2.1.1

type Note = Callable[[str], None]  # tells what a reader corrected


@dataclass(frozen=True)
class Party:
    """Who gives or receives. `other_id` is an identifier that is neither SIRET nor RNA, such as GB-CHC-1061577."""

    name: str
    siret: str = ""
    rna: str = ""
    other_id: str = ""

    @property
    def id(self) -> str:
        return self.siret or self.rna or self.other_id


@dataclass(frozen=True)
class Place:
    name: str
    code: str = ""  # Insee code where French
    country: str = "FR"


@dataclass(frozen=True)
class PublishedGrant:
    """What the law and the standards ask of a grant: who, to whom, what for, how much, when."""

    funder: Party
    beneficiary: Party
    purpose: str
    cents: int
    signed_on: date
    awarded_on: date | None = None  # when the decision was made known
    reference: str = ""
    title: str = ""
    currency: str = "EUR"
    kinds: tuple[str, ...] = (CASH,)
    payment: str = AT_ONCE
    starts_on: date | None = None  # of the payments
    ends_on: date | None = None
    notified: bool = False  # an aid under a de minimis regulation notified to the European Commission
    share: Decimal = Decimal(1)
    scheme: str = ""
    rae: str = ""
    programme: str = ""
    edition: int | None = None
    project: tuple[date, date] | None = None
    places: tuple[Place, ...] = ()
    modified_at: datetime | None = None
    key: str = ""  # the identifier that the source itself gives to this grant


def row_key(grant: PublishedGrant) -> str:
    """What names a row for good, so that reading it again changes nothing."""
    said = (
        (grant.key,)
        if grant.key
        else (
            grant.funder.id,
            grant.signed_on,
            grant.reference,
            grant.beneficiary.id,
            grant.beneficiary.name,
            grant.purpose,
            grant.cents,
            grant.share,
            grant.starts_on,
            grant.ends_on,
        )
    )
    return blake2b("\x1f".join(map(str, said)).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Fault:
    """Why a row is refused: its column as the file names it, and the reason."""

    column: str
    reason: str


@dataclass
class Reading:
    """One row, read: a grant, or faults. `corrections` are (column, what was corrected)."""

    grant: PublishedGrant | None = None
    faults: list[Fault] = field(default_factory=list)
    corrections: list[tuple[str, str]] = field(default_factory=list)
