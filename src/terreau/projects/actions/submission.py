"""Submitting a file: complete, in time, frozen. And withdrawing it."""

from typing import Any

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from terreau.core import mail
from terreau.core.moves import WrongMoment
from terreau.projects import lifecycle, queries
from terreau.projects.actions.answers import lock
from terreau.projects.actions.moves import move
from terreau.projects.actions.office import complete
from terreau.projects.models import Application, Collaborator, Submission


class TooLate(Exception):  # noqa: N818 - named after what happened
    """The deadline has passed. The file stays a draft, as it is."""


class NotReady(Exception):  # noqa: N818 - named after what happened
    """Something is missing: `args[0]` lists it, as `queries.missing` does."""


@transaction.atomic
def submit(application: Application, *, by: Any) -> Submission:
    """Freeze the file and hand it in. TooLate after the deadline, by the server's clock; NotReady when incomplete."""
    held = lock(application)
    lifecycle.after(held.state, "submit")
    now = timezone.now()
    if is_late(held):
        raise TooLate(held.window.deadline if held.window else None)
    if missing := queries.missing(held):
        raise NotReady(missing)
    held.version = queries.rules_in_force(held.call_id) or held.version
    submission = _freeze(held, by=by, at=now)
    held.submitted_at = now
    held.save(update_fields=["submitted_at", "version"])
    move(held, "submit", by=by, number=submission.number, digest=submission.digest)
    _acknowledge(submission, held)
    application.refresh_from_db()
    return submission


@transaction.atomic
def send_back(application: Application, *, by: Any) -> Submission:
    """Hand the completed file to the office again: one more snapshot. NotReady when something is missing."""
    held = lock(application)
    lifecycle.after(held.state, "complete")
    if missing := queries.missing(held):
        raise NotReady(missing)
    submission = _freeze(held, by=by, at=timezone.now())
    complete(held, by=by)
    application.refresh_from_db()
    return submission


def is_late(application: Application) -> bool:
    """Past the deadline of its window. A file that the office reopened was in time already for the same window."""
    window = application.window
    if window is None or timezone.now() <= window.deadline:
        return False
    earlier = application.submissions.order_by("-number").values_list("content", flat=True).first()
    return not (earlier and (earlier.get("window") or {}).get("key") == window.key)


def _freeze(application: Application, *, by: Any, at: Any) -> Submission:
    """One more snapshot of the whole file, with the digest of its canonical JSON."""
    version = application.version
    if version is None:  # nothing published: there are no rules to submit under
        raise WrongMoment("submit", application.state)
    content = queries.content(application, by=by, at=at)
    return Submission.objects.create(
        application=application,
        number=application.submissions.count() + 1,
        content=content,
        digest=queries.digest(content),
        version=version,
        by=by,
        at=at,
    )


def _acknowledge(submission: Submission, application: Application) -> None:
    """One e-mail to each person who writes in the file. Receipt of a file is not a promise of a grant."""
    writers = Collaborator.objects.filter(application=application, membership__left_at=None).exclude(
        role=Collaborator.Role.READER
    )
    body = _(
        "Bonjour,\n\nVotre dossier %(reference)s « %(title)s » a été déposé le %(at)s.\n"
        "Empreinte de ce qui a été déposé : %(digest)s\n\n"
        "Le reçu est à télécharger sur la page du dossier. Un dossier reçu n’est pas encore un dossier recevable : "
        "vous serez prévenu·e de la suite.\n"
    ) % {
        "reference": application.reference,
        "title": application.title,
        "at": formats.date_format(timezone.localtime(submission.at), "DATETIME_FORMAT"),
        "digest": submission.digest,
    }
    subject = _("Dossier %(reference)s : dépôt enregistré") % {"reference": application.reference}
    for address in sorted(set(writers.values_list("membership__user__email", flat=True))):
        mail.post(f"submission-{submission.pk}-{address}"[:120], to=address, subject=subject, body=body)


@transaction.atomic
def withdraw(application: Application, *, by: Any, reason: str = "") -> Application:
    """Take the file back. What was submitted stays in its snapshots."""
    return move(application, "withdraw", by=by, reason=reason.strip())
