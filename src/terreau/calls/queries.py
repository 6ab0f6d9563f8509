"""Reads: the calls somebody may see, and what differs between versions."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from terreau.accounts.models import LegalForm, User
from terreau.calls import rulebook
from terreau.calls.lifecycle import State
from terreau.calls.models import Call, Version
from terreau.calls.rules import WRITERS

LEGAL_FORMS: dict[str, Any] = dict(LegalForm.choices)


def open_calls() -> QuerySet[Call]:
    """The calls that the public sees as open, each with its windows."""
    return (
        Call.objects.filter(state=State.OPEN, versions__published_at__lte=timezone.now())
        .select_related("funder")
        .prefetch_related("windows")
        .distinct()
    )


def public_calls() -> QuerySet[Call]:
    """Every call that was opened once: open, closed or archived."""
    return Call.objects.exclude(state=State.DRAFT).select_related("funder").prefetch_related("windows")


def for_office(user: User) -> QuerySet[Call]:
    """The calls that somebody prepares: those of the funders they work for."""
    funders = {m.organisation_id for m in user.active_memberships if m.role in WRITERS}
    return Call.objects.filter(funder__in=funders).select_related("funder")


def office_list(user: User) -> QuerySet[Call]:
    """The calls of an officer with how far each one is, in one query and one for the windows."""
    published = Q(versions__published_at__isnull=False)
    return (
        for_office(user)
        .prefetch_related("windows")
        .annotate(
            published_count=Count("versions", filter=published, distinct=True),
            draft_count=Count("versions", filter=~published, distinct=True),
        )
    )


def preparation(call: Call) -> Version | None:
    """The version being written, if any."""
    return call.versions.filter(published_at=None).first()


def rules_to_edit(call: Call) -> rulebook.Rulebook:
    """What the office edits: the version in preparation, else a copy of the one in force."""
    version = preparation(call) or call.current
    return version.rulebook if version else rulebook.Rulebook()


def history(call: Call) -> QuerySet[Version]:
    """The published versions, newest first."""
    return call.versions.filter(published_at__isnull=False).select_related("published_by").order_by("-number")


def changes(old: Version | None, new: Version | None) -> list[rulebook.Change]:
    """What the new version adds, removes and changes, in words."""
    before = old.rulebook if old else rulebook.Rulebook()
    after = new.rulebook if new else rulebook.Rulebook()
    return rulebook.compare(before, after, LEGAL_FORMS)


def pending_changes(call: Call) -> list[rulebook.Change]:
    """What publishing the version in preparation would change."""
    version = preparation(call)
    return changes(call.current, version) if version else []


def changes_since(version: Version | None) -> list[rulebook.Change]:
    """What changed in a call since the version that a file was written under: shown to those with a draft."""
    if version is None or (current := version.call.current) is None or current.number <= version.number:
        return []
    return changes(version, current)


def eligibility(rules: rulebook.Rulebook, facts: rulebook.Facts | Mapping[str, Any]) -> list[rulebook.Reason]:
    """The reasons for or against a structure, with the admitted legal forms named."""
    return rulebook.eligibility_reasons(rules.eligibility, facts, LEGAL_FORMS)
