"""The committee's papers: each copy that leaves the office is told in the journal."""

from typing import Any

from django.db import transaction

from terreau.core import journal
from terreau.selection.models import Committee


@transaction.atomic
def record_pack(committee: Committee, *, files: int, hidden: int, by: Any) -> None:
    """Say that someone took the pack, how many files were in it and how many they do not see.

    Where nobody has proposed anything yet there is no committee: the line is the window's.
    """
    subject = committee if committee.pk else committee.window
    journal.record(subject, "record_pack", by=by, files=files, hidden=hidden)
