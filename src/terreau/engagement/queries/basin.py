"""The organisations of a basin, as its delegate sees them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from terreau.accounts.models import Organisation
from terreau.engagement.lifecycle import CommitmentState
from terreau.engagement.models import Acquaintance, Commitment, CompanyProfile
from terreau.projects.queries.listing import fold
from terreau.territories.models import Level, Territory
from terreau.territories.queries import communes_of


@dataclass(frozen=True)
class Wanted:
    """What narrows the list; empty narrows nothing."""

    territory: Territory | None = None
    kind: str = ""
    offer: str = ""
    theme: str = ""
    text: str = ""


def organisations(regions: Collection[int]) -> QuerySet[Organisation]:
    """Everybody whose seat is in these régions, funders left out."""
    here = Organisation.objects.filter(commune__region__in=regions).exclude(kind=Organisation.Kind.FUNDER)
    return here.select_related("commune__region").order_by("name", "pk")


def narrowed(here: QuerySet[Organisation], wanted: Wanted) -> QuerySet[Organisation]:
    if wanted.territory:
        here = here.filter(commune__in=communes_of(wanted.territory).values("pk"))
    if wanted.kind:
        here = here.filter(kind=wanted.kind)
    if wanted.offer or wanted.theme:
        here = here.filter(pk__in=_saying(here, wanted))
    words = fold(wanted.text).split()
    if words:
        names = here.order_by().values_list("pk", "name", "commune__name", "siret")
        here = here.filter(
            pk__in=[pk for pk, *said in names if all(word in fold(" ".join(map(str, said))) for word in words)]
        )
    return here


def _saying(here: QuerySet[Organisation], wanted: Wanted) -> list[int]:
    """Those whose profile has the form and the theme: lists in JSON are compared in memory, on any database."""
    rows = CompanyProfile.objects.filter(organisation__in=here.order_by().values("pk"))
    return [
        pk
        for pk, offers, themes in rows.values_list("organisation_id", "offers", "themes")
        if (not wanted.offer or wanted.offer in offers) and (not wanted.theme or wanted.theme in themes)
    ]


def counted(here: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """With what each does here: files, commitments, people who act for it, notes."""
    live = ~Q(commitments__state=CommitmentState.WITHDRAWN)
    return here.select_related("company_profile").annotate(
        commitment_count=Count("commitments", filter=live, distinct=True),
        people_count=Count("memberships", filter=Q(memberships__left_at=None), distinct=True),
        note_count=Count("delegate_notes", distinct=True),
    )


def commune_codes(regions: Collection[int], territory: Territory | None) -> list[str]:
    """The communes of these régions, and of this territory where one is given."""
    communes = communes_of(territory) if territory else Territory.objects.filter(level=Level.COMMUNE, current=True)
    return list(communes.filter(region__in=regions).values_list("code", flat=True))


def accounts(here: QuerySet[Organisation], sirets: Collection[str], rnas: Collection[str]) -> dict[str, Organisation]:
    """SIREN or RNA number → which of these organisations it is; of two, the one whose SIRET was given."""
    units = {siret[:9] for siret in sirets if siret}
    found = here.alias(unit=Substr("siret", 1, 9)).filter(Q(unit__in=units) | Q(rna__in={rna for rna in rnas if rna}))
    ordered = sorted(found, key=lambda one: one.siret in sirets)
    return {number: one for one in ordered for number in (one.siren, one.rna) if number}


def acquaintances(organisation: Organisation) -> list[tuple[Organisation, Acquaintance]]:
    """Who it knows, by name."""
    rows = Acquaintance.objects.filter(Q(first=organisation) | Q(second=organisation))
    found = [
        (row.second if row.first_id == organisation.pk else row.first, row)
        for row in rows.select_related("first__commune", "second__commune", "said_by")
    ]
    return sorted(found, key=lambda pair: fold(pair[0].name))


def commitments_of(organisation: Organisation) -> QuerySet[Commitment]:
    """What it committed to, or what firms committed to for its projects."""
    both = Q(company=organisation) | Q(application__holder=organisation)
    return Commitment.objects.filter(both).select_related("company", "application__holder")
