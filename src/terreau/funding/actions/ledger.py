"""The door of the ledger: money moves from one account to another, for a cause, once a key, never below zero."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.calls.models import Window
from terreau.core import journal
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.funding.lifecycle import BETWEEN, ENVELOPE, SOURCES, Account, Cause
from terreau.funding.models import Agreement, Movement, Posting
from terreau.projects.lifecycle import FILED
from terreau.projects.models import Application
from terreau.selection.lifecycle import Outcome
from terreau.selection.models import Committee, Decision

CHUNK = 500


@dataclass(frozen=True)
class Transfer:
    """One movement to write: its accounts are those of its cause. The same key is written once."""

    cause: str
    key: str
    window: Window
    cents: int
    application: Application | None = None
    note: str = ""

    def application_in(self, account: str) -> int | None:
        """The file that a posting names: money of the envelope belongs to none."""
        return None if account in ENVELOPE or self.application is None else self.application.pk


def post(
    cause: str,
    *,
    key: str,
    window: Window,
    cents: int,
    application: Application | None = None,
    agreement: Agreement | None = None,
    note: str = "",
    by: Any,
) -> Movement:
    """Move money of a window, for a file where the money is a file's (an agreement names its own).

    In the caller's transaction. Refused, in words, where an account would go below zero, for the window or for the
    file. A key that was written already gives its movement back and moves nothing.
    """
    application = application or (agreement.application if agreement else None)
    return post_all([Transfer(cause, key, window, cents, application, note)], by=by)[0]


@transaction.atomic
def post_all(transfers: Sequence[Transfer], *, by: Any) -> list[Movement]:
    """Many movements, in their order, all or none. The windows are locked first, always in the same order."""
    _lock({t.window.pk for t in transfers})
    known = _written(t.key for t in transfers)
    standing = _standing([t for t in transfers if t.key not in known])
    made: dict[str, Movement] = {}
    postings: list[Posting] = []
    for transfer in transfers:
        if transfer.key in known or transfer.key in made:
            continue
        _check(transfer, standing)
        made[transfer.key] = movement = _movement(transfer, by)
        postings += _postings(transfer, movement)
    Posting.objects.bulk_create(postings, batch_size=CHUNK)
    Movement.objects.bulk_create(made.values(), batch_size=CHUNK)
    written = known | made
    return [written[t.key] for t in transfers]


def _lock(windows: set[int]) -> None:
    list(Window.objects.select_for_update(no_key=True).filter(pk__in=windows).order_by("pk").values_list("pk"))


def _written(keys: Iterable[str]) -> dict[str, Movement]:
    found: dict[str, Movement] = {}
    for some in batched(keys, CHUNK):
        found |= {m.key: m for m in Movement.objects.filter(key__in=some)}
    return found


type Standing = defaultdict[tuple[str, str, int], int]  # ("window" or "application", account, its number): cents


def _standing(transfers: Sequence[Transfer]) -> Standing:
    """What stands in the accounts that these transfers take from, of each window and of each file."""
    found: Standing = defaultdict(int)
    taken = {BETWEEN[t.cause][0] for t in transfers} - SOURCES
    files = {t.application.pk for t in transfers if t.application}
    for column, numbers in (("window", {t.window.pk for t in transfers}), ("application", files)):
        for some in batched(sorted(numbers), CHUNK):
            rows = Posting.objects.filter(Q(**{f"{column}__in": some}), account__in=taken).order_by()
            for of, account, cents in rows.values_list(column, "account").annotate(Sum("amount_cents")):
                found[column, account, of] = cents
    return found


def _check(transfer: Transfer, standing: Standing) -> None:
    """Refused where the money is not there; what is there is kept up to date for the transfers that follow."""
    source, target = BETWEEN[transfer.cause]
    if transfer.cents <= 0:
        raise ValueError(_("Un mouvement porte sur un montant positif."))
    for account, cents in ((source, -transfer.cents), (target, transfer.cents)):
        file = transfer.application_in(account)
        if file is None and account not in ENVELOPE | {Account.RESERVED}:
            raise ValueError(_("Ce mouvement nomme le dossier concerné."))
        places = [("window", transfer.window.pk)] + ([("application", file)] if file else [])
        for scope, of in places:
            there = standing[scope, account, of]
            if account not in SOURCES and there + cents < 0:
                raise Refused(_refusal(account, there, transfer, of_file=scope == "application"))
            standing[scope, account, of] += cents


def _refusal(account: Account, there: int, transfer: Transfer, *, of_file: bool) -> str:
    owner = transfer.application.reference if of_file and transfer.application else transfer.window.label
    return _("« %(account)s » (%(owner)s) ne contient que %(there)s ; il faudrait %(asked)s.") % {
        "there": euros(there),
        "account": account.label,
        "owner": owner,
        "asked": euros(transfer.cents),
    }


def _movement(transfer: Transfer, by: Any) -> Movement:
    return Movement(
        id=uuid4(),
        key=transfer.key,
        cause=transfer.cause,
        at=timezone.now(),
        note=transfer.note[:200],
        actor_id=by.pk if by else None,
        actor_label=journal.label(by),
    )


def _postings(transfer: Transfer, movement: Movement) -> list[Posting]:
    source, target = BETWEEN[transfer.cause]
    return [
        Posting(
            movement_id=movement.pk,
            account=account,
            amount_cents=cents,
            window_id=transfer.window.pk,
            application_id=transfer.application_in(account),
        )
        for account, cents in ((source, -transfer.cents), (target, transfer.cents))
    ]


@transaction.atomic
def take_up(committee: Committee, *, by: Any) -> int:
    """Bring a sealed committee into the ledger: the envelope, what was asked, what was voted. How much was new.

    Done again, it writes nothing; where the envelope of the window has changed since, the difference. A committee
    that is not sealed has voted nothing yet.
    """
    window = Window.objects.select_for_update(no_key=True).get(pk=committee.window_id)
    asked = Application.objects.filter(window=window, state__in=FILED, requested_cents__gt=0).order_by("pk")
    transfers = _budget(window)
    transfers += [
        Transfer(Cause.REQUEST, f"request:{a.pk}:{window.pk}", window, a.requested_cents or 0, a) for a in asked
    ]
    if committee.sealed_at is not None:
        voted = Decision.objects.filter(committee=committee, outcome=Outcome.SELECTED, amount_cents__gt=0)
        transfers += [
            Transfer(Cause.VOTE, f"vote:{d.application_id}", window, d.amount_cents or 0, d.application)
            for d in voted.select_related("application").order_by("application__reference")
        ]
    before = _written(t.key for t in transfers)
    post_all(transfers, by=by)
    if new := len(transfers) - len(before):
        journal.record(committee, "take_up", by=by, movements=new)
    return new


def _budget(window: Window) -> list[Transfer]:
    """What is missing in the ledger's envelope, or too much in it."""
    rows = Posting.objects.filter(window=window, account=Account.FUNDS)
    there = -(rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0)
    missing = window.envelope_cents - there
    cause = Cause.BUDGET if missing > 0 else Cause.CUT
    return [Transfer(cause, f"budget:{window.pk}:{rows.count() + 1}", window, abs(missing))] if missing else []
