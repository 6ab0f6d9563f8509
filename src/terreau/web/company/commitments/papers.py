"""The papers of a firm's commitments: always a download."""

from django.http import Http404
from django.views.decorators.http import require_GET

from terreau.engagement.queries import sheets
from terreau.web.company.commitments.pages import load
from terreau.web.company.scope import contact_only
from terreau.web.ui import downloads
from terreau.web.ui.commitments.papers import printed


@require_GET
def sheet(request, pk, commitment, sheet):
    _company, found = load(request, pk, commitment)
    return printed(found, sheet)


@require_GET
def certificate(request, pk, year):
    """What was attested in a year; no such paper for a year without any."""
    company = contact_only(request, pk)
    if year not in sheets.years(company):
        raise Http404
    return downloads.pdf(sheets.certificate(company, year), f"attestation-{year}")
