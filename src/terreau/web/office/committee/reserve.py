"""After the seal: the files in reserve, what is left of the envelope, and what the chair makes of them."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from terreau.core.money import parse
from terreau.core.moves import Refused
from terreau.funding.actions import ledger
from terreau.funding.lifecycle import Account
from terreau.funding.queries.balances import balances
from terreau.selection import actions, queries
from terreau.selection.lifecycle import AFTER_RESERVE, LetterState, Outcome
from terreau.selection.models import Letter
from terreau.web.office.committee.scope import visible, window_or_404
from terreau.web.office.gate import office_only, require


@office_only
@require_GET
def reserve(request, pk):
    return page(request, window_or_404(request, pk))


@office_only
@require_POST
def settle(request, pk, application):
    """One decision of the chair, sealed by itself."""
    window = window_or_404(request, pk)
    waiting = queries.reserve(window).exclude(application__in=queries.recused_files(request.user, window))
    sealed = get_object_or_404(waiting.select_related("committee"), application=application)
    require(request, "selection.settle_reserve", sealed.committee)
    typed = {name: request.POST.get(name, "").strip() for name in ("outcome", "amount", "reason")}
    try:
        decide(window, sealed, typed, by=request.user)
    except (ValueError, Refused) as refusal:
        return page(request, window, error={"file": application, "words": str(refusal), **typed}, status=422)
    messages.success(request, _("La décision est scellée. Sa lettre attend d’être relue."))
    return redirect("office:committee-reserve", pk)


@transaction.atomic
def decide(window, sealed, typed, *, by):
    """The decision and, where the money of the window is in the ledger, its vote: both or neither."""
    amount = parse(typed["amount"]) if typed["amount"] and typed["outcome"] == Outcome.SELECTED else None
    freed = freed_cents(window)
    decision = actions.settle_reserve(
        sealed, typed["outcome"], amount_cents=amount, reason=typed["reason"], freed_cents=freed, by=by
    )
    if in_ledger(window):
        ledger.take_up(decision.committee, by=by)


def in_ledger(window):
    return balances(window)[Account.FUNDS] != 0


def freed_cents(window):
    """What came back to the envelope since the committee: grants that lapsed, as the ledger tells."""
    there = balances(window)
    return max(0, there[Account.AVAILABLE] - queries.left_cents(window)) if there[Account.FUNDS] else 0


def page(request, window, *, error=None, status=200):
    committee = queries.committee_of(window)
    _everything, rows, hidden = visible(request, window)
    ranks = {row.application_id: row for row in rows}
    waiting = [decision for decision in queries.reserve(window) if decision.application_id in ranks]
    unposted = Letter.objects.filter(decision__in=waiting).exclude(state=LetterState.POSTED)
    kept = set(unposted.values_list("decision", flat=True))
    lines = [(one, ranks[one.application_id], one.pk in kept) for one in waiting]
    freed = freed_cents(window)
    context = {
        "window": window,
        "committee": committee,
        "hidden": hidden,
        "lines": sorted(lines, key=lambda line: line[1].rank),
        "left": queries.left_cents(window) + freed,
        "freed": freed,
        "outcomes": [(outcome.value, outcome.label) for outcome in AFTER_RESERVE],
        "writable": request.user.has_perm("selection.settle_reserve", committee),
        "error": error,
    }
    return render(request, "office/committee/reserve.html", context, status=status)
