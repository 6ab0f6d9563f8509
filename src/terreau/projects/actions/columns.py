"""The columns that lists filter and sort by are copies of answers: this keeps them in step.

A draft keeps everything that was typed in its answers; a column takes only what it can hold.
"""

from typing import Any

from django.db.models import Q

from terreau.projects.models import Application, BudgetLine, Partner, Target, Theme
from terreau.projects.rulebook import RUBRICS, Line, totals
from terreau.territories.models import Level, Territory


def keep_in_step(application: Application, written: dict[str, Any]) -> None:
    """Copy the answers that have a column; one UPDATE of the file whatever was written."""
    for key, value in written.items():
        if copy := COPIES.get(key):
            copy(application, value)
    application.save(update_fields=sorted({"updated_at", *(c for k in written for c in COLUMNS.get(k, ()))}))


def _text(value: Any, length: int) -> str:
    return value.strip()[:length] if isinstance(value, str) else ""


def _title(application: Application, value: Any) -> None:
    application.title = " ".join(_text(value, 200).split())


def _summary(application: Application, value: Any) -> None:
    application.summary = _text(value, 100_000)


def _kind(application: Application, value: Any) -> None:
    application.kind = _text(value, 40)


def _domain(application: Application, value: Any) -> None:
    application.domain = _text(value, 40)


def _window(application: Application, value: Any) -> None:
    application.window = application.call.windows.filter(key=_text(value, 50)).first()


def _themes(application: Application, value: Any) -> None:
    keys = dict.fromkeys(_text(v, 40) for v in value) if isinstance(value, list) else {}
    application.themes.all().delete()
    Theme.objects.bulk_create(Theme(application=application, key=key) for key in keys if key)


def _publics(application: Application, value: Any) -> None:
    counts = value if isinstance(value, dict) else {}
    application.targets.all().delete()
    Target.objects.bulk_create(
        Target(application=application, public=_text(public, 40), expected=expected)
        for public, expected in counts.items()
        if isinstance(expected, int) and not isinstance(expected, bool) and 0 < expected < 2**31
    )


def _territories(application: Application, value: Any) -> None:
    """Territories in the order they were given; the main région is that of the first, or that of the seat."""
    pairs = [v.split(":", 1) for v in value if isinstance(v, str) and ":" in v] if isinstance(value, list) else []
    wanted = Q(pk=None)
    for level, code in pairs:
        wanted |= Q(level=level, code=code)
    found = {(t.level, t.code): t for t in Territory.objects.filter(wanted)} if pairs else {}
    kept = [found[level, code] for level, code in pairs if (level, code) in found]
    regions = _regions_of(kept)
    application.territories.set(kept)
    application.regions.set(regions)
    application.region_id = _main_region(application, kept)


def _regions_of(territories: list[Territory]) -> set[int]:
    """The régions that these territories touch; a drawn basin touches those of its communes."""
    found = {t.pk if t.level == Level.REGION else t.region_id for t in territories}
    basins = [t.pk for t in territories if t.level == Level.BASIN]
    if basins:
        found |= set(Territory.objects.filter(basins__in=basins).values_list("region_id", flat=True))
    return {pk for pk in found if pk}


def _main_region(application: Application, kept: list[Territory]) -> int | None:
    seat = application.holder.commune
    at_seat = seat.region_id if seat else None
    first = _regions_of(kept[:1])
    if not first or at_seat in first:
        return at_seat
    return min(first)


def _budget(application: Application, value: Any) -> None:
    """Lines that can be counted become rows; the answer keeps the others as they were typed."""
    rows = [
        BudgetLine(
            application=application,
            rubric=line["rubric"],
            label=_text(line.get("label"), 200) or str(RUBRICS[line["rubric"]]),
            amount_cents=line["amount_cents"],
            status=line.get("status") or "",
            requested=bool(line.get("requested")),
            position=position,
        )
        for position, line in enumerate(value or [])
        if countable(line)
    ]
    application.budget_lines.all().delete()
    BudgetLine.objects.bulk_create(rows)
    sums = totals(Line(r.rubric, r.label, r.amount_cents, r.status, r.requested) for r in rows)
    application.requested_cents = sums.requested if any(r.requested for r in rows) else None
    application.total_cents = sums.expenses if rows else None


def countable(line: dict[str, Any]) -> bool:
    """Whether a line has a known rubric and an amount."""
    amount = line.get("amount_cents")
    return line.get("rubric") in RUBRICS and isinstance(amount, int) and amount >= 0


def _partners(application: Application, value: Any) -> None:
    application.partners.all().delete()
    Partner.objects.bulk_create(
        Partner(
            application=application,
            name=_text(row.get("name"), 200),
            siret="" if row.get("error") else row.get("siret", ""),
            contribution=_text(row.get("contribution"), 200),
        )
        for row in value or []
        if _text(row.get("name"), 200)
    )


COPIES = {
    "title": _title,
    "summary": _summary,
    "kind": _kind,
    "domain": _domain,
    "window": _window,
    "themes": _themes,
    "publics": _publics,
    "territories": _territories,
    "budget": _budget,
    "partners": _partners,
}
COLUMNS = {
    "title": ("title",),
    "summary": ("summary",),
    "kind": ("kind",),
    "domain": ("domain",),
    "window": ("window",),
    "territories": ("region",),
    "budget": ("requested_cents", "total_cents"),
}
