"""Where the money of an envelope stands, from the ledger alone: by edition, window, region and theme; and what comes.

Every euro of an envelope is in one account and one only: the columns of a row add up to what was budgeted. A file
counts in its main region; its money is split evenly, to the cent, between its themes: regions add up to the total,
and so do themes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

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
OF_FILES = tuple(a for a in STANDING if a != Account.AVAILABLE)
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
    """The windows of this person's funders."""
    return Window.objects.filter(call__funder__in=funders_of(user).values("pk"))


def editions(user: Any) -> list[int]:
    found = windows_of(user).order_by().values_list("call__edition", flat=True).distinct()
    return sorted(set(found), reverse=True)


def by_edition(windows: QuerySet[Window]) -> list[Row]:
    """One row an edition, newest first."""
    edition = dict(windows.values_list("pk", "call__edition"))
    rows: dict[int, Row] = {}
    for pk, account, cents in _sums(windows, "window"):
        rows.setdefault(edition[pk], Row(edition[pk], str(edition[pk]))).accounts[account] += cents
    for pk, _file, cause, cents in _returns(windows):
        rows[edition[pk]].back[cause] += cents
    asked = Posting.objects.filter(window__in=windows, account=Account.REQUESTED).order_by()
    for pk, files in asked.values_list("window").annotate(Count("application", distinct=True)):
        rows[edition[pk]].files += files
    return [rows[key] for key in sorted(rows, reverse=True)]


def envelope(windows: QuerySet[Window], words: dict[str, str]) -> Envelope:
    """The envelope of these windows; `words` names the themes."""
    total, unassigned = Row(""), Row("")
    by_window = {w.pk: Row(w.pk, w.label) for w in windows.order_by("deadline")}
    files = _files(windows)
    themes = _themes(windows)
    regions: dict[Any, Row] = {}
    kinds: dict[str, Row] = {}
    for pk, account, cents in _sums(windows, "window"):
        by_window[pk].accounts[account] += cents
        total.accounts[account] += cents
        unassigned.accounts[account] += cents
    of_files = Posting.objects.filter(window__in=windows, account__in=[*OF_FILES, Account.REQUESTED])
    money = _grouped(of_files.exclude(application=None), "application")
    seen: set[int] = set()
    unsigned = 0
    for pk, account, cents in money:
        for row, part in _shares(pk, cents, files, themes, regions, kinds, words):
            row.accounts[account] += part
            row.files += pk not in seen
        home = by_window.get(files[pk].window_id or 0)
        if home and pk not in seen:
            home.files += 1
        unassigned.accounts[account] -= cents
        unsigned += account == Account.VOTED
        seen.add(pk)
    for window, file, cause, cents in _returns(windows):
        by_window[window].back[cause] += cents
        total.back[cause] += cents
        for row, part in _shares(file, cents, files, themes, regions, kinds, words) if file else ():
            row.back[cause] += part
    total.files = len(seen)
    return Envelope(total, list(by_window.values()), _sorted(regions), _sorted(kinds), unassigned, unsigned)


def _sums(windows: QuerySet[Window], column: str) -> Iterable[tuple[int, str, int]]:
    return _grouped(Posting.objects.filter(window__in=windows), column)


def _grouped(postings: QuerySet[Posting], column: str) -> Iterable[tuple[int, str, int]]:
    """Sums by column and account, those that are nothing left out."""
    sums = postings.order_by().values_list(column, "account").annotate(cents=Sum("amount_cents"))
    return sums.exclude(cents=0)


def _returns(windows: QuerySet[Window]) -> list[tuple[int, int | None, str, int]]:
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


class _File(NamedTuple):
    pk: int
    window_id: int | None
    region: str
    name: str


NOWHERE = _File(0, None, "", "")  # a file that has changed windows since


def _files(windows: QuerySet[Window]) -> defaultdict[int, _File]:
    """The window and the main region of each file."""
    rows = Application.objects.filter(window__in=windows)
    found = defaultdict[int, _File](lambda: NOWHERE)
    for pk, window, code, name in rows.values_list("pk", "window_id", "region__code", "region__name"):
        found[pk] = _File(pk, window, code or "", name or "")
    return found


def _themes(windows: QuerySet[Window]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Theme.objects.filter(application__window__in=windows).order_by("application_id", "key")
    for pk, key in rows.values_list("application_id", "key"):
        found[pk].append(key)
    return found


def _shares(
    pk: int,
    cents: int,
    files: defaultdict[int, _File],
    themes: dict[int, list[str]],
    regions: dict[Any, Row],
    kinds: dict[str, Row],
    words: dict[str, str],
) -> Iterator[tuple[Row, int]]:
    """The rows that a file's money goes to: its region whole, its themes in even parts."""
    file = files[pk]
    yield regions.setdefault(file.region, Row(file.region, file.name)), cents
    keys = themes.get(pk) or [""]
    for key, part in zip(keys, even(cents, len(keys)), strict=True):
        yield kinds.setdefault(key, Row(key, words.get(key, key))), part


def even(cents: int, parts: int) -> list[int]:
    """Even parts that add up to the cent: the first ones take what is left over."""
    each, rest = divmod(cents, parts)
    return [each + (rank < rest) for rank in range(parts)]


def _sorted(rows: dict[Any, Row]) -> list[Row]:
    return sorted(rows.values(), key=lambda row: (not row.key, row.label))


@dataclass(frozen=True)
class Month:
    """Cash to pay in a month: what waits already, what is planned."""

    month: date
    due_cents: int
    planned_cents: int

    @property
    def cents(self) -> int:
        return self.due_cents + self.planned_cents


def forecast(windows: QuerySet[Window], today: date) -> list[Month]:
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


def unsigned_files(windows: QuerySet[Window]) -> QuerySet[Application]:
    """The files that a lapse would free, the largest first: `voted_cents`, and the agreement where one is drawn."""
    return (
        Application.objects.filter(window__in=windows, postings__account=Account.VOTED)
        .annotate(voted_cents=Sum("postings__amount_cents"))
        .filter(voted_cents__gt=0)
        .select_related("holder", "agreement")
        .order_by("-voted_cents", "reference")
    )
