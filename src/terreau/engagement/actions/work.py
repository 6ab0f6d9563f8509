"""The log of hours of a commitment: a line a day, by whoever acts for the firm, until the structure attests."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core import journal
from terreau.core.moves import Refused, WrongMoment
from terreau.engagement.lifecycle import LOGGED
from terreau.engagement.models import Commitment, Work

A_DAY = 24 * 60


@transaction.atomic
def log(
    commitment: Commitment, on: date, minutes: int, *, on_working_time: bool = True, note: str = "", by: Any
) -> Work:
    """Note time given on one day. Refused, in words, for no time, a day to come, or more than a day holds."""
    held = _hold(commitment)
    if minutes <= 0:
        raise Refused(_("Le temps donné est d’au moins une minute."))
    if on > timezone.localdate():
        raise Refused(_("Le temps se note une fois donné : ce jour est à venir."))
    noted = held.log.filter(on=on, logged_by=by).aggregate(sum=Sum("minutes"))["sum"] or 0
    if noted + minutes > A_DAY:
        raise Refused(_("Un jour n’a que 24 heures : vous en avez déjà noté %(hours)s.") % {"hours": f"{noted / 60:g}"})
    line = held.log.create(
        on=on, minutes=minutes, on_working_time=on_working_time, note=note.strip()[:200], logged_by=by
    )
    journal.record(held, "log_work", by=by, on=on.isoformat(), minutes=minutes)
    return line


@transaction.atomic
def strike(line: Work, *, by: Any) -> None:
    """Take a line out of the log; the journal keeps what it said."""
    held = _hold(line.commitment)
    journal.record(held, "strike_work", by=by, on=line.on.isoformat(), minutes=line.minutes)
    line.delete()


def _hold(commitment: Commitment) -> Commitment:
    held = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if held.state not in LOGGED:
        raise WrongMoment("log", held.state)
    return held
