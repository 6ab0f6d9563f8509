"""Writes: a call is created, its rules are prepared, frozen by publishing, and it opens and closes."""

from datetime import tzinfo

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation, User
from terreau.calls import lifecycle, queries, rulebook
from terreau.calls.models import Call, Version
from terreau.core import journal
from terreau.core.moves import WrongMoment


class NotCoherent(Exception):  # noqa: N818 - named after what was found
    """The rules cannot be published: `problems` says why."""

    def __init__(self, problems: list[rulebook.Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class WindowInUse(Exception):  # noqa: N818 - as NotCoherent
    """Applications are attached to a window that the new version would remove."""

    def __init__(self, label: str) -> None:
        super().__init__(_("Des dossiers sont rattachés à la période « %s » : elle ne peut pas disparaître.") % label)


class NotPublished(Exception):  # noqa: N818 - as NotCoherent
    """A call opens on published rules only."""


@transaction.atomic
def create_call(
    *,
    funder: Organisation,
    title: str,
    slug: str,
    edition: int,
    summary: str = "",
    rules: rulebook.Rulebook | None = None,
    by: User | None,
) -> Call:
    """A call in preparation, with its first version to write."""
    call = Call.objects.create(funder=funder, title=title, slug=slug, edition=edition, summary=summary)
    Version.objects.create(call=call, number=1, content=rulebook.dump(rules or rulebook.Rulebook()))
    journal.record(call, "create", by=by, title=title, edition=edition)
    return call


@transaction.atomic
def describe(call: Call, *, title: str, slug: str, edition: int, summary: str, by: User | None) -> Call:
    """Change what presents the call; its rules are untouched."""
    before = {"title": call.title, "slug": call.slug, "edition": call.edition, "summary": call.summary}
    after = {"title": title, "slug": slug, "edition": edition, "summary": summary}
    changed = {k: [before[k], v] for k, v in after.items() if v != before[k]}
    if changed:
        call.title, call.slug, call.edition, call.summary = title, slug, edition, summary
        call.save(update_fields=list(changed))
        journal.record(call, "describe", by=by, changes=changed)
    return call


@transaction.atomic
def duplicate(call: Call, *, title: str, slug: str, edition: int, by: User | None) -> Call:
    """A new call with the same rules, every date moved by as many years as there are between the editions."""
    zone: tzinfo = timezone.get_default_timezone()
    rules = rulebook.shift_years(queries.rules_to_edit(call), edition - call.edition, zone)
    copy = create_call(
        funder=call.funder, title=title, slug=slug, edition=edition, summary=call.summary, rules=rules, by=by
    )
    copy.copied_from = call
    copy.save(update_fields=["copied_from"])
    return copy


@transaction.atomic
def write_rules(call: Call, rules: rulebook.Rulebook, *, by: User | None) -> Version:
    """Write the version in preparation, and start one where the last is published. What changed is journaled."""
    _lock(call)
    before = queries.rules_to_edit(call)
    version = queries.preparation(call)
    if version is None:
        last = call.versions.order_by("-number").first()
        version = Version(call=call, number=last.number + 1 if last else 1)
    version.content = rulebook.dump(rules)
    version.save()
    _forget(call)
    version.__dict__.pop("rulebook", None)
    changes = [str(change) for change in rulebook.compare(before, rules, queries.LEGAL_FORMS)]
    if changes:
        journal.record(call, "write_rules", by=by, number=version.number, changes=changes)
    return version


@transaction.atomic
def discard(call: Call, *, by: User | None) -> None:
    """Drop the version in preparation and come back to the published rules. Nothing happens where there are none."""
    _lock(call)
    version = queries.preparation(call)
    if version is None or call.current is None:
        return
    number = version.number
    version.delete()
    _forget(call)
    journal.record(call, "discard", by=by, number=number)


@transaction.atomic
def publish(call: Call, *, note: str = "", by: User | None) -> Version:
    """Freeze the version in preparation and put it in force; windows follow by key.

    NotCoherent where the rules have blocking problems; WindowInUse where a window with files would go. Without a
    version in preparation, the one in force is returned.
    """
    _lock(call)
    if call.state == lifecycle.State.ARCHIVED:
        raise WrongMoment("publish", call.state)
    before, version = call.current, queries.preparation(call)
    if version is None:
        if before is None:
            raise NotPublished(_("Il n’y a rien à publier."))
        return before
    if found := rulebook.blocking(version.rulebook):
        raise NotCoherent(found)
    changes = [str(change) for change in queries.changes(before, version)] if before else []
    version.note, version.published_at, version.published_by = note, timezone.now(), by
    version.save()
    _forget(call)
    _sync_windows(call, version.rulebook)
    journal.record(call, "publish", by=by, number=version.number, note=note, changes=changes)
    return version


def _sync_windows(call: Call, rules: rulebook.Rulebook) -> None:
    """One row for each window of the rules, matched by key. A window with files cannot go."""
    for window in call.windows.exclude(key__in=[w.key for w in rules.windows]):
        try:
            window.delete()
        except ProtectedError as problem:
            raise WindowInUse(window.label) from problem
    for w in rules.windows:
        call.windows.update_or_create(
            key=w.key,
            defaults={
                "label": w.label,
                "opens_at": w.opens_at,
                "deadline": w.deadline,
                "committee_on": w.committee_on,
                "envelope_cents": w.envelope_cents,
            },
        )


@transaction.atomic
def move(call: Call, verb: str, *, by: User | None) -> Call:
    """The only way a call changes state."""
    _lock(call)
    call.state = lifecycle.after(call.state, verb)
    call.save(update_fields=["state"])
    journal.record(call, verb, by=by)
    return call


def open_call(call: Call, *, by: User | None) -> Call:
    """Let people apply, on published rules only. A closed call may open again."""
    if call.current is None:
        raise NotPublished(_("Publiez les règles avant d’ouvrir l’appel."))
    return move(call, "open", by=by)


def close_call(call: Call, *, by: User | None) -> Call:
    """Nobody applies any more; files already here go on."""
    return move(call, "close", by=by)


def archive(call: Call, *, by: User | None) -> Call:
    """Put a closed call away: nothing of it changes any more."""
    return move(call, "archive", by=by)


def _lock(call: Call) -> None:
    """One writer of a call at a time; the state is read again under the lock."""
    call.state = Call.objects.select_for_update().values_list("state", flat=True).get(pk=call.pk)
    _forget(call)


def _forget(call: Call) -> None:
    for name in ("current", "rules"):
        call.__dict__.pop(name, None)
