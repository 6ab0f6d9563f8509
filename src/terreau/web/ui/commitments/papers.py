"""Papers of a commitment, the same for the firm and for the project."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from terreau.engagement.lifecycle import CommitmentState, Form
from terreau.engagement.queries import sheets
from terreau.engagement.queries.commitments import immersion_of
from terreau.web.ui import downloads

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
        return downloads.pdf(sheets.attendance(commitment), f"emargement-{commitment.pk}")
    return downloads.pdf(sheets.agreement(commitment, immersion_of(commitment)), f"convention-{commitment.pk}")
