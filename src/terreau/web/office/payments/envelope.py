"""The envelope: where its money stands, what comes, and the same as a file."""

import tempfile
from decimal import Decimal

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.core.moves import Refused
from terreau.funding.actions.envelope import record_envelope_export, set_apart
from terreau.funding.lifecycle import Account, Cause
from terreau.funding.queries import envelope as queries
from terreau.projects.queries import sheets
from terreau.web.office.gate import require
from terreau.web.office.payments.forms import ReserveForm
from terreau.web.office.payments.scope import money_only

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNSIGNED = 20  # files named on the page


def chosen(request):
    """The edition asked for, or the newest; its windows, and the words for their themes."""
    known = queries.editions(request.user)
    wanted = request.GET.get("edition", "")
    edition = int(wanted) if wanted.isdecimal() and int(wanted) in known else next(iter(known), None)
    windows = list(queries.windows_of(request.user).filter(call__edition=edition))
    calls = {window.call_id: window.call for window in windows}
    words = {choice.key: choice.label for call in calls.values() for choice in call.rules.themes}
    return edition, known, windows, words


@money_only
@require_GET
def envelope(request):
    edition, known, windows, words = chosen(request)
    found = queries.envelope(windows, words)
    months = queries.forecast(windows, timezone.localdate())
    context = {
        "edition": edition,
        "editions": known,
        "envelope": found,
        "accounts": queries.COLUMNS,
        "tables": tables(found),
        "back": [(Cause(cause).label, found.total.back[cause]) for cause in queries.BACK],
        "months": months,
        "bars": [(formats.date_format(m.month, "F Y"), m.cents) for m in months],
        "coming": sum(m.cents for m in months),
        "voted": found.total.accounts[Account.VOTED],
        "unsigned_files": queries.unsigned_files(windows)[:UNSIGNED],
        "may_reserve": request.user.has_perm("funding.reserve"),
    }
    return render(request, "office/payments/envelope.html", context)


def tables(found):
    """The same columns for each way to divide the envelope; what no file has taken closes those by file."""
    found.unassigned.label = _("hors dossiers")
    return [
        (_("Période"), found.windows),
        (_("Région principale"), [*found.regions, found.unassigned]),
        (_("Thème"), [*found.themes, found.unassigned]),
    ]


@money_only
@require_GET
def editions(request):
    rows = queries.by_edition(list(queries.windows_of(request.user)))
    return render(request, "office/payments/editions.html", {"rows": rows, "accounts": queries.COLUMNS})


@money_only
@require_http_methods(["GET", "POST"])
def reserve(request):
    require(request, "funding.reserve")
    windows = queries.windows_of(request.user).order_by("-deadline")
    form = ReserveForm(request.POST or None, windows=windows)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            set_apart(
                typed["window"],
                typed["amount"],
                note=typed["note"],
                token=typed["token"],
                back=bool(typed["back"]),
                by=request.user,
            )
        except Refused as refusal:
            form.add_error("amount", str(refusal))
        else:
            messages.success(request, _("C’est noté au journal."))
            return redirect(f"{reverse('office:envelope')}?edition={typed['window'].call.edition}")
    return render(request, "office/payments/reserve.html", {"form": form}, status=422 if form.errors else 200)


def rows(request, form):
    """The page as one table, once the journal knows that it leaves."""
    edition, _known, windows, words = chosen(request)
    found = queries.envelope(windows, words)
    record_envelope_export(edition, form=form, by=request.user)
    heads = [_("Édition"), _("Selon"), _("Clé"), _("Intitulé"), _("Dossiers"), _("Demandé"), _("Budgété")]
    yield [*heads, *(str(a.label) for a in queries.STANDING), _("Reversé"), _("Caducités"), _("Baisses et reliquats")]
    for name, group in [(_("Total"), [found.total]), *tables(found)]:
        for row in group:
            yield [edition, name, str(row.key), row.label, row.files, *euros(row)]


def euros(row):
    cents = [row.requested_cents, row.budget_cents, *row.standing, row.given_back_cents]
    return [Decimal(c) / 100 for c in [*cents, row.back[Cause.LAPSE], row.back[Cause.LOWER]]]


@money_only
@require_GET
def as_csv(request):
    lines = sheets.csv_lines(list(rows(request, "csv")))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="enveloppe.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@money_only
@require_GET
def as_xlsx(request):
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    sheets.write_xlsx(rows(request, "xlsx"), file)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename="enveloppe.xlsx", content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response
