"""Reviews and opinions: who reads what, a grid that saves itself, a recusal that takes effect at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from terreau.accounts.models import Membership, Role, User
from terreau.calls.models import Window
from terreau.core import journal, mail
from terreau.core.moves import Refused
from terreau.methods.scoring import Mark, weighted_mean
from terreau.projects import actions as projects
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.projects.queries import rules_of
from terreau.selection import queries
from terreau.selection.lifecycle import WRITABLE, ReviewState, Verdict
from terreau.selection.models import Opinion, Recusal, Review, Score

DAYS_BEFORE_COMMITTEE = 7  # reviews are wanted this long before the committee, unless the office says otherwise
COMMENT = "comment"


@transaction.atomic
def assign_reviewers(
    application: Application, jurors: Sequence[Membership], *, by: Any, due_on: date | None = None
) -> list[Review]:
    """Ask these jurors to read the file, besides those already asked. The first assignment starts its review.

    Refused for a membership that is not a juror's, for somebody bound to the holder or a partner, and after a
    recusal. Each juror hears of new files once a day at most.
    """
    application = Application.objects.select_for_update().get(pk=application.pk)
    bound = queries.conflicts([application])[application.pk]
    recused = set(application.reviews.filter(state=ReviewState.RECUSED).values_list("juror", flat=True))
    for juror in jurors:
        _check_may_read(application, juror, bound=bound, recused=recused)
    asked = set(application.reviews.values_list("juror", flat=True))
    new = [juror for juror in jurors if juror.pk not in asked]
    if not new:
        return []
    if application.state != State.IN_REVIEW:
        projects.move(application, "start_review", by=by)
    due_on = due_on or usual_date(application.window)
    made = [Review.objects.create(application=application, juror=juror, due_on=due_on) for juror in new]
    journal.record(application, "assign_reviewers", by=by, jurors=[str(j.user) for j in new], due_on=str(due_on or ""))
    for juror in new:
        tell_of_new_files(juror)
    return made


def _check_may_read(application: Application, juror: Membership, *, bound: set[int], recused: set[int]) -> None:
    name = {"name": str(juror.user), "reference": application.reference}
    if juror.role != Role.JUROR or juror.left_at is not None or juror.organisation_id != application.call.funder_id:
        raise Refused(_("%(name)s n’est pas membre du jury.") % name)
    if juror.user_id in bound:
        raise Refused(_("%(name)s est lié·e à la structure porteuse ou à un partenaire de %(reference)s.") % name)
    if juror.pk in recused:
        raise Refused(_("%(name)s s’est déporté·e de %(reference)s.") % name)


def usual_date(window: Window | None) -> date | None:
    """When readings are wanted, unless the office says otherwise."""
    return window.committee_on - timedelta(DAYS_BEFORE_COMMITTEE) if window and window.committee_on else None


def tell_of_new_files(juror: Membership) -> None:
    """One message a day at most, however many files."""
    today = timezone.localdate()
    with translation.override(juror.user.language):
        mail.post(
            f"review-assigned:{juror.pk}:{today}",
            to=juror.user.email,
            subject=_("De nouveaux dossiers vous sont confiés"),
            body=_(
                "Bonjour,\n\nDes dossiers vous sont confiés pour lecture. Vous les trouvez dans votre espace :\n"
                "%(link)s\n\n"
                "Si vous connaissez la structure ou le projet, déportez-vous : un clic suffit.\n"
            )
            % {"link": mail.link("/jury/")},
        )


@transaction.atomic
def unassign(review: Review, *, by: Any) -> None:
    """Take a file back from a juror who has written nothing yet."""
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.state != ReviewState.ASSIGNED:
        raise Refused(_("Cette lecture est commencée : elle ne peut plus être retirée."))
    journal.record(held.application, "unassign", by=by, juror=str(held.juror.user))
    held.delete()


@dataclass(frozen=True)
class Saved:
    """What became of one field of the grid. On a conflict, `other` is what is stored and nothing was written."""

    key: str
    version: int
    status: Literal["saved", "unchanged", "conflict"]
    other: Any = None


@transaction.atomic
def save_review(
    review: Review,
    scores: Mapping[str, tuple[int | None, str]],
    comment: str | None,
    *,
    by: Any,
    bases: Mapping[str, int] | None = None,
) -> list[Saved]:
    """Keep what the juror has written so far, complete or not.

    `bases` tells the version each field was read at (the comment's under "comment"): where somebody wrote in
    between, the field is left as it is and said so. Without `bases`, the last writer wins. Only changes are journaled.
    """
    held = _writable(review)
    grid = {cell.criterion.key: cell for cell in queries.grid(held)}
    bases = bases or {}
    saved = [_save_score(grid, key, mark, bases.get(key)) for key, mark in scores.items()]
    if comment is not None:
        saved.append(_save_comment(held, comment, bases.get(COMMENT)))
    changed = [s.key for s in saved if s.status == "saved"]
    if changed:
        held.state = ReviewState.STARTED
        held.save(update_fields=["state", "comment", "comment_version"])
        journal.record(held, "save_review", by=by, changed=changed)
    return saved


def _writable(review: Review) -> Review:
    """The review, locked and read again; Refused where it may no longer be written."""
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.state not in WRITABLE or held.application.state != State.IN_REVIEW:
        raise Refused(_("Cette lecture ne peut plus être modifiée."))
    return held


def _save_score(grid: Mapping[str, queries.Cell], key: str, mark: tuple[int | None, str], base: int | None) -> Saved:
    if key not in grid:
        raise ValueError(_("Le critère « %(key)s » n’existe pas.") % {"key": key})
    value, justification = mark
    maximum = grid[key].criterion.maximum
    if value is not None and not 0 <= value <= maximum:
        raise ValueError(_("La note va de 0 à %(maximum)d.") % {"maximum": maximum})
    score: Score = grid[key].score
    if (score.value, score.justification) == (value, justification):
        return Saved(key, score.version, "unchanged")
    if base is not None and base != score.version:
        return Saved(key, score.version, "conflict", (score.value, score.justification))
    score.value, score.justification, score.version = value, justification, score.version + 1
    score.save()
    return Saved(key, score.version, "saved")


def _save_comment(review: Review, comment: str, base: int | None) -> Saved:
    if review.comment == comment:
        return Saved(COMMENT, review.comment_version, "unchanged")
    if base is not None and base != review.comment_version:
        return Saved(COMMENT, review.comment_version, "conflict", review.comment)
    review.comment, review.comment_version = comment, review.comment_version + 1
    return Saved(COMMENT, review.comment_version, "saved")


@transaction.atomic
def render_review(review: Review, *, by: Any) -> Review:
    """Hand the review in: every criterion scored and justified, the total computed, nothing changes any more."""
    held = _writable(review)
    cells = queries.grid(held)
    if missing := [cell.criterion.label for cell in cells if not cell.is_complete]:
        raise Refused(_("Il manque la note ou la justification de : %(criteria)s.") % {"criteria": ", ".join(missing)})
    held.total = weighted_mean([Mark(c.score.value or 0, c.criterion.maximum, c.criterion.weight) for c in cells])
    held.state, held.rendered_at = ReviewState.DONE, timezone.now()
    held.save(update_fields=["total", "state", "rendered_at"])
    journal.record(held, "render_review", by=by, total=held.total)
    return held


@transaction.atomic
def recuse(review: Review, reason: str, *, by: Any) -> Review:
    """The juror steps aside: the file leaves their list at once, here and in committee, and the office is told."""
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.state not in WRITABLE:
        raise Refused(_("Cette lecture ne peut plus être modifiée."))
    held.state, held.recusal_reason = ReviewState.RECUSED, reason.strip()[:200]
    held.save(update_fields=["state", "recusal_reason"])
    Recusal.objects.get_or_create(
        application=held.application, member=held.juror, defaults={"reason": held.recusal_reason}
    )
    journal.record(held, "recuse", by=by, application=held.application.reference, reason=held.recusal_reason)
    for officer in _officers(held.application):
        with translation.override(officer.language):
            mail.post(
                f"recusal:{held.pk}:{officer.pk}",
                to=officer.email,
                subject=_("Déport sur le dossier %(reference)s") % {"reference": held.application.reference},
                body=_(
                    "Bonjour,\n\n%(juror)s s’est déporté·e du dossier %(reference)s. Motif : %(reason)s\n"
                    "Le dossier attend un autre lecteur ou une autre lectrice.\n"
                )
                % {
                    "juror": held.juror.user,
                    "reference": held.application.reference,
                    "reason": held.recusal_reason or _("non précisé"),
                },
            )
    return held


def _officers(application: Application) -> Iterable[User]:
    return User.objects.filter(
        memberships__role=Role.OFFICER,
        memberships__left_at=None,
        memberships__organisation_id=application.call.funder_id,
    ).distinct()


@transaction.atomic
def record_opinion(
    application: Application,
    delegate: Membership,
    *,
    verdict: str,
    scores: Mapping[str, int | None],
    text: str,
    by: Any,
) -> Opinion:
    """Keep a delegate's reasoned opinion on the call's grid; it counts once it has a verdict and a text."""
    criteria = {criterion.key: criterion for criterion in rules_of(application).criteria}
    for key, value in scores.items():
        if key not in criteria or (value is not None and not 0 <= value <= criteria[key].maximum):
            raise ValueError(_("La note du critère « %(key)s » n’est pas possible.") % {"key": key})
    if verdict and verdict not in Verdict:
        raise ValueError(_("Cet avis n’existe pas."))
    rendered = bool(verdict and text.strip())
    opinion, _created = Opinion.objects.update_or_create(
        application=application,
        delegate=delegate,
        defaults={
            "verdict": verdict,
            "scores": {key: value for key, value in scores.items() if value is not None},
            "text": text.strip(),
            "rendered_at": timezone.now() if rendered else None,
        },
    )
    journal.record(application, "record_opinion", by=by, verdict=verdict, delegate=str(delegate.user))
    return opinion


@transaction.atomic
def remind_jurors(window: Window, jurors: Sequence[Membership], *, by: Any) -> int:
    """Write to the jurors among these who are late. Each hears once a day at most; how many were written to."""
    late: dict[int, list[Review]] = {}
    for review in queries.late_reviews(window).filter(juror__in=jurors):
        late.setdefault(review.juror_id, []).append(review)
    for juror_id, reviews in late.items():
        _remind(window, reviews[0].juror, reviews, key=f"review-late:{juror_id}:{window.pk}:{timezone.localdate()}")
    if late:
        names = [str(reviews[0].juror.user) for reviews in late.values()]
        journal.record(window, "remind_jurors", by=by, jurors=names)
    return len(late)


def _remind(window: Window, juror: Membership, reviews: list[Review], *, key: str) -> None:
    with translation.override(juror.user.language):
        files = "\n".join(_line(review) for review in reviews)
        mail.post(
            key,
            to=juror.user.email,
            subject=_("Vos lectures sont attendues : %(window)s") % {"window": window.label},
            body=_("Bonjour,\n\nCes dossiers attendent votre lecture :\n\n%(files)s\n\n%(link)s\n\nMerci.\n")
            % {"files": files, "link": mail.link("/jury/")},
        )


def _line(review: Review) -> str:
    application, due = review.application, review.due_on
    return f"- {application.reference}, {application.title} ({formats.date_format(due) if due else ''})"
