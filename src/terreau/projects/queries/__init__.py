"""Reads on applications."""

from terreau.projects.queries.scope import for_office

__all__ = ["for_office"]
