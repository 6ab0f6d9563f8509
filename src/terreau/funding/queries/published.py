"""The grants that are public: signed agreements of announced selections, as one value each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.funding.lifecycle import InstalmentState
from terreau.funding.models import Agreement
from terreau.funding.rulebook.grants import AT_ONCE, BY_INSTALMENTS, Party, Place, PublishedGrant, Publisher
from terreau.projects.lifecycle import State
from terreau.territories.models import Level

CHUNK = 500  # rows read at once


def agreements(edition: int | None = None) -> QuerySet[Agreement]:
    """Signed, whatever came after; of an application that was selected and announced."""
    found = Agreement.objects.filter(
        signed_on__isnull=False, application__state=State.SELECTED, application__announced_at__isnull=False
    )
    return found.filter(application__call__edition=edition) if edition else found


def grants(edition: int | None = None) -> Iterator[PublishedGrant]:
    """In two queries whatever their number; only the places are held in memory."""
    alive = ~Q(instalments__state=InstalmentState.CANCELLED)
    when = Coalesce("instalments__paid_on", "instalments__due_on")
    rows = (
        agreements(edition)
        .annotate(
            payments=Count("instalments", filter=alive),
            first=Min(when, filter=alive),
            last=Max(when, filter=alive),
        )
        .select_related("holder", "application__call__funder")
        .order_by("pk")
    )
    places = _places(edition)
    for row in rows.iterator(chunk_size=CHUNK):
        yield _grant(row, places.get(row.pk, ()))


def _places(edition: int | None) -> dict[int, tuple[Place, ...]]:
    """The places of each agreement. A commune is named by its Insee code; a wider place by its own."""
    found: dict[int, tuple[Place, ...]] = {}
    rows = agreements(edition).filter(territories__isnull=False)
    columns = ("pk", "territories__level", "territories__code", "territories__name")
    for pk, level, code, name in rows.order_by("pk", "territories__pk").values_list(*columns):
        place = Place(name, code if level == Level.COMMUNE else f"{level}:{code}")
        found[pk] = (*found.get(pk, ()), place)
    return found


def _grant(row: Agreement, places: tuple[Place, ...]) -> PublishedGrant:
    call, application, holder = row.application.call, row.application, row.holder
    several = row.payments > 1  # type: ignore[attr-defined]
    first, last = row.first or row.starts_on, row.last or row.ends_on  # type: ignore[attr-defined]
    announced: date | None = timezone.localdate(application.announced_at) if application.announced_at else None
    return PublishedGrant(
        funder=Party(call.funder.name, call.funder.siret or "", call.funder.rna or ""),
        beneficiary=Party(holder.name, holder.siret or "", holder.rna or ""),
        purpose=row.purpose,
        cents=row.granted_cents,
        signed_on=row.signed_on or row.starts_on,
        awarded_on=announced,
        reference=row.number or application.reference,
        title=application.title,
        payment=BY_INSTALMENTS if several else AT_ONCE,
        starts_on=first,
        ends_on=last if last != first else None,
        notified=row.aid_regime in {Agreement.AidRegime.DE_MINIMIS, Agreement.AidRegime.SGEI},
        programme=call.title,
        project=(row.starts_on, row.ends_on),
        places=places,
    )


@dataclass(frozen=True)
class Edition:
    """What is published of one year."""

    year: int
    number: int
    cents: int
    last_signed: date


def editions() -> list[Edition]:
    """The years that have published grants, newest first."""
    rows = (
        agreements()
        .values(year=F("application__call__edition"))
        .annotate(number=Count("pk"), cents=Sum("granted_cents"), last_signed=Max("signed_on"))
        .order_by("-year")
    )
    return [Edition(**row) for row in rows]


def publisher() -> Publisher:
    """Who publishes today, as the instance's settings say."""
    return Publisher(
        name=settings.PUBLISHER or settings.SITE_NAME,
        url=settings.SITE_URL,
        prefix=settings.GIVING_PREFIX,
        issued=timezone.localdate(),
        description=_("Données de démonstration : structures et montants fictifs.") if settings.DEMO else "",
    )
