"""A file on one page."""

from django.shortcuts import render

from terreau.web.office.gate import file_or_404, office_only


@office_only
def file(request, reference):
    application = file_or_404(request, reference)
    return render(request, "office/file.html", {"file": application})
