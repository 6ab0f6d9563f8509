"""What other funders gave in a territory, as far as they published it."""

from django.db.models import QuerySet

from terreau.funding.models import ForeignGrant
from terreau.territories.models import Territory
from terreau.territories.queries import communes_of


def others_in(place: Territory) -> QuerySet[ForeignGrant]:
    """Grants of other funders in the communes of a place, the newest first."""
    return ForeignGrant.objects.filter(territory__in=communes_of(place).values("pk"))
