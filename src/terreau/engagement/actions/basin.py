"""What the regional teams know of their basin: notes on organisations, and who knows whom."""

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation, User
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.engagement.models import Acquaintance, Note
from terreau.territories.models import Territory


@transaction.atomic
def add_note(organisation: Organisation, region: Territory, text: str, *, by: User) -> Note:
    """The journal says that a note was written, not what it says."""
    if not text.strip():
        raise Refused(_("Écrivez votre note."))
    note = Note.objects.create(organisation=organisation, region=region, author=by, text=text.strip())
    journal.record(organisation, "note_added", by=by, note=note.pk)
    return note


@transaction.atomic
def add_acquaintance(one: Organisation, other: Organisation, *, how: str = "", by: User) -> Acquaintance:
    """Two organisations know each other; said twice, the last words stay."""
    if one.pk == other.pk:
        raise Refused(_("Une organisation se connaît déjà elle-même : choisissez-en une autre."))
    first, second = sorted((one, other), key=lambda organisation: organisation.pk)
    told = {"how": how.strip(), "said_by": by}
    made, _new = Acquaintance.objects.update_or_create(first=first, second=second, defaults=told)
    journal.record(one, "acquaintance_added", by=by, other=other.pk)
    return made
