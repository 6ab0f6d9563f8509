"""The journal: every action leaves one line, inside its own transaction."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from terreau.core.models import Entry


def subject_type(subject: Model | type[Model]) -> str:
    return subject._meta.label_lower


def label(by: Any) -> str:
    """How the author is named for good: a line cannot be corrected, so an e-mail address never enters it."""
    if by is None:
        return "terreau"
    name = by.get_full_name() if hasattr(by, "get_full_name") else str(by)
    return (name or f"n° {by.pk}")[:200]


def record(subject: Model, verb: str, *, by: Any, **details: Any) -> Entry:
    """Write who did what to `subject`. `by` is a user, or None for the machine. Details must be JSON."""
    return Entry.objects.create(
        actor_id=by.pk if by else None,
        actor_label=label(by),
        subject_type=subject_type(subject),
        subject_id=str(subject.pk),
        verb=verb,
        details=details,
    )


def record_all(subjects: Iterable[Model], verb: str, *, by: Any, **details: Any) -> None:
    """The same line on each of many subjects, in as few statements as the database allows."""
    Entry.objects.bulk_create(
        (
            Entry(
                actor_id=by.pk if by else None,
                actor_label=label(by),
                subject_type=subject_type(subject),
                subject_id=str(subject.pk),
                verb=verb,
                details=details,
            )
            for subject in subjects
        ),
        batch_size=500,
    )


def history(subject: Model) -> QuerySet[Entry]:
    """Every line about one object, newest first."""
    return Entry.objects.filter(subject_type=subject_type(subject), subject_id=str(subject.pk))
