"""Close a year of the barometer: hide what must be, publish the rest for good."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.core.moves import Refused
from terreau.engagement.models import BarometerEdition
from terreau.engagement.queries import barometer


@transaction.atomic
def close_edition(year: int, *, by: Any) -> BarometerEdition:
    """Publish the figures of a calendar year that is over, once. Refused: a year not over, or published already.

    Gifts corrected later do not change an edition. Of two hands at once, the second is refused.
    """
    if year >= timezone.localdate().year:
        raise Refused(_("L’année %(year)s n’est pas finie : seule une année close se publie.") % {"year": year})
    twice = Refused(_("L’édition %(year)s est déjà publiée : elle ne change plus.") % {"year": year})
    if BarometerEdition.objects.filter(year=year).exists():
        raise twice
    content = barometer.content(year)
    if content is None:
        raise Refused(_("Aucun don confirmé en %(year)s : rien à publier.") % {"year": year})
    edition, is_new = BarometerEdition.objects.get_or_create(year=year, defaults={"content": content, "closed_by": by})
    if not is_new:
        raise twice
    hidden = sum(cell["hidden"] for cell in content["cells"])
    journal.record(edition, "close", by=by, hidden=hidden, cells=len(content["cells"]))
    return edition
