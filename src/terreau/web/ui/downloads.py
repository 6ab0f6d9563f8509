"""PDF files that leave: always a download, never kept by a cache on the way."""

from django.http import HttpResponse


def pdf(content, name):
    """`name` without its extension."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
