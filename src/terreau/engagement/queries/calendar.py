"""Agendas and invitations in iCalendar (RFC 5545): a title, a place and a time, nothing about any person."""

from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from terreau.accounts.models import Organisation
from terreau.engagement.lifecycle import CommitmentState
from terreau.engagement.models import Commitment
from terreau.engagement.queries.commitments import of_company
from terreau.engagement.rulebook.commitments import BY_DAY

IN_FEED = (CommitmentState.PLANNED, CommitmentState.DONE, CommitmentState.ACKNOWLEDGED)
UNSAID_LENGTH = timedelta(hours=1)


def feed(company: Organisation) -> str:
    """The firm's whole agenda, for a calendar program that comes back now and then."""
    found = of_company(company).filter(state__in=IN_FEED, starts_at__isnull=False)
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", company.name)
    for commitment in found.order_by("starts_at", "pk"):
        calendar.add_component(_event(commitment))
    return str(calendar.to_ical().decode())


def invitation(commitment: Commitment, *, to: str, is_cancelled: bool = False) -> str:
    """One meeting, sent to one address: the same UID each time, a higher SEQUENCE when it moves."""
    from icalendar import vCalAddress  # noqa: PLC0415 - only where a calendar is written

    calendar = _calendar("CANCEL" if is_cancelled else "REQUEST")
    event = _event(commitment)
    event.add("organizer", vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL.rsplit('<')[-1].rstrip('>')}"))
    event.add("attendee", vCalAddress(f"mailto:{to}"), parameters={"RSVP": "TRUE", "PARTSTAT": "NEEDS-ACTION"})
    event["STATUS"] = "CANCELLED" if is_cancelled else "CONFIRMED"
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _calendar(method: str) -> Any:
    from icalendar import Calendar  # noqa: PLC0415 - only where a calendar is written

    calendar = Calendar()
    calendar.add("prodid", "-//Terreau//Engagements//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(commitment: Commitment) -> Any:
    from icalendar import Event  # noqa: PLC0415 - only where a calendar is written

    event = Event()
    event.add("uid", f"engagement-{commitment.pk}@{urlsplit(settings.SITE_URL).hostname or 'terreau'}")
    event.add("dtstamp", commitment.updated_at)
    event.add("sequence", commitment.sequence)
    event.add("summary", commitment.title)
    event.add("location", commitment.place)
    for name, value in zip(("dtstart", "dtend"), _bounds(commitment), strict=True):
        event.add(name, value)
    return event


def _bounds(commitment: Commitment) -> tuple[Any, Any]:
    """Start and end: whole days (the end excluded) for what lasts days, else moments in UTC."""
    start = commitment.starts_at or timezone.now()
    if commitment.form in BY_DAY:
        return timezone.localdate(start), timezone.localdate(commitment.ends_at or start) + timedelta(1)
    return start.astimezone(UTC), (commitment.ends_at or start + UNSAID_LENGTH).astimezone(UTC)
