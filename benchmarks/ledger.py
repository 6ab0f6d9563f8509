"""A ledger of 1 000 000 entries: the balance page at the server, the reconciliation; the same books in beancount.

usage: python benchmarks/ledger.py [--entries 1000000] [--peer PYTHON] [--peer-entries 200000]

`--peer` names a Python that has beancount (`pip install beancount` in an environment of its own: it is no part of the
project). It gets the first movements of the same ledger as a file, checks that each balances, and sums every account.

Files go the usual way (asked, voted, committed, three instalments due, sent, settled; some lapse, fall or give back),
twenty editions of three windows. Rows are written in bulk through the same triggers as in life. DATABASE_URL chooses
the base (one that is filled already is measured as it is); without it, an SQLite file that goes away with the run.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

parser = argparse.ArgumentParser()
parser.add_argument("--entries", type=int, default=1_000_000)
parser.add_argument("--peer", default="")
parser.add_argument("--peer-entries", type=int, default=200_000)
arguments = parser.parse_args()

ROOT = Path(__file__).resolve().parent.parent
HOME = tempfile.TemporaryDirectory()
os.environ["TERREAU_HOME"] = HOME.name
os.environ["DJANGO_SETTINGS_MODULE"] = "terreau.config.settings"
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.funding.lifecycle import BETWEEN, ENVELOPE, Cause
from terreau.funding.models import Agreement, Clawback, Instalment, Movement, Payment, PaymentRun, Posting
from terreau.projects.lifecycle import State
from terreau.projects.models import Application, Theme
from terreau.selection.models import Committee, Decision

EDITIONS, WINDOWS = 20, 3
GRANT = 10_000_000
PARTS = (5_000_000, 3_000_000, 2_000_000)
CHUNK = 500  # files a transaction


class Books:
    """Movements and postings of one transaction, in the order of the triggers."""

    def __init__(self, number=0):
        self.number, self.movements, self.postings = number, [], []

    def add(self, cause, key, window, cents, file=None):
        self.number += 1
        pk = UUID(int=(self.number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128))  # scattered, as uuid4 is
        now = timezone.now()
        self.movements.append(Movement(id=pk, key=key, cause=cause, at=now, actor_label="banc d’essai"))
        for account, signed in zip(BETWEEN[cause], (-cents, cents), strict=True):
            of = None if account in ENVELOPE else file
            self.postings.append(
                Posting(movement_id=pk, account=account, amount_cents=signed, window_id=window, application_id=of)
            )

    def write(self):
        with transaction.atomic():
            Posting.objects.bulk_create(self.postings, batch_size=1_000)
            Movement.objects.bulk_create(self.movements, batch_size=1_000)
        self.movements, self.postings = [], []


def windows(files):
    """Twenty editions, each with its call, three windows, their committees and an envelope that suffices."""
    for edition in range(2006, 2006 + EDITIONS):
        call = factories.call(edition=edition)
        first = call.windows.get()
        more = [
            call.windows.create(
                key=f"w{n}", label=f"Fenêtre {n}", opens_at=first.opens_at, deadline=first.deadline, envelope_cents=0
            )
            for n in range(2, WINDOWS + 1)
        ]
        for window in [first, *more]:
            window.envelope_cents = files * GRANT
            window.save()
            committee = Committee.objects.create(window=window)
            yield call, window, committee


def ready(rank):
    """How far a file has gone: one in fifty lapses, one in ten is half way, the others are paid whole."""
    return "lapsed" if rank % 50 == 0 else "half" if rank % 10 == 1 else "paid"


def fill(entries):
    """The tables and the ledger; how many postings were written."""
    holder, one, other = factories.organisation(), factories.person(Role.OFFICER), factories.person(Role.OFFICER)
    regions = [factories.region(f"{n:02d}", f"Région {n}") for n in range(13)]
    account = factories_account(holder)
    debtor = factories_account(factories.funder())
    files = -(-entries // (EDITIONS * WINDOWS * 22))
    books, day = Books(), date(2025, 6, 1)
    for place, (call, window, committee) in enumerate(windows(files)):
        books.add(Cause.BUDGET, f"budget:{window.pk}:1", window.pk, files * GRANT)
        books.write()
        run = PaymentRun.objects.create(
            number=f"OP-2025-{place:04d}", funder=factories.funder(), debtor=debtor, executes_on=day, prepared_by=one,
            approved_by=other,
        )  # fmt: skip
        for start in range(0, files, CHUNK):
            ranks = range(start, min(start + CHUNK, files))
            write_files(books, ranks, place * files, (call, window, holder, regions, run, account, day))
        Committee.objects.filter(pk=committee.pk).update(sealed_at=timezone.now())
        PaymentRun.objects.filter(pk=run.pk).update(state="settled")
    return Posting.objects.count()


def factories_account(organisation):
    from terreau.funding.actions.bank_accounts import enter_account

    return enter_account(organisation, "Titulaire", "FR7630006000011234567890189", by=None)


def write_files(books, ranks, offset, world):
    call, window, holder, regions, run, account, day = world
    made = Application.objects.bulk_create(
        Application(
            reference=f"B-{offset + rank}", call=call, window=window, holder=holder, state=State.SELECTED,
            region=regions[rank % 13], requested_cents=GRANT, granted_cents=GRANT,
        )
        for rank in ranks
    )  # fmt: skip
    Theme.objects.bulk_create(
        Theme(application=a, key=key) for a in made for key in ("mentoring", "mobility")[: 1 + a.pk % 2]
    )
    Decision.objects.bulk_create(
        Decision(committee=window.committee, application=a, outcome="selected", amount_cents=GRANT) for a in made
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(
            number=f"C-{offset + rank}", application=a, holder=holder, purpose="Objet", eligible_base_cents=2 * GRANT,
            state="lapsed" if ready(rank) == "lapsed" else "signed", starts_on=day, ends_on=day + timedelta(365),
            granted_cents=GRANT,
        )
        for rank, a in zip(ranks, made, strict=True)
    )  # fmt: skip
    instalments = Instalment.objects.bulk_create(
        Instalment(
            agreement=agreement, number=number, condition="milestone", amount_cents=cents,
            due_on=day + timedelta(150 * number), state="paid" if ready(rank) == "paid" or number == 1 else "planned",
        )
        for rank, agreement in zip(ranks, agreements, strict=True)
        if ready(rank) != "lapsed"
        for number, cents in enumerate(PARTS, 1)
    )  # fmt: skip
    paid = [i for i in instalments if i.state == "paid"]
    payments = Payment.objects.bulk_create(
        Payment(
            run=run, instalment=i, account=account, amount_cents=i.amount_cents, end_to_end=f"E-{i.pk}",
            state="settled", settled_on=day,
        )
        for i in paid
    )  # fmt: skip
    clawbacks = Clawback.objects.bulk_create(
        Clawback(agreement=g, amount_cents=100_000, reason="Écart", due_on=day, state="recovered")
        for rank, g in zip(ranks, agreements, strict=True)
        if ready(rank) == "paid" and rank % 20 == 5
    )
    enter(books, window, zip(ranks, agreements, strict=True), payments, clawbacks)


def enter(books, window, agreements, payments, clawbacks):
    for rank, g in agreements:
        file = g.application_id
        books.add(Cause.REQUEST, f"request:{file}:{window.pk}", window.pk, GRANT, file)
        books.add(Cause.VOTE, f"vote:{file}", window.pk, GRANT, file)
        lapsed = ready(rank) == "lapsed"
        cause = Cause.LAPSE if lapsed else Cause.COMMIT
        books.add(cause, f"{cause}:{g.pk}", window.pk, GRANT, file)
    for p in payments:
        file = p.instalment.agreement.application_id
        books.add(Cause.DUE, f"due:{p.instalment_id}:1", window.pk, p.amount_cents, file)
        for cause in (Cause.SEND, Cause.SETTLE):
            books.add(cause, f"{cause}:{p.pk}", window.pk, p.amount_cents, file)
    for c in clawbacks:
        for cause in (Cause.CLAIM, Cause.RECOVER):
            books.add(cause, f"{cause}:{c.pk}", window.pk, c.amount_cents, c.agreement.application_id)
    books.write()


def peak():
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def page(times=25):
    """The balance page, whole, at the server: the median by the clock and by the processor, and the first request."""
    from django.test import Client

    client = Client()
    client.force_login(factories.person(Role.OFFICER))
    taken = []
    for _ in range(times):
        start, cpu = time.perf_counter(), time.process_time()
        answer = client.get("/bureau/enveloppe/")
        taken.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu)))
        assert answer.status_code == 200, answer.status_code
    clock, worked = (statistics.median(column) for column in zip(*taken[1:], strict=True))
    print(f"balance page: {clock:.0f} ms ({worked:.0f} ms of processor); first {taken[0][0]:.0f} ms")


PEER = """
import resource, sys, time
from beancount import loader
from beancount.core import data
from beancount.core.inventory import Inventory
start = time.perf_counter()
entries, errors, _options = loader.load_file(sys.argv[1])
read = time.perf_counter() - start
start, sums = time.perf_counter(), {}
for entry in data.filter_txns(entries):
    for posting in entry.postings:
        sums.setdefault(posting.account, Inventory()).add_position(posting)
summed = time.perf_counter() - start
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{len(errors)} errors; read and checked in {read:.1f} s, summed in {summed:.2f} s, {memory:.0f} MB")
"""


def peer(python, entries):
    """Every account of every window, from the same movements, by beancount."""
    columns = ("movement__key", "account", "amount_cents", "window_id")
    rows = Posting.objects.order_by("id").values_list(*columns)[:entries]
    path, names = Path(HOME.name) / "ledger.beancount", set()
    with path.with_suffix(".rows").open("w") as file:
        for rank, (key, account, cents, window) in enumerate(rows.iterator()):
            name = f"Assets:W{window}:{account.title().replace('_', '-')}"
            names.add(name)
            head = "" if rank % 2 else f'2025-01-02 * "{key}"\n'
            file.write(f"{head}  {name}  {cents / 100:.2f} EUR\n")
    opened = "".join(f"2025-01-01 open {name}\n" for name in sorted(names))
    path.write_text(opened + path.with_suffix(".rows").read_text())
    done = subprocess.run([python, "-c", PEER, path], capture_output=True, text=True, check=True)
    print(f"beancount, {entries} entries: {done.stdout.strip()}")


def ours(entries):
    """The same sums of every account of every window, by the database."""
    start = time.perf_counter()
    sums = Posting.objects.order_by().values_list("window_id", "account").annotate(Sum("amount_cents"))
    count = len(list(sums))
    print(f"every balance of {entries} entries: {time.perf_counter() - start:.2f} s, {count} balances")


def main():
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    start = time.perf_counter()
    written = Posting.objects.count() or fill(arguments.entries)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{connection.vendor}: {written} entries written in {time.perf_counter() - start:.0f} s")
    from terreau.funding.queries.reconciliation import Tally, differences

    before, start, cpu, tally = peak(), time.perf_counter(), time.process_time(), Tally()
    found = list(differences(None, tally))
    taken, worked = time.perf_counter() - start, time.process_time() - cpu
    print(
        f"reconcile: {taken:.1f} s ({worked:.1f} s of processor), {tally.movements} movements, differences: {found[:3]}"
    )
    print(f"memory: {before:.0f} MB before, {peak():.0f} MB at most")
    ours(written)
    page()
    if arguments.peer:
        peer(arguments.peer, arguments.peer_entries)


if __name__ == "__main__":
    main()
