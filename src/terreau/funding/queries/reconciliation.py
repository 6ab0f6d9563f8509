"""Whether the journal, the agreements and the payments tell the same story. Read in streams, from one snapshot.

Two passes: every movement against its cause; then every file's movements, summed by cause, against its decision, its
agreement, its instalments, its payments and what it gives back. A sum by cause says where money stands as soon as
each movement keeps to the accounts of its cause, which the first pass proves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched, groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

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
SIGNED = {AgreementState.SIGNED, AgreementState.CLOSED, AgreementState.TERMINATED}
type Sums = defaultdict[str, int]


@dataclass
class Tally:
    """What was read: filled in as the differences are listed."""

    movements: int = 0
    entries: int = 0
    cents: int = 0  # debits, and credits
    files: int = 0
    payments: int = 0
    carried: int = 0  # movements that belong to a payment


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
        lines = sorted(group, key=itemgetter(3))
        tally.movements += 1
        tally.entries += len(lines)
        tally.cents += lines[-1][3]
        fault = _fault(lines)
        if fault:
            yield f"{key} : {fault}"


def _fault(lines: list[tuple[Any, ...]]) -> str:
    if sum(line[3] for line in lines) or len(lines) != 2:
        return _("les écritures ne s’équilibrent pas.")
    (_k, cause, source, _c, window, file), (_k2, _cause, target, _c2, window2, file2) = lines
    if (source, target) != BETWEEN[cause] or window != window2 or (file and file2 and file != file2):
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
    rows = (
        postings.filter(amount_cents__gt=0, application__isnull=False)
        .order_by("application_id")
        .values_list("application_id", "movement__cause")
        .annotate(Sum("amount_cents"))
    )
    released = _taken_from_files(postings)
    files = groupby(rows.iterator(chunk_size=10_000), itemgetter(0))
    gathered = ((pk, [(cause, cents) for _pk, cause, cents in group]) for pk, group in files)
    for chunk in batched(gathered, CHUNK):
        known = _Known(pk for pk, _sums in chunk)
        for pk, pairs in chunk:
            tally.files += 1
            sums: Sums = defaultdict(int, pairs)
            for cause, cents in released.get(pk, ()):
                sums[cause] += cents
            yield from _of_file(pk, sums, known)


def _taken_from_files(postings: QuerySet[Posting]) -> dict[int, list[tuple[str, int]]]:
    """Sums that leave a file for the envelope (lapses, falls, recoveries): the file's posting is the negative one."""
    back = [c for c, (_source, target) in BETWEEN.items() if target == Account.AVAILABLE]
    rows = postings.filter(amount_cents__lt=0, application__isnull=False, movement__cause__in=back).order_by()
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pk, cause, cents in rows.values_list("application_id", "movement__cause").annotate(Sum("amount_cents")):
        found[pk].append((cause, -cents))
    return found


class _Known:
    """What the other tables say of some files."""

    def __init__(self, files: Iterator[int]) -> None:
        pks = list(files)
        self.agreements = {a.application_id: a for a in Agreement.objects.filter(application__in=pks)}
        decided = Decision.objects.filter(
            application__in=pks, outcome=Outcome.SELECTED, committee__sealed_at__isnull=False
        )
        self.granted = dict(decided.values_list("application_id", "amount_cents"))
        of = {"agreement__application__in": pks}
        self.instalments: defaultdict[int, Counter[str]] = defaultdict(Counter)
        sent = Count("payments", filter=Q(payments__state=PaymentState.SENT))
        rows = Instalment.objects.filter(**of).annotate(sent=sent)
        for pk, state, transit, cents in rows.values_list("agreement_id", "state", "sent", "amount_cents"):
            self.instalments[pk]["sent" if transit else state] += cents
        self.clawbacks: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for pk, state, cents in Clawback.objects.filter(**of).values_list("agreement_id", "state", "amount_cents"):
            self.clawbacks[pk][state] += cents
        amended = Posting.objects.filter(
            application__in=pks, movement__cause=Cause.LOWER, movement__key__startswith="amendment:"
        )
        self.amended = {pk: -c for pk, c in amended.order_by().values_list("application").annotate(Sum("amount_cents"))}


def _of_file(pk: int, sums: Sums, known: _Known) -> Iterator[str]:
    """One file: each account against what the other tables say it should hold."""
    agreement = known.agreements.get(pk)
    decided = known.granted.get(pk) or 0
    name = (agreement.number if agreement else None) or _("dossier n° %s") % pk
    for label, cents, expected in _pairs(agreement, decided, sums, known):
        if cents != expected:
            told = {"name": name, "label": label, "there": euros(cents), "expected": euros(expected)}
            yield _("%(name)s : « %(label)s » vaut %(there)s au journal et %(expected)s ailleurs.") % told


def _pairs(agreement: Agreement | None, decided: int, sums: Sums, known: _Known) -> Iterator[tuple[Any, int, int]]:
    c = Cause
    voted = sums[c.VOTE] - sums[c.LAPSE] - sums[c.COMMIT]
    yield c.VOTE.label, sums[c.VOTE], decided
    if agreement is None or agreement.state not in SIGNED:
        yield Account.VOTED.label, voted, 0 if agreement and agreement.state == AgreementState.LAPSED else decided
        return
    yield Account.VOTED.label, voted, 0
    changed = sums[c.COMMIT] + sums[c.RAISE] - known.amended.get(agreement.application_id, 0)
    yield _("montant accordé"), changed, agreement.granted_cents
    parts, back = known.instalments[agreement.pk], known.clawbacks[agreement.pk]
    committed = sums[c.COMMIT] + sums[c.RAISE] - sums[c.LOWER] - sums[c.DUE] + sums[c.UNDUE]
    yield Account.COMMITTED.label, committed, parts[InstalmentState.PLANNED]
    payable = sums[c.DUE] - sums[c.UNDUE] - sums[c.SEND] + sums[c.REJECT]
    yield Account.PAYABLE.label, payable, parts[InstalmentState.DUE] + parts[InstalmentState.PREPARED]
    yield Account.IN_TRANSIT.label, sums[c.SEND] - sums[c.SETTLE] - sums[c.REJECT], parts["sent"]
    yield Account.PAID.label, sums[c.SETTLE], parts[InstalmentState.PAID]
    yield c.CLAIM.label, sums[c.CLAIM], sum(back.values())
    yield c.RECOVER.label, sums[c.RECOVER], back[ClawbackState.RECOVERED]
    yield c.WAIVE.label, sums[c.WAIVE], back[ClawbackState.WAIVED]


def _of_payments(edition: int | None, tally: Tally) -> Iterator[str]:
    """Each payment has the movements of its state, each of its own amount; each paid instalment one settled payment."""
    scope = Q() if edition is None else Q(instalment__agreement__application__call__edition=edition)
    columns = ("pk", "end_to_end", "state", "amount_cents")
    rows = Payment.objects.filter(scope).order_by("pk").values_list(*columns).iterator(chunk_size=10_000)
    for chunk in batched(rows, CHUNK):
        tally.payments += len(chunk)
        keys = [f"{cause}:{pk}" for pk, *_rest in chunk for cause in CARRIED]
        carried = Posting.objects.filter(movement__key__in=keys, amount_cents__gt=0)
        moved: dict[str, int] = dict(carried.values_list("movement__key", "amount_cents"))
        tally.carried += len(moved)
        for pk, reference, state, cents in chunk:
            there = {cause: moved[key] for cause in CARRIED if (key := f"{cause}:{pk}") in moved}
            if there != dict.fromkeys(EXPECTED[state], cents):
                yield _("%s : le paiement et ses mouvements ne disent pas la même chose.") % reference
    settled = Count("payments", filter=Q(payments__state=PaymentState.SETTLED))
    paid = Q(state=InstalmentState.PAID)
    of = Q() if edition is None else Q(agreement__application__call__edition=edition)
    wrong = Instalment.objects.filter(of).annotate(settled=settled).exclude(paid & Q(settled=1))
    for instalment in wrong.exclude(~paid & Q(settled=0)).select_related("agreement__application"):
        yield _("%s : un versement payé a un paiement exécuté, et un seul.") % instalment


def _strays(tally: Tally) -> Iterator[str]:
    """What no other pass comes by: movements without entries or payment, agreements without movements."""
    if tally.movements != Movement.objects.count():
        yield _("des mouvements n’ont aucune écriture.")
    if tally.carried != Movement.objects.filter(cause__in=CARRIED).count():
        yield _("des mouvements de paiement n’ont pas de paiement.")
    entered = Posting.objects.filter(application=OuterRef("application"))
    for agreement in Agreement.objects.filter(~Exists(entered), state__in=SIGNED):
        yield _("%s : cette convention n’est pas au journal.") % agreement.number
