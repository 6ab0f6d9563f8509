"""Papers of a commitment, the same for the firm and for the project."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from terreau.engagement.lifecycle import CommitmentState, Form
from terreau.engagement.queries import sheets
from terreau.engagement.queries.commitments import immersion_of

SHEETS = {"emargement": _("Feuille d’émargement (PDF)"), "convention": _("Convention à signer (PDF)")}
SIGNED_THERE = frozenset({Form.VISIT, Form.AWARENESS})


def offered(commitment):
    """The word of each paper that this commitment has, with its label."""
    if commitment.state != CommitmentState.PLANNED:
        return []
    has = {"emargement": commitment.form in SIGNED_THERE, "convention": immersion_of(commitment) is not None}
    return [(word, label) for word, label in SHEETS.items() if has[word]]


def printed(commitment, word):
    if word not in dict(offered(commitment)):
        raise Http404
    if word == "emargement":
        return download(sheets.attendance(commitment), f"emargement-{commitment.pk}")
    return download(sheets.agreement(commitment, immersion_of(commitment)), f"convention-{commitment.pk}")


def download(content, name):
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
