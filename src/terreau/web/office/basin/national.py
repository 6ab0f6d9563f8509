"""Firms of the national directory that have no account here: a delegate alone sees them, and alone writes to them."""

from terreau.accounts.models import Organisation
from terreau.engagement.models import Proposal
from terreau.engagement.queries import matching
from terreau.engagement.reference import directory, kinds
from terreau.engagement.reference import matching as index
from terreau.engagement.rulebook.matching import matching_on
from terreau.territories.queries import current_commune
from terreau.web.ui import proposals as telling

SHOWN = 20


def firms(project, day):
    """The best of the country for this project, each with its reason; None where no directory is loaded."""
    there = index.national()
    if there is None:
        return None
    rules = matching_on(day)
    wish = matching.wish_of(project, rules, day)
    if wish is None:
        return []
    from terreau.methods.matching.both_ways import query  # noqa: PLC0415 - heavy
    from terreau.methods.matching.parts import telling as parts_of  # noqa: PLC0415 - heavy

    known = Organisation.objects.exclude(siret=None).values_list("siret", flat=True)
    hidden = there.rows({siret[:9] for siret in known})
    asked = query(wish, matching.worth(rules), wish.taste, index.vocabulary(), there.zones, hidden)
    sirens, told = there.best(asked, SHOWN)
    seats = directory.seats(sirens)
    rows = []
    for rank, siren in enumerate(sirens):
        score = float(told.score[rank])
        if siren in seats and score >= rules.least:
            said = Proposal(parts={"km": float(told.km[rank]), "telling": parts_of(told, rank)})
            rows.append({"firm": seats[siren], "score": score, "why": telling.why(said, [], [], {})})
    return rows


def shown(siret):
    """An open firm that did not ask to be hidden."""
    found = directory.firm(siret)
    return found if found and found.is_open and found.is_diffusible and found.kind == kinds.FIRM else None


def identity(firm):
    """As the accounts enter it."""
    return {
        "name": firm.name,
        "legal_form": firm.legal_form,
        "siret": firm.siret,
        "founded_on": firm.founded_on,
        "address": firm.address,
        "commune": current_commune(firm.commune),
    }
