"""Clauses are written, then published for good; a change is a new version. The payment schedule likewise by date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.accounts.models import Organisation
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.funding.models import Clause, PaymentTerms
from terreau.funding.rulebook import clauses as rules
from terreau.funding.rulebook import schedule


@transaction.atomic
def seed_clauses(funder: Organisation, *, by: Any) -> list[Clause]:
    """The set to start from, as drafts in force from today; a clause that the funder has already is left alone."""
    known = set(Clause.objects.filter(funder=funder).values_list("key", flat=True))
    made = Clause.objects.bulk_create(
        Clause(
            funder=funder,
            key=model.key,
            title=model.title,
            body=model.body,
            applies_to=model.applies_to,
            applies_from=timezone.localdate(),
            position=position,
        )
        for position, model in enumerate(rules.models(), 1)
        if model.key not in known
    )
    journal.record(funder, "seed_clauses", by=by, keys=[clause.key for clause in made])
    return made


@transaction.atomic
def write_clause(
    clause: Clause, *, title: str, body: str, applies_to: str, applies_from: date, position: int, by: Any
) -> Clause:
    """Keep the words of a clause in preparation. ValueError with each field that does not exist, at its line."""
    clause = Clause.objects.select_for_update().get(pk=clause.pk)
    if clause.published_at is not None:
        raise Refused(_("Cette version est publiée : elle ne change plus. Préparez une nouvelle version."))
    if problems := rules.problems(body):
        raise ValueError(" ".join(problems))
    if applies_to not in rules.CONDITIONS:
        raise ValueError(_("Cette condition n’existe pas."))
    clause.title, clause.body, clause.applies_to = title.strip(), body.strip(), applies_to
    clause.applies_from, clause.position = applies_from, position
    clause.save()
    journal.record(clause, "write_clause", by=by, key=clause.key, version=clause.version)
    return clause


@transaction.atomic
def revise_clause(clause: Clause, *, by: Any) -> Clause:
    """The version in preparation of a published clause: itself where it is still one, else a copy to change."""
    versions = Clause.objects.select_for_update().filter(funder=clause.funder_id, key=clause.key)
    newest = versions.order_by("-version")[0]
    if newest.published_at is None:
        return newest
    newest.pk, newest.version = None, newest.version + 1
    newest.published_at = newest.published_by = newest.applies_until = None
    newest.applies_from = max(newest.applies_from, timezone.localdate())
    newest.save(force_insert=True)
    journal.record(newest, "revise_clause", by=by, key=newest.key, version=newest.version)
    return newest


@transaction.atomic
def publish_clauses(clauses: Sequence[Clause], *, by: Any) -> int:
    """Put drafts in force from their date on. From here on they never change. How many were published."""
    drafts = Clause.objects.select_for_update().filter(pk__in=[c.pk for c in clauses], published_at=None)
    found = list(drafts)
    if problems := [f"{c.title} : {p}" for c in found for p in rules.problems(c.body)]:
        raise Refused(*problems)
    for clause in found:
        clause.published_at, clause.published_by = timezone.now(), by
        clause.save(update_fields=["published_at", "published_by"])
        journal.record(clause, "publish_clause", by=by, key=clause.key, version=clause.version)
    return len(found)


@transaction.atomic
def end_clause(clause: Clause, *, until: date, by: Any) -> Clause:
    """The last day of a published clause that nothing replaces. Agreements already offered keep it."""
    clause = Clause.objects.select_for_update().get(pk=clause.pk)
    if clause.published_at is None or clause.applies_until is not None:
        raise Refused(_("Seule une clause en vigueur prend fin."))
    if until < clause.applies_from:
        raise ValueError(_("La fin vient après le début."))
    clause.applies_until = until
    clause.save(update_fields=["applies_until"])
    journal.record(clause, "end_clause", by=by, key=clause.key, version=clause.version, until=until.isoformat())
    return clause


BROKEN = {
    "sum": gettext_lazy("Les parts doivent faire 100 %."),
    "share": gettext_lazy("Chaque part est un nombre entre 1 et 100."),
    "condition": gettext_lazy("Cette condition de versement n’existe pas."),
    "order": gettext_lazy(
        "L’ordre est : la signature, les points d’étape, le bilan final ; signature et bilan une fois au plus."
    ),
}


@transaction.atomic
def set_payment_terms(
    funder: Organisation, *, applies_from: date, parts: Sequence[schedule.Part], source: str, by: Any
) -> PaymentTerms:
    """The funder's schedule from a day on. Agreements already drafted at an earlier day keep theirs once offered."""
    if broken := schedule.check(parts):
        raise ValueError(" ".join(str(BROKEN[key]) for key in broken))
    terms, _created = PaymentTerms.objects.update_or_create(
        funder=funder,
        applies_from=applies_from,
        defaults={"parts": [list(part) for part in parts], "source": source.strip(), "set_by": by},
    )
    journal.record(terms, "set_payment_terms", by=by, parts=terms.parts, applies_from=applies_from.isoformat())
    return terms
