"""What the firm and the structure do alike with a gift: see its value while typing, read how it was found."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from terreau.core.moves import Refused, WrongMoment
from terreau.engagement.models import Commitment, Gift
from terreau.engagement.queries.paper import receipt as printed
from terreau.engagement.queries.worth import explained
from terreau.methods.giving.valuation import benefit_in_return
from terreau.web.ui import downloads


def preview(request, form):
    """What is typed so far counts for; an empty answer while it cannot be told."""
    found = form.worth()
    lines = explained(form.kind, found.details, found.cents) if found else []
    return render(request, "ui/gift/value.html", {"found": found, "lines": lines})


def kinds(request, kind):
    """(label, address, current) of each kind of gift; the rest of the address is kept."""
    found = []
    for value, label in Gift.Kind.choices:
        asked = request.GET.copy()
        asked["nature"] = value
        found.append((label, f"{request.path}?{asked.urlencode()}", value == kind))
    return found


def commitment_asked(request, **whose):
    """The engagement that the gift fulfils, where the address names one of theirs."""
    asked = request.GET.get("engagement", "")
    if not (asked.isdecimal() and len(asked) < 10):
        return None
    found = Commitment.objects.select_related("application__holder", "company")
    return get_object_or_404(found, pk=asked, **whose)


def started(commitment):
    """What an engagement already tells of the gift that fulfils it."""
    if commitment is None:
        return {}
    told = {"project": commitment.application.reference, "description": commitment.title}
    if commitment.value_cents:
        told["amount_cents"] = commitment.value_cents
    lines = list(commitment.log.filter(on_working_time=True))
    if lines:
        told |= {"hours": sum(line.minutes for line in lines) / 60, "given_on": lines[0].on, "until": lines[-1].on}
    return told


def shown(gift):
    """What both pages show of a gift."""
    in_return = benefit_in_return(gift.amount_cents, gift.return_cents, gift.given_on)
    receipts = list(gift.receipts.select_related("replaces", "replacement").defer("content"))
    return {
        "gift": gift,
        "lines": explained(gift.kind, gift.details, gift.amount_cents),
        "share": float(in_return.share),
        "is_large_return": in_return.is_disproportionate,
        "receipts": receipts,
        "receipt": next((one for one in receipts if one.state == "issued"), None),
    }


def paper(receipt):
    """The PDF of a receipt, as it stands today; always a download."""
    return downloads.pdf(printed(receipt), f"recu-{receipt}")


def attempted(form, act):
    """What `act` gives back, or None with its reasons in the form."""
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, refusal.reasons)
    except WrongMoment:
        form.add_error(None, _("Quelqu’un d’autre vient de le faire."))
    return None
