"""What takes seconds is computed in the background, once a scenario, and kept.

A worker claims the row (queued → running), tells how far it is, and writes the answer. A row that has not moved for
long was left by a worker that died: whoever asks again puts it back in the queue.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from terreau.core import journal
from terreau.selection import queries
from terreau.selection.lifecycle import ANALYSIS_MOVES, UNDER_WAY, AnalysisKind
from terreau.selection.models import Analysis, Scenario

PATIENCE = timedelta(minutes=10)  # between two steps: the first ever compiles the loops, a minute or two


def ask_analysis(scenario: Scenario, kind: AnalysisKind, *, by: Any) -> Analysis:
    """The analysis of a scenario, put in the queue where it is not there. What is there already costs one read."""
    found = queries.analysis(scenario, kind)
    if found is None or (found.state in UNDER_WAY and found.touched_at < timezone.now() - PATIENCE):
        return restart_analysis(scenario, kind, by=by)
    return found


@transaction.atomic
def restart_analysis(scenario: Scenario, kind: AnalysisKind, *, by: Any) -> Analysis:
    """Put an analysis in the queue: for the first time, after a failure, or when its worker died."""
    found, created = Analysis.objects.get_or_create(scenario=scenario, kind=kind)
    if created or move(found.pk, "retry", done=0, total=0):
        transaction.on_commit(partial(analyse.enqueue, found.pk))
        journal.record(scenario, "ask_analysis", by=by, kind=kind.value)
    return found


def move(pk: int, verb: str, **changes: Any) -> bool:
    """The only place that changes a state. False when somebody else was faster, or the table has no such move."""
    before, then = ANALYSIS_MOVES[verb]
    rows = Analysis.objects.filter(pk=pk, state__in=before)
    return bool(rows.update(state=then, touched_at=timezone.now(), **changes))


@task()
def analyse(pk: int) -> None:
    """Compute one analysis. Whoever loses the claim does nothing."""
    if not move(pk, "start"):
        return
    found = Analysis.objects.select_related("scenario__input", "scenario__window").get(pk=pk)
    try:
        content = COMPUTED[AnalysisKind(found.kind)](found.scenario, partial(_advance, pk))
    except Exception:
        move(pk, "fail")
        raise
    move(pk, "finish", content=content)


def _advance(pk: int, done: int, total: int) -> None:
    move(pk, "advance", done=done, total=total)


def _redraws(scenario: Scenario, tell: queries.Told) -> Any:
    found = queries.robustness(scenario, tell)
    return asdict(found) if found else None


def _jurors(scenario: Scenario, tell: queries.Told) -> Any:
    return [asdict(one) for one in queries.juror_influence(scenario, tell)]


COMPUTED: Mapping[AnalysisKind, Callable[[Scenario, queries.Told], Any]] = {
    AnalysisKind.REDRAWS: _redraws,
    AnalysisKind.JURORS: _jurors,
}
