"""What is filtered, as a file to download, with every answer."""

import tempfile

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

from terreau.projects import actions
from terreau.projects.queries import exports, listing, sheets
from terreau.web.office.gate import files_of, office_only, require

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@office_only
def as_csv(request):
    found = chosen(request, "csv")
    lines = sheets.csv_lines(exports.rows(found))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name()}.csv"'
    return private(response)


@office_only
def as_xlsx(request):
    found = chosen(request, "xlsx")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    sheets.write_xlsx(exports.rows(found), file)
    file.seek(0)
    return private(FileResponse(file, as_attachment=True, filename=f"{name()}.xlsx", content_type=XLSX))


def chosen(request, form):
    """The files of the list, once the journal knows that they leave."""
    require(request, "projects.export")
    filters = listing.read_filters(request.GET)
    found = listing.narrowed(listing.searched(files_of(request.user), filters.text), filters)
    actions.record_export(found, form=form, query=request.GET.urlencode(), by=request.user)
    return found


def name():
    return f"dossiers-{timezone.localtime():%Y-%m-%d-%H%M}"


def private(response):
    response["Cache-Control"] = "private, no-store"
    return response
