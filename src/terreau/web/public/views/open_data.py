"""Published grants: a page that says what they are, and files at addresses that do not change."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render

from terreau.funding.queries import published
from terreau.funding.rulebook import grants


@login_not_required
def page(request):
    context = {
        "editions": published.editions(),
        "files": grants.FILES,
        "dictionary": grants.DICTIONARY,
        "licence": grants.LICENCE,
        "prefix": settings.GIVING_PREFIX,
    }
    return render(request, "public/grants.html", context)


@login_not_required
def download(_request, name, edition=None):
    """One file, streamed. A grant that would make it invalid is left out; the page says so."""
    file = next((one for one in grants.FILES if one.name == name), None)
    if file is None or not published.agreements(edition).exists():
        raise Http404
    rows = (grant for grant in published.grants(edition) if not file.faults(grant))
    response = StreamingHttpResponse(file.lines(rows, published.publisher()), content_type=file.content_type)
    parts = name.rsplit(".", 1)
    saved_as = f"{parts[0]}-{edition}.{parts[1]}" if edition else name
    response["Content-Disposition"] = f'attachment; filename="{saved_as}"'
    response["Access-Control-Allow-Origin"] = "*"  # open data is read from other sites too
    return response
