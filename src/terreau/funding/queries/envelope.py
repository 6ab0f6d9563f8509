"""Where the money of an envelope stands, from the ledger alone: by edition, window, region and theme; and what comes.

Every euro of an envelope is in one account and one only: the columns of a row add up to what was budgeted. A file
counts in its main region; its money is split evenly, to the cent, between its themes: regions add up to the total,
and so do themes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from terreau.calls.models import Window
from terreau.funding.lifecycle import SOURCES, Account, Cause, InstalmentState
from terreau.funding.models import Instalment, Posting
from terreau.funding.queries.payments import funders_of
from terreau.projects.models import Application, Theme

STANDING = tuple(a for a in Account if a not in SOURCES | {Account.REQUESTED})  # what a budgeted euro is in, in order
COLUMNS = (  # as people read them: what is with the bank is still to be paid
    *((a,) for a in STANDING[:4]),
    (Account.PAYABLE, Account.IN_TRANSIT),
    (Account.PAID,),
    (Account.RECOVERABLE,),
)
BACK = (Cause.LAPSE, Cause.LOWER, Cause.RECOVER)  # what comes back to the envelope, and why
COMING = (InstalmentState.PLANNED, InstalmentState.DUE, InstalmentState.PREPARED)


@dataclass
class Row:
    """One group: cents by account, and what has come back from it."""

    key: Any
    label: str = ""
    files: int = 0
    accounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    back: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def budget_cents(self) -> int:
        return sum(self.accounts[a] for a in STANDING)

    @property
    def requested_cents(self) -> int:
        return self.accounts[Account.REQUESTED]

    @property
    def standing(self) -> list[int]:
        return [self.accounts[a] for a in STANDING]

    @property
    def columns(self) -> list[int]:
        return [sum(self.accounts[a] for a in column) for column in COLUMNS]

    @property
    def given_back_cents(self) -> int:
        return self.back[Cause.RECOVER]


@dataclass(frozen=True)
class Envelope:
    """The envelope of some windows. `unassigned` is the part of no file: available, or reserved for nobody yet.

    `unsigned` counts the files whose money is voted and whose agreement is not signed: what lapses would free.
    """

    total: Row
    windows: list[Row]
    regions: list[Row]
    themes: list[Row]
    unassigned: Row
    unsigned: int


def windows_of(user: Any) -> QuerySet[Window]:
    """The windows of this person's funders, with their calls, in the order of their deadlines."""
    mine = Window.objects.filter(call__funder__in=funders_of(user).values("pk"))
    return mine.select_related("call").order_by("deadline", "pk")


def editions(user: Any) -> list[int]:
    found = windows_of(user).order_by().values_list("call__edition", flat=True).distinct()
    return sorted(set(found), reverse=True)


def by_edition(windows: Sequence[Window]) -> list[Row]:
    """One row an edition, newest first. The windows come with their calls."""
    edition = {w.pk: w.call.edition for w in windows}
    rows: dict[int, Row] = {}
    sums = Posting.objects.filter(window__in=windows).order_by().values_list("window_id", "account")
    for pk, account, cents in sums.annotate(Sum("amount_cents")):
        rows.setdefault(edition[pk], Row(edition[pk], str(edition[pk]))).accounts[account] += cents
    for pk, _file, cause, cents in _returns(windows):
        rows[edition[pk]].back[cause] += cents
    asked = Posting.objects.filter(window__in=windows, account=Account.REQUESTED).order_by()
    for pk, files in asked.values_list("window").annotate(Count("application", distinct=True)):
        rows[edition[pk]].files += files
    return [rows[key] for key in sorted(rows, reverse=True)]


def envelope(windows: Sequence[Window], words: dict[str, str]) -> Envelope:
    """The envelope of these windows; `words` names the themes."""
    unassigned, groups = Row(""), _Groups(windows, words)
    by_window = {w.pk: Row(w.pk, w.label) for w in windows}
    seen: dict[int, int] = {}
    unsigned = 0
    for window, account, pk, cents in _sums(windows):
        by_window[window].accounts[account] += cents
        if pk is None:
            unassigned.accounts[account] += cents
            continue
        seen[pk] = window
        unsigned += account == Account.VOTED
        for row, part in groups.shares(pk, cents):
            row.accounts[account] += part
    for window, pk, cause, cents in _returns(windows):
        by_window[window].back[cause] += cents
        for row, part in groups.shares(pk, cents) if pk else ():
            row.back[cause] += part
    for pk, window in seen.items():
        by_window[window].files += 1
        for row, _part in groups.shares(pk, 0):
            row.files += 1
    total = _total(by_window.values())
    return Envelope(total, list(by_window.values()), *groups.sorted(), unassigned, unsigned)


def _total(rows: Iterable[Row]) -> Row:
    total = Row("")
    for row in rows:
        total.files += row.files
        for sums, parts in ((total.accounts, row.accounts), (total.back, row.back)):
            for key, cents in parts.items():
                sums[key] += cents
    return total


def _sums(windows: Sequence[Window]) -> Iterable[tuple[int, str, int | None, int]]:
    """Window, account, file, cents, where there are any: read from the covering index alone, in its order."""
    sums = Posting.objects.filter(window__in=windows).order_by().values_list("window_id", "account", "application_id")
    return sums.annotate(cents=Sum("amount_cents")).exclude(cents=0)


def _returns(windows: Sequence[Window]) -> list[tuple[int, int | None, str, int]]:
    """What came back to the envelopes: window, file, cause, cents. Read from the account that received it."""
    received = Posting.objects.filter(
        window__in=windows,
        account=Account.AVAILABLE,
        amount_cents__gt=0,
        movement__cause__in=BACK,
        movement__postings__amount_cents__lt=0,
    ).order_by()
    columns = ("window_id", "movement__postings__application_id", "movement__cause")
    return list(received.values_list(*columns).annotate(Sum("amount_cents")))


class _Groups:
    """The rows by region and by theme, and which of them each file belongs to."""

    def __init__(self, windows: Sequence[Window], words: dict[str, str]) -> None:
        self.regions: dict[str, Row] = {}
        self.themes: dict[str, Row] = {}
        self.region: dict[int, Row] = {}
        self.theme: dict[int, list[Row]] = defaultdict(list)
        files = Application.objects.filter(window__in=windows)
        for pk, code, name in files.values_list("pk", "region__code", "region__name"):
            self.region[pk] = self.regions.setdefault(code or "", Row(code or "", name or ""))
        themes = Theme.objects.filter(application__window__in=windows).order_by("key")
        for pk, key in themes.values_list("application_id", "key"):
            self.theme[pk].append(self.themes.setdefault(key, Row(key, words.get(key, key))))

    def shares(self, pk: int, cents: int) -> list[tuple[Row, int]]:
        """The rows that a file's money goes to: its region whole, its themes in even parts."""
        region = self.region.get(pk) or self.regions.setdefault("", Row(""))
        themes = self.theme.get(pk) or [self.themes.setdefault("", Row(""))]
        if len(themes) == 1:
            return [(region, cents), (themes[0], cents)]
        return [(region, cents), *zip(themes, even(cents, len(themes)), strict=True)]

    def sorted(self) -> tuple[list[Row], list[Row]]:
        """Those that a file is in, by name; of no region or theme, last."""
        rows = ([row for row in some.values() if row.files] for some in (self.regions, self.themes))
        regions, themes = (sorted(some, key=lambda row: (not row.key, row.label)) for some in rows)
        return regions, themes


def even(cents: int, parts: int) -> list[int]:
    """Even parts that add up to the cent: the first ones take what is left over."""
    each, rest = divmod(cents, parts)
    return [each + (rank < rest) for rank in range(parts)]


@dataclass(frozen=True)
class Month:
    """Cash to pay in a month: what waits already, what is planned."""

    month: date
    due_cents: int
    planned_cents: int

    @property
    def cents(self) -> int:
        return self.due_cents + self.planned_cents


def forecast(windows: Sequence[Window], today: date) -> list[Month]:
    """The instalments to pay, month by month; what is late falls in this month."""
    rows = (
        Instalment.objects.filter(agreement__application__window__in=windows, state__in=COMING)
        .order_by()
        .values_list(TruncMonth("due_on"), "state")
        .annotate(Sum("amount_cents"))
    )
    first, months = today.replace(day=1), defaultdict[date, list[int]](lambda: [0, 0])
    for month, state, cents in rows:
        months[max(month, first)][state == InstalmentState.PLANNED] += cents
    return [Month(month, due, planned) for month, (due, planned) in sorted(months.items())]


def unsigned_files(windows: Sequence[Window]) -> QuerySet[Application]:
    """The files that a lapse would free, the largest first: `voted_cents`, and the agreement where one is drawn."""
    return (
        Application.objects.filter(window__in=windows, postings__account=Account.VOTED)
        .annotate(voted_cents=Sum("postings__amount_cents"))
        .filter(voted_cents__gt=0)
        .select_related("holder", "agreement")
        .order_by("-voted_cents", "reference")
    )
