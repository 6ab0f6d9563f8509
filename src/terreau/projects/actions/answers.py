"""Writing one answer: versions, joining, and what is kept aside. Every writer of a file passes here, in its lock."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from terreau.accounts.models import User
from terreau.core import journal
from terreau.core.moves import WrongMoment
from terreau.projects import lifecycle
from terreau.projects.actions import merging
from terreau.projects.models import Answer, Application, Revision

SITTING = timedelta(minutes=10)  # one line in the journal, one revision kept, for a person writing without a break
THIN_EVERY = 20
type Changes = dict[str, tuple[Any, int | None]]


@dataclass(frozen=True)
class Saved:
    """What became of a change: `saved`, `merged` with somebody else's, or `conflict` (kept aside, in `revision`).

    `version` is that of the answer now; `base` is the one that holds what this author typed, to go on writing from.
    """

    key: str
    version: int
    status: str
    value: Any
    other: Any = None
    revision: int | None = None
    base: int = 0


def lock(application: Application) -> Application:
    """The file, fresh and held until the transaction ends; two writers of one file follow each other."""
    return Application.objects.select_for_update().get(pk=application.pk)


def write(
    application: Application,
    changes: Changes,
    *,
    by: Any,
    then: Callable[[Application, dict[str, Any]], None],
    writer: str = "",
    within: Collection[str] = lifecycle.WRITABLE,
) -> list[Saved]:
    """Write several answers of one file in one short transaction; `then` keeps columns in step with what changed.

    `within` are the states of the file that let it be written: a later step of the path, which keeps its own texts
    under keys with a slash, gives its own.

    The base version of a change is the one that its author had read; None writes over whatever is there (machines).
    `writer` names one open page: when its own last text was saved and the answer lost on the way, it goes on from it.
    Revisions are the journal of answers: the journal itself gets one line a sitting, not one a keystroke.
    """
    with transaction.atomic():
        held = lock(application)
        if held.state not in within:
            raise WrongMoment("write", held.state)
        current = {a.key: a for a in Answer.objects.filter(application=held, key__in=changes)}
        before = {key: answer.value for key, answer in current.items()}
        saved = [
            _write(_Change(held, key, _plain(v), base, by, writer), current.get(key))
            for key, (v, base) in changes.items()
        ]
        written = {s.key: s.value for s in saved if s.status != "conflict" and s.value != before.get(s.key)}
        if written:
            _note(held, by, sorted(written))
            then(held, written)
        application.__dict__.update({f.attname: getattr(held, f.attname) for f in held._meta.concrete_fields})
    return saved


def _plain(value: Any) -> Any:
    """What every database can keep: no NUL, no lone surrogate."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return {_plain(k): _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def _note(application: Application, by: Any, keys: list[str]) -> None:
    if timezone.now() - application.updated_at > SITTING:
        journal.record(application, "edit", by=by, answers=keys)


@dataclass(frozen=True)
class _Change:
    application: Application
    key: str
    value: Any
    base: int | None
    by: Any
    writer: str


def _write(change: _Change, answer: Answer | None) -> Saved:
    if answer is None:
        answer = Answer(application=change.application, key=change.key, version=0)
        return _put(answer, change)
    value, now = change.value, answer.version
    if value == answer.value:
        return Saved(change.key, now, "saved", value, base=now)
    if change.base is None or change.base >= now or _own(answer, change.writer):
        return _put(answer, change)
    joined = merging.merge(_ancestor(answer, change.base), value, answer.value)
    if joined is merging.MISSING:
        aside = Revision.objects.create(
            answer=answer, value=value, by=change.by, version=change.base, writer=change.writer, unmerged=True
        )
        return Saved(change.key, now, "conflict", answer.value, value, aside.pk, change.base)
    return _join(answer, change, joined)


def _put(answer: Answer, change: _Change) -> Saved:
    answer.value, answer.version, answer.updated_by = change.value, answer.version + 1, change.by
    answer.save()
    Revision.objects.create(
        answer=answer, value=change.value, by=change.by, version=answer.version, writer=change.writer
    )
    if answer.version % THIN_EVERY == 0:
        _thin(answer)
    return Saved(change.key, answer.version, "saved", change.value, base=answer.version)


def _join(answer: Answer, change: _Change, joined: Any) -> Saved:
    """Two versions more: what this author typed, from which they go on; then both texts as one."""
    typed = answer.version + 1
    Revision.objects.create(answer=answer, value=change.value, by=change.by, version=typed)
    answer.value, answer.version, answer.updated_by = joined, typed + 1, change.by
    answer.save()
    Revision.objects.create(answer=answer, value=joined, by=change.by, version=answer.version)
    return Saved(change.key, answer.version, "merged", joined, base=typed)


def _own(answer: Answer, writer: str) -> bool:
    """Whether the current text was typed in this very page."""
    last = answer.revisions.filter(unmerged=False, version=answer.version)
    return bool(writer) and last.filter(writer=writer).exists()


def _ancestor(answer: Answer, base: int) -> Any:
    """The text that both writers started from, or an older one of which both are made."""
    kept = answer.revisions.filter(unmerged=False, version__lte=base).order_by("-version")
    return kept.values_list("value", flat=True).first()


def _thin(answer: Answer) -> None:
    """Of what one person wrote without a break, keep the last; the last minutes stay whole, for joining."""
    old = answer.revisions.filter(unmerged=False, at__lt=timezone.now() - SITTING).order_by("version")
    rows = list(old.values_list("pk", "by_id", "at"))
    crowded = [
        one[0] for one, following in pairwise(rows) if one[1] == following[1] and following[2] - one[2] < SITTING
    ]
    answer.revisions.filter(pk__in=crowded).delete()


@transaction.atomic
def save_aside(revision: Revision, value: Any, *, by: User) -> None:
    """Keep up with the author of a text kept aside, who goes on writing it."""
    Revision.objects.filter(pk=revision.pk, by=by, unmerged=True).update(value=_plain(value), at=timezone.now())
