from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.views.decorators.http import require_GET

from terreau.projects.lifecycle import State
from terreau.selection import queries
from terreau.web.office.committee.scope import visible, window_or_404
from terreau.web.office.committee.table import ORDERS, OUTCOMES, Filters, cell_of
from terreau.web.office.gate import office_only

PAGE = 50


@office_only
@require_GET
def committees(request):
    waiting = Count("applications", filter=Q(applications__state=State.IN_REVIEW))
    windows = queries.committee_windows(request.user).annotate(waiting=waiting).order_by("-committee_on", "-pk")
    return render(request, "office/committee/committees.html", {"windows": windows})


@office_only
@require_GET
def committee(request, pk):
    window = window_or_404(request, pk)
    held = queries.committee_of(window)
    everything, rows, hidden = visible(request, window)
    filters, rules = Filters.read(request.GET), window.call.rules
    page = Paginator(filters.apply(rows), PAGE).get_page(request.GET.get("page"))
    verdicts = queries.verdicts([row.application_id for row in page])
    regions = sorted({(str(r.region_id), r.region) for r in rows if r.region_id}, key=lambda pair: pair[1])
    context = {
        "window": window,
        "committee": held,
        "lines": [(row, cell_of(row), verdicts.get(row.application_id, ())) for row in page],
        "page": page,
        "hidden": hidden,
        "filters": filters,
        "regions": regions,
        "rules": rules,
        "kinds": {choice.key: choice.label for choice in rules.kinds},
        "outcomes": [(key, str(label)) for key, label in OUTCOMES],
        "orders": [(key, label) for key, (label, _key) in ORDERS.items()],
        "sees_jurors": request.user.has_perm("selection.see_jurors"),
        "writable": held.sealed_at is None and request.user.has_perm("selection.propose", held),
        **money(window, everything),
    }
    return render(request, "office/committee/committee.html", context)


def money(window, rows):
    """The envelope as the page shows it, with words for keys."""
    found, rules = queries.envelope(window, rows), window.call.rules
    return {
        "envelope": found,
        "used": found.total.proposed_cents / found.cents if found.cents else 0,
        "shares": [
            ("region", [(share.key or "–", share) for share in found.by_region]),
            ("kind", [(rules.label("kinds", share.key) or "–", share) for share in found.by_kind]),
            ("theme", [(rules.label("themes", share.key), share) for share in found.by_theme]),
        ],
        "decided": sum(1 for row in rows if row.decision),
    }


@office_only
@require_GET
def envelope(request, pk):
    """The envelope alone, asked for again after each change."""
    window = window_or_404(request, pk)
    context = {"window": window, "committee": queries.committee_of(window), **money(window, queries.ranking(window))}
    return render(request, "office/committee/envelope.html", context)
