"""Decisions against the optimum: each is written down with who took it and why, inside the seal's transaction."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.core.moves import Refused
from terreau.selection import queries
from terreau.selection.models import Committee, Departure


def explain_departures(committee: Committee, reasons: Mapping[str, str], *, by: Any) -> list[Departure]:
    """One row a decision against the scenario of reference; none without one. Refused where a reason is missing.

    Amounts share one reason, under "". A file that the chair left the room for takes the reason of its proposal,
    and stays the decision of whoever proposed it.
    """
    hidden = queries.recused_files(by, committee.window) if by else set()
    found, silent = [], []
    for gap in queries.gaps(committee):
        unseen = gap.decision.application_id in hidden
        given = gap.decision.reason if unseen else reasons.get("" if gap.is_amount else gap.reference, "")
        if not given.strip():
            silent.append(_("un dossier que vous ne voyez pas") if unseen else gap.reference)
        author = gap.decision.decided_by if unseen else by
        found.append(Departure(decision=gap.decision, optimum_cents=gap.optimum_cents, reason=given.strip(), by=author))
    if silent:
        raise Refused(
            _("Dites pourquoi le comité s’écarte de l’optimum : %(files)s.")
            % {"files": ", ".join(dict.fromkeys(silent))}
        )
    Departure.objects.bulk_create(found)
    for departure in found:
        journal.record(
            committee,
            "depart",
            by=departure.by,
            reference=departure.decision.application.reference,
            outcome=departure.decision.outcome,
            amount_cents=departure.decision.amount_cents,
            reason=departure.reason,
        )
    return found
