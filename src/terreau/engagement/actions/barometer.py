"""Close a year of the barometer: hide what must be, publish the rest for good."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.core.moves import Refused
from terreau.engagement.models import BarometerEdition
from terreau.engagement.queries import barometer

METHOD = "1.0"


@transaction.atomic
def close_edition(year: int, *, by: Any) -> BarometerEdition:
    """Publish the figures of a calendar year that is over, once. Refused: a year not over, or published already.

    Cells are hidden by `methods.disclosure`. Neither their values nor why each is hidden is stored: to say "fewer
    than three" would be to say "one or two". Gifts corrected later do not change an edition.
    """
    from terreau.methods import disclosure  # noqa: PLC0415 - heavy

    if year >= timezone.localdate().year:
        raise Refused(_("L’année %(year)s n’est pas finie : seule une année close se publie.") % {"year": year})
    if BarometerEdition.objects.select_for_update().filter(year=year).exists():
        raise Refused(_("L’édition %(year)s est déjà publiée : elle ne change plus.") % {"year": year})
    rule, protection = disclosure.Rule(), disclosure.Protection()
    system = barometer.system(year)
    if not any(tally.contributors for tally in system.tallies):
        raise Refused(_("Aucun don confirmé en %(year)s : rien à publier.") % {"year": year})
    outcome = disclosure.suppress(system, rule, protection)
    counted = {cell for cell in system.cells if "kind" not in dict(cell)}
    cells = [
        {
            "of": dict(cell),
            "cents": None if cell in outcome.hidden else tally.value,
            "donors": None if cell in outcome.hidden or cell not in counted else tally.contributors,
            "hidden": cell in outcome.hidden,
        }
        for cell, tally in zip(system.cells, system.tallies, strict=True)
    ]
    share = float(rule.share) if rule.share is not None else None
    parameters = {"least": rule.least, "share": share, "width": float(protection.share)}
    content = {"method": METHOD, "parameters": parameters, "cells": cells}
    edition = BarometerEdition.objects.create(year=year, content=content, closed_by=by)
    journal.record(edition, "close", by=by, hidden=len(outcome.hidden), cells=len(cells))
    return edition
