"""Whether the journal, the agreements and the payments tell the same story. Read in streams, from one snapshot.

Every movement against its cause; every file's balances against its decision, its agreement, its instalments and what
it gives back; every payment against its own movements, noted on the way.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched, groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core.money import euros
from terreau.funding.lifecycle import (
    BETWEEN,
    SOURCES,
    Account,
    AgreementState,
    Cause,
    ClawbackState,
    InstalmentState,
    PaymentState,
)
from terreau.funding.models import Agreement, Clawback, Instalment, Movement, Payment, Posting
from terreau.selection.lifecycle import Outcome
from terreau.selection.models import Decision

CHUNK = 500  # files read together
CARRIED = {Cause.SEND, Cause.SETTLE, Cause.REJECT}  # the movements of a payment
EXPECTED: dict[str, set[str]] = {  # by the state of the payment
    PaymentState.PREPARED: set(),
    PaymentState.CANCELLED: set(),
    PaymentState.SENT: {Cause.SEND},
    PaymentState.SETTLED: {Cause.SEND, Cause.SETTLE},
    PaymentState.REJECTED: {Cause.SEND, Cause.REJECT},
}
GRANTED = (Account.COMMITTED, Account.PAYABLE, Account.IN_TRANSIT, Account.PAID, Account.RECOVERABLE)
GRANT = gettext_lazy("montant accordé")
SIGNED = {AgreementState.SIGNED, AgreementState.CLOSED, AgreementState.TERMINATED}


@dataclass
class Tally:
    """What was read: filled in as the differences are listed. `carried` keeps the movements of payments, by key."""

    movements: int = 0
    entries: int = 0
    cents: int = 0  # debits, and credits
    files: int = 0
    payments: int = 0
    carried: dict[str, int] = field(default_factory=dict)


@contextmanager
def snapshot() -> Iterator[None]:
    """One state of the base for every read that follows, without holding up who writes."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def differences(edition: int | None, tally: Tally) -> Iterator[str]:
    """Every difference, one line each; none where all agree."""
    scope = Q() if edition is None else Q(window__call__edition=edition)
    postings = Posting.objects.filter(scope)
    with snapshot():
        yield from _of_movements(postings, tally)
        yield from _of_balances(postings)
        yield from _of_files(postings, tally)
        yield from _of_payments(edition, tally)
        if edition is None:
            yield from _strays(tally)


def _of_movements(postings: QuerySet[Posting], tally: Tally) -> Iterator[str]:
    """Debits are credits, and each movement goes between the accounts of its cause, in one window, for one file."""
    columns = ("movement__key", "movement__cause", "account", "amount_cents", "window_id", "application_id")
    rows = postings.order_by("movement_id").values_list(*columns).iterator(chunk_size=10_000)
    for key, group in groupby(rows, itemgetter(0)):
        lines = list(group)
        tally.movements += 1
        tally.entries += len(lines)
        if fault := _fault(lines):
            yield f"{key} : {fault}"
        cents = abs(lines[0][3])
        tally.cents += cents
        if lines[0][1] in CARRIED:
            tally.carried[key] = cents


def _fault(lines: list[tuple[Any, ...]]) -> str:
    if len(lines) != 2 or lines[0][3] + lines[1][3]:
        return _("les écritures ne s’équilibrent pas.")
    source, target = lines if lines[0][3] < 0 else reversed(lines)
    _key, cause, account, _cents, window, file = source
    files = {file, target[5]} - {None}
    if (account, target[2]) != BETWEEN[cause] or window != target[4] or len(files) > 1:
        return _("les comptes ne sont pas ceux de la cause « %s ».") % Cause(cause).label
    return ""


def _of_balances(postings: QuerySet[Posting]) -> Iterator[str]:
    overdrawn = postings.exclude(account__in=SOURCES).order_by()
    for column in ("window_id", "application__reference"):
        found = overdrawn.exclude(**{column: None}).values_list(column, "account").annotate(cents=Sum("amount_cents"))
        for of, account, cents in found.filter(cents__lt=0):
            told = {"of": of, "account": Account(account).label, "amount": euros(cents)}
            yield _("%(of)s : « %(account)s » est à %(amount)s.") % told


def _of_files(postings: QuerySet[Posting], tally: Tally) -> Iterator[str]:
    """Each file with what stands in its accounts; `into` says what was ever put in."""
    rows = (
        postings.filter(application__isnull=False)
        .order_by("application_id")
        .values_list("application_id", "account")
        .annotate(Sum("amount_cents"), into=Sum("amount_cents", filter=Q(amount_cents__gt=0)))
    )
    transit = set(Payment.objects.filter(state=PaymentState.SENT).values_list("instalment", flat=True))
    files = groupby(rows.iterator(chunk_size=10_000), itemgetter(0))
    gathered = ((pk, list(group)) for pk, group in files)
    for chunk in batched(gathered, CHUNK):
        known = _Known([pk for pk, _accounts in chunk], transit)
        for pk, accounts in chunk:
            tally.files += 1
            standing = Counter({account: cents for _pk, account, cents, _into in accounts})
            voted = next((into or 0 for _pk, account, _cents, into in accounts if account == Account.VOTED), 0)
            yield from _of_file(pk, standing, voted, known)


class _Known:
    """What the other tables say of some files."""

    def __init__(self, files: list[int], transit: set[int]) -> None:
        agreements = Agreement.objects.filter(application__in=files).only(
            "application_id", "number", "state", "granted_cents"
        )
        self.agreements = {a.application_id: a for a in agreements}
        decided = Decision.objects.filter(
            application__in=files, outcome=Outcome.SELECTED, committee__sealed_at__isnull=False
        )
        self.granted = dict(decided.values_list("application_id", "amount_cents"))
        of = {"agreement__application__in": files}
        self.instalments: defaultdict[int, Counter[str]] = defaultdict(Counter)
        rows = Instalment.objects.filter(**of).values_list("pk", "agreement_id", "state", "amount_cents")
        for pk, agreement, state, cents in rows:
            self.instalments[agreement]["sent" if pk in transit else state] += cents
        self.clawbacks: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for pk, state, cents in Clawback.objects.filter(**of).values_list("agreement_id", "state", "amount_cents"):
            self.clawbacks[pk][state] += cents
        freed = Posting.objects.filter(application__in=files, account=Account.COMMITTED, movement__cause=Cause.LOWER)
        sums = freed.exclude(movement__key__startswith="amendment:").order_by().values_list("application")
        self.freed = {pk: -cents for pk, cents in sums.annotate(Sum("amount_cents"))}


def _of_file(pk: int, standing: Counter[str], voted: int, known: _Known) -> Iterator[str]:
    """One file: each account against what the other tables say it should hold."""
    agreement = known.agreements.get(pk)
    pairs = [(Cause.VOTE, voted, known.granted.get(pk) or 0), *_pairs(agreement, pk, standing, known)]
    for label, there, expected in pairs:
        if there != expected:
            name = (agreement.number if agreement else None) or _("dossier n° %s") % pk
            told = {
                "name": name,
                "label": getattr(label, "label", label),
                "there": euros(there),
                "expected": euros(expected),
            }
            yield _("%(name)s : « %(label)s » vaut %(there)s au journal et %(expected)s ailleurs.") % told


def _pairs(
    agreement: Agreement | None, pk: int, standing: Counter[str], known: _Known
) -> Iterator[tuple[Any, int, int]]:
    """Label, in the ledger, elsewhere. What was granted is where it stands now, came back, or was freed."""
    if agreement is None or agreement.state not in SIGNED:
        lapsed = agreement is not None and agreement.state == AgreementState.LAPSED
        yield Account.VOTED, standing[Account.VOTED], 0 if lapsed else known.granted.get(pk) or 0
        return
    parts, back = known.instalments[agreement.pk], known.clawbacks[agreement.pk]
    recovered = back[ClawbackState.RECOVERED]
    granted = sum(standing[account] for account in GRANTED) + recovered + known.freed.get(pk, 0)
    waiting = parts[InstalmentState.DUE] + parts[InstalmentState.PREPARED]
    owed = back[ClawbackState.CLAIMED]
    yield GRANT, granted, agreement.granted_cents
    yield Account.VOTED, standing[Account.VOTED], 0
    yield Account.COMMITTED, standing[Account.COMMITTED], parts[InstalmentState.PLANNED]
    yield Account.PAYABLE, standing[Account.PAYABLE], waiting
    yield Account.IN_TRANSIT, standing[Account.IN_TRANSIT], parts["sent"]
    yield Account.PAID, standing[Account.PAID], parts[InstalmentState.PAID] - owed - recovered
    yield Account.RECOVERABLE, standing[Account.RECOVERABLE], owed


def _of_payments(edition: int | None, tally: Tally) -> Iterator[str]:
    """Each payment has the movements of its state, each of its own amount; each paid instalment one settled payment."""
    scope = Q() if edition is None else Q(instalment__agreement__application__call__edition=edition)
    columns = ("pk", "end_to_end", "state", "amount_cents")
    rows = Payment.objects.filter(scope).order_by("pk").values_list(*columns).iterator(chunk_size=10_000)
    for pk, reference, state, cents in rows:
        tally.payments += 1
        moved = {cause: tally.carried.pop(f"{cause}:{pk}", None) for cause in CARRIED}
        if {cause: there for cause, there in moved.items() if there} != dict.fromkeys(EXPECTED[state], cents):
            yield _("%s : le paiement et ses mouvements ne disent pas la même chose.") % reference
    for key in tally.carried:
        yield _("%s : ce mouvement n’a pas de paiement.") % key
    settled = Count("payments", filter=Q(payments__state=PaymentState.SETTLED))
    paid = Q(state=InstalmentState.PAID)
    of = Q() if edition is None else Q(agreement__application__call__edition=edition)
    wrong = Instalment.objects.filter(of).annotate(settled=settled).exclude(paid & Q(settled=1))
    for instalment in wrong.exclude(~paid & Q(settled=0)).select_related("agreement__application"):
        yield _("%s : un versement payé a un paiement exécuté, et un seul.") % instalment


def _strays(tally: Tally) -> Iterator[str]:
    """What no other pass comes by: movements without entries, agreements without movements."""
    if tally.movements != Movement.objects.count():
        yield _("des mouvements n’ont aucune écriture.")
    entered = Posting.objects.filter(application=OuterRef("application"))
    for agreement in Agreement.objects.filter(~Exists(entered), state__in=SIGNED):
        yield _("%s : cette convention n’est pas au journal.") % agreement.number
