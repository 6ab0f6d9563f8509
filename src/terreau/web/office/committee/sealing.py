from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.projects.queries.sheets import csv_lines
from terreau.selection import actions, queries
from terreau.selection.lifecycle import Outcome, Sealed, Verdict
from terreau.web.office.committee.scope import visible, window_or_404
from terreau.web.office.gate import office_only, require


@office_only
@require_http_methods(["GET", "POST"])
def seal(request, pk):
    """The chair reads what will happen, then seals; nobody else, and once."""
    window = window_or_404(request, pk)
    committee = queries.committee_of(window)
    require(request, "selection.seal", committee)
    reasons = {name.partition(":")[2]: text for name, text in request.POST.items() if name.startswith("reason:")}
    if request.method == "POST":
        try:
            actions.seal(actions.convene(window, by=request.user), reasons=reasons, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return ready(request, window, committee, reasons, status=422)
        except Sealed as refusal:
            messages.error(request, str(refusal))
            return redirect("office:committee", pk)
        messages.success(request, _("Le comité est scellé. Les lettres attendent d’être relues."))
        return redirect("office:outbox", window.call_id)
    return ready(request, window, committee, reasons)


def ready(request, window, committee, reasons, *, status=200):
    """What the seal will do, and where it departs from the optimum."""
    everything, rows, hidden = visible(request, window)
    context = {
        "window": window,
        "committee": committee,
        "obstacles": queries.obstacles(committee),
        "warnings": queries.warnings(committee),
        "outcomes": [(o, [r for r in rows if r.outcome == o]) for o in Outcome],
        "hidden": hidden,
        "envelope": queries.envelope(window, everything),
        "departures": departures(request, committee, reasons),
    }
    return render(request, "office/committee/seal.html", context, status=status)


def departures(request, committee, reasons):
    """The decisions against the scenario of reference, each with its words and the reason written so far.

    Those on files that the chair does not see keep the reason of their proposal: they are counted, not shown.
    """
    hidden = queries.recused_files(request.user, committee.window)
    found = queries.gaps(committee)
    shown = [gap for gap in found if gap.decision.application_id not in hidden]
    return {
        "outcomes": [(g, spoken(g), reasons.get(g.reference, g.decision.reason)) for g in shown if not g.is_amount],
        "amounts": [(gap, spoken(gap)) for gap in shown if gap.is_amount],
        "amounts_reason": reasons.get("", ""),
        "unseen": len(found) - len(shown),
    }


def spoken(gap):
    """One departure in words."""
    words = {"file": f"{gap.decision.application.title or gap.reference} ({gap.reference})"}
    words |= {"granted": euros(gap.cents), "optimum": euros(gap.optimum_cents)}
    if gap.is_amount:
        return _("%(file)s : %(granted)s au lieu de %(optimum)s") % words
    if gap.cents is None:
        return _("%(file)s n’est pas retenu ; l’optimum lui accorde %(optimum)s") % words
    return _("%(file)s est retenu pour %(granted)s ; l’optimum le laisse de côté") % words


@office_only
@require_GET
def log(request, pk):
    window = window_or_404(request, pk)
    committee = queries.committee_of(window)
    context = {
        "window": window,
        "committee": committee,
        "entries": queries.log_lines(committee, request.user),
    }
    return render(request, "office/committee/log.html", context)


@office_only
@require_GET
def export(request, pk):
    """The ranking and the decisions, for the committee's table."""
    window = window_or_404(request, pk)
    _everything, rows, _hidden = visible(request, window)
    verdicts = queries.verdicts([row.application_id for row in rows])
    lines = csv_lines([list(HEADS), *(line(window, row, verdicts[row.application_id]) for row in rows)])
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="comite-{window.call.slug}-{window.key}.csv"'
    return response


FORMULA = tuple("=+-@\t\r")  # what a spreadsheet would compute instead of showing
HEADS = (
    "rang", "dossier", "titre", "structure", "region", "type", "themes", "moyenne", "lectures", "ecart", "avis",
    "demande_euros", "decision", "accorde_euros", "motif",
)  # fmt: skip


def line(window, row, verdicts):
    rules, decision = window.call.rules, row.decision
    cells = [
        row.rank,
        row.reference,
        row.title,
        row.holder,
        row.region,
        rules.label("kinds", row.kind),
        ", ".join(rules.label("themes", key) for key in row.themes),
        None if row.mean is None else round(row.mean, 1),
        row.reviews,
        None if row.spread is None else round(row.spread, 1),
        ", ".join(str(Verdict(v).label) for v in verdicts),
        row.requested_cents / 100,
        str(Outcome(decision.outcome).label) if decision else "",
        decision.amount_cents / 100 if decision and decision.amount_cents else None,
        decision.reason if decision else "",
    ]
    return [f"'{c}" if isinstance(c, str) and c[:1] in FORMULA else c for c in cells]
