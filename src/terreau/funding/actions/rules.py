"""The funder's parameters of reports: dated; what a report was opened under stays with it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation
from terreau.core import journal
from terreau.funding.models import ReportingRules
from terreau.funding.queries.reports import rules_on
from terreau.funding.rulebook import reporting


@transaction.atomic
def set_reporting(
    funder: Organisation, values: Mapping[str, Any], *, applies_from: date, source: str, by: Any
) -> ReportingRules:
    """Set parameters from one day on; what is not said goes on as it was that day. ValueError when one cannot hold."""
    if not source.strip():
        raise ValueError(_("Dites d’où vient ce paramètre."))
    whole = reporting.dump(rules_on(funder.pk, applies_from)) | dict(values)
    rules, _created = ReportingRules.objects.update_or_create(
        funder=funder,
        applies_from=applies_from,
        defaults={
            "values": reporting.dump(reporting.parse(whole)),
            "source": source.strip()[:200],
            "entered_by": by,
        },
    )
    journal.record(rules, "set_reporting", by=by, applies_from=applies_from.isoformat(), values=dict(values))
    return rules
