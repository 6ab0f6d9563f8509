"""Many files at once, as an import brings them: already filed elsewhere, so in the state they had there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from terreau.accounts.models import User
from terreau.calls.models import Call
from terreau.core import journal
from terreau.projects.actions.draft import next_references
from terreau.projects.lifecycle import DECIDED, State
from terreau.projects.models import Answer, Application, BudgetLine, Partner, Target, Theme
from terreau.projects.queries import rules_in_force
from terreau.territories.models import Level, Territory

BATCH = 500


@dataclass(frozen=True)
class Incoming:
    """One file. `columns` are fields of `Application`; `territories` are numbers of places; amounts are cents."""

    external_id: str
    holder_id: int
    columns: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    publics: dict[str, int] = field(default_factory=dict)
    territories: tuple[int, ...] = ()
    budget: tuple[dict[str, Any], ...] = ()
    partners: tuple[dict[str, str], ...] = ()


@transaction.atomic
def take_in(call: Call, files: Sequence[Incoming], *, by: User | None, source: str) -> list[Application]:
    """Write many files of one call. The caller has checked them, and left out those that are here already.

    A decision that comes from elsewhere was announced there: it is not secret. No e-mail leaves.
    """
    version = rules_in_force(call.pk)
    places = _places(files)
    made = Application.objects.bulk_create(
        (
            _application(call, version.pk if version else None, one, reference, places)
            for one, reference in zip(files, next_references(call.edition, len(files)), strict=True)
        ),
        batch_size=BATCH,
    )
    pairs = list(zip(made, files, strict=True))
    _write_rows(pairs)
    _write_places(pairs, places)
    journal.record_all(made, "imported", by=by, source=source)
    return made


def _application(
    call: Call, version: int | None, one: Incoming, reference: str, places: dict[int, Territory]
) -> Application:
    state = one.columns.get("state", State.SUBMITTED)
    when: datetime | None = one.columns.get("submitted_at")
    first = min((r for pk in one.territories[:1] for r in _regions(places[pk])), default=None)
    columns = {"region_id": first, **{k: v for k, v in one.columns.items() if v not in (None, "")}}
    return Application(
        call=call,
        version_id=version,
        reference=reference,
        external_id=one.external_id,
        holder_id=one.holder_id,
        announced_at=(when or timezone.now()) if state in DECIDED else None,
        **columns,
    )


def _write_rows(pairs: list[tuple[Application, Incoming]]) -> None:
    """Answers, themes, publics, budget lines and partners: one statement a batch of rows."""
    answers = (Answer(application=a, key=k, value=v) for a, one in pairs for k, v in one.answers.items())
    Answer.objects.bulk_create(answers, batch_size=BATCH)
    Theme.objects.bulk_create((Theme(application=a, key=k) for a, one in pairs for k in one.themes), batch_size=BATCH)
    targets = (Target(application=a, public=k, expected=n) for a, one in pairs for k, n in one.publics.items() if n)
    Target.objects.bulk_create(targets, batch_size=BATCH)
    lines = (
        BudgetLine(application=a, position=rank, **line) for a, one in pairs for rank, line in enumerate(one.budget)
    )
    BudgetLine.objects.bulk_create(lines, batch_size=BATCH)
    partners = (Partner(application=a, **row) for a, one in pairs for row in one.partners)
    Partner.objects.bulk_create(partners, batch_size=BATCH)


def _places(files: Sequence[Incoming]) -> dict[int, Territory]:
    wanted = {pk for one in files for pk in one.territories}
    found = Territory.objects.filter(pk__in=wanted).prefetch_related("parts")
    return {place.pk: place for place in found}


def _regions(place: Territory) -> set[int]:
    """The régions of a place; a drawn basin touches those of its communes."""
    if place.level == Level.BASIN:
        return {part.region_id for part in place.parts.all() if part.region_id}
    region = place.pk if place.level == Level.REGION else place.region_id
    return {region} if region else set()


def _write_places(pairs: list[tuple[Application, Incoming]], places: dict[int, Territory]) -> None:
    """The territories of each file, and the régions they touch."""
    through, regions = Application.territories.through, Application.regions.through
    through.objects.bulk_create(
        (through(application_id=a.pk, territory_id=pk) for a, one in pairs for pk in dict.fromkeys(one.territories)),
        batch_size=BATCH,
    )
    touched = {a.pk: {r for pk in one.territories for r in _regions(places[pk])} for a, one in pairs}
    for a, _one in pairs:
        touched[a.pk] |= {a.region_id} if a.region_id else set()
    regions.objects.bulk_create(
        (regions(application_id=pk, territory_id=region) for pk, found in touched.items() for region in sorted(found)),
        batch_size=BATCH,
    )
