"""The clauses of a funder: what is in force on a day, and which of them enter an agreement."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from terreau.accounts.models import Organisation, User
from terreau.core import wording
from terreau.funding.models import Clause, PaymentTerms
from terreau.funding.rulebook import schedule
from terreau.selection.queries.committee import funders_of


def clauses_for(user: User) -> QuerySet[Clause]:
    """Every version of every clause that this person may see: those of their funder."""
    return Clause.objects.filter(funder__in=funders_of(user)).select_related("funder", "published_by")


def clauses_in_force(funder: Organisation, on: date) -> list[Clause]:
    """The newest published version of each clause on a day, unless it has ended, in the order of the agreement."""
    published = Clause.objects.filter(funder=funder, published_at__isnull=False, applies_from__lte=on)
    newest: dict[str, Clause] = {}
    for clause in published.order_by("version"):
        newest[clause.key] = clause
    kept = [clause for clause in newest.values() if clause.applies_until is None or on <= clause.applies_until]
    return sorted(kept, key=lambda c: (c.position, c.key))


def texts(clauses: Iterable[Clause], conditions: set[str], fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """The clauses that these conditions call for, filled."""
    return [
        {"key": c.key, "version": c.version, "title": c.title, "text": wording.fill(c.body, fields).strip()}
        for c in clauses
        if not c.applies_to or c.applies_to in conditions
    ]


def terms_in_force(funder: Organisation, on: date) -> schedule.Terms:
    """How this funder pays on a day; the house's fictional default where it has set nothing."""
    terms = PaymentTerms.objects.filter(funder=funder, applies_from__lte=on).first()
    if terms is None:
        return schedule.DEFAULT
    return schedule.Terms(terms.applies_from, tuple((c, share) for c, share in terms.parts), terms.source)
