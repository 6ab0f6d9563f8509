"""Reads of a file, as nouns."""

from terreau.projects.queries.checks import Missing, checks, documents_wanted, missing, step_of
from terreau.projects.queries.content import (
    answers,
    budget_lines,
    canonical,
    content,
    digest,
    in_words,
    loaded,
    papers,
    rules_by_call,
    rules_in_force,
    rules_of,
    with_content,
)
from terreau.projects.queries.history import Event, history
from terreau.projects.queries.holder import colleagues, for_holder, holder_memberships, present, unmerged, writers
from terreau.projects.queries.scope import for_office

__all__ = [
    "Event",
    "Missing",
    "answers",
    "budget_lines",
    "canonical",
    "checks",
    "colleagues",
    "content",
    "digest",
    "documents_wanted",
    "for_holder",
    "for_office",
    "history",
    "holder_memberships",
    "in_words",
    "loaded",
    "missing",
    "papers",
    "present",
    "rules_by_call",
    "rules_in_force",
    "rules_of",
    "step_of",
    "unmerged",
    "with_content",
    "writers",
]
