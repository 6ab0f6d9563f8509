"""What exists for a person in the committees: the windows of their funder, less the files they left the room for."""

from django.shortcuts import get_object_or_404

from terreau.selection import queries


def window_or_404(request, pk):
    return get_object_or_404(queries.committee_windows(request.user), pk=pk)


def file_or_404(request, window, pk):
    files = queries.candidates(window).exclude(pk__in=queries.recused_files(request.user, window))
    return get_object_or_404(files.select_related("holder", "region", "window", "call__funder", "version"), pk=pk)


def visible(request, window):
    """The ranking without the files that this person does not see, and how many those are."""
    rows, hidden = queries.ranking(window), queries.recused_files(request.user, window)
    return rows, [row for row in rows if row.application_id not in hidden], len(hidden)
