"""What jurors read, and what the office sees of their work."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from terreau.accounts.models import Membership, Role, User
from terreau.calls.models import Version, Window
from terreau.calls.rulebook import Criterion
from terreau.projects import queries as projects
from terreau.projects.lifecycle import DECIDED, State
from terreau.projects.models import Application, Collaborator, Partner
from terreau.selection.lifecycle import WRITABLE, ReviewState
from terreau.selection.models import JurorProfile, Review, Score
from terreau.selection.queries.committee import funders_of

REVIEWED = DECIDED | {State.IN_REVIEW}
ASSIGNABLE = frozenset({State.ADMITTED, State.IN_REVIEW})


def jury_files(user: User) -> QuerySet[Review]:
    """The files that are this juror's, and nothing else.

    A recusal, the end of the role, or a membership in the holder's organisation takes the file away at once.
    """
    belongs = Membership.objects.filter(user=user, left_at=None, organisation=OuterRef("application__holder_id"))
    return (
        Review.objects.filter(
            juror__user=user, juror__left_at=None, juror__role=Role.JUROR, application__state__in=REVIEWED
        )
        .exclude(state=ReviewState.RECUSED)
        .exclude(Exists(belongs))
        .select_related("juror", "application__call", "application__window", "application__holder")
        .order_by(F("rendered_at").desc(nulls_first=True), "due_on", "id")
    )


@dataclass(frozen=True)
class Cell:
    """One line of the grid, with what the juror has written so far."""

    criterion: Criterion
    score: Score

    @property
    def is_complete(self) -> bool:
        return self.score.value is not None and bool(self.score.justification.strip())


def criteria_of(application: Application) -> tuple[Criterion, ...]:
    """The grid that the file is read on: that of the rules it was submitted under."""
    return tuple(projects.rules_of(application).criteria)


def grid(review: Review) -> list[Cell]:
    """Every criterion of the call, in order, with its score or an empty one (never stored by reading)."""
    kept = {score.criterion: score for score in review.scores.all()}
    return [
        Cell(criterion, kept.get(criterion.key) or Score(review=review, criterion=criterion.key, version=0))
        for criterion in criteria_of(review.application)
    ]


def missing_marks(review: Review) -> list[Criterion]:
    """The criteria that still want a score or its justification."""
    return [cell.criterion for cell in grid(review) if not cell.is_complete]


@dataclass(frozen=True)
class Reading:
    """One line of a juror's list: the review, and how many criteria are complete."""

    review: Review
    complete: int
    criteria: int

    @property
    def is_done(self) -> bool:
        return self.review.state == ReviewState.DONE

    @property
    def is_late(self) -> bool:
        due = self.review.due_on
        return not self.is_done and due is not None and due < timezone.localdate()


def reading_list(user: User) -> list[Reading]:
    """A juror's files with their progress, those to hand in first. Two queries."""
    written = Q(scores__value__isnull=False) & ~Q(scores__justification="")
    reviews = list(jury_files(user).annotate(complete=Count("scores", filter=written)))
    versions = Version.objects.in_bulk({r.application.version_id for r in reviews} - {None})
    criteria = {pk: len(version.rulebook.criteria) for pk, version in versions.items()}
    return [Reading(r, r.complete, criteria.get(r.application.version_id, 0)) for r in reviews]


def file_content(application: Application) -> dict[str, Any]:
    """What a juror reads: the file as it was submitted; as it stands where it was imported without a submission."""
    snapshot = application.submissions.order_by("-number").first()
    if snapshot:
        return dict(snapshot.content)
    return projects.content(application, by=None, at=application.submitted_at or timezone.now())


def jurors(window: Window) -> QuerySet[Membership]:
    """Who may be asked to read: the jurors of the funder, today."""
    return (
        Membership.objects.filter(role=Role.JUROR, left_at=None, organisation_id=window.call.funder_id)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def jurors_of(user: User) -> QuerySet[Membership]:
    """The jurors, today, of the funders whose committees this person may see."""
    found = Membership.objects.filter(role=Role.JUROR, left_at=None, organisation__in=funders_of(user))
    return found.select_related("user", "organisation")


def assignable(window: Window) -> QuerySet[Application]:
    """The files that readers may be asked for."""
    files = Application.objects.filter(window=window, state__in=ASSIGNABLE)
    return files.select_related("holder", "call").defer("summary").order_by("reference")


def review_progress(windows: QuerySet[Window]) -> QuerySet[Window]:
    """Windows with their files to read, readings asked for and rendered."""
    kept = Q(applications__state__in=ASSIGNABLE)
    asked = kept & Q(applications__reviews__isnull=False) & ~Q(applications__reviews__state=ReviewState.RECUSED)
    done = kept & Q(applications__reviews__state=ReviewState.DONE)
    return windows.annotate(
        files=Count("applications", filter=kept, distinct=True),
        asked=Count("applications__reviews", filter=asked, distinct=True),
        done=Count("applications__reviews", filter=done, distinct=True),
    ).order_by("-deadline", "-pk")


@dataclass(frozen=True)
class Load:
    """A juror and the reading that is theirs in one window."""

    juror: Membership
    assigned: int
    done: int
    late: int
    recused: int

    @property
    def waiting(self) -> int:
        return self.assigned - self.done


def juror_loads(window: Window) -> list[Load]:
    """Every juror with their files in this window: assigned (recusals apart), rendered, late, recused."""
    here = Q(reviews__application__window=window, reviews__application__state__in=REVIEWED)
    late = Q(reviews__due_on__lt=timezone.localdate(), reviews__state__in=WRITABLE)
    rows = jurors(window).annotate(
        assigned=Count("reviews", filter=here & ~Q(reviews__state=ReviewState.RECUSED)),
        done=Count("reviews", filter=here & Q(reviews__state=ReviewState.DONE)),
        late=Count("reviews", filter=here & late),
        recused=Count("reviews", filter=here & Q(reviews__state=ReviewState.RECUSED)),
    )
    return [Load(m, m.assigned, m.done, m.late, m.recused) for m in rows]


def late_reviews(window: Window) -> QuerySet[Review]:
    """Readings past their date, with whom to remind."""
    return Review.objects.filter(
        application__window=window,
        application__state=State.IN_REVIEW,
        state__in=WRITABLE,
        due_on__lt=timezone.localdate(),
        juror__left_at=None,
    ).select_related("juror__user", "application")


def conflicts(applications: Iterable[Application]) -> dict[int, set[int]]:
    """For each file, the people who may not judge it: those bound to the holder or to a partner, and its writers.

    Bound by a membership, in any organisation of the same SIREN, or by the SIREN that a juror declares in their
    profile. Being a juror of the funder binds to nothing. Six queries whatever the number of files.
    """
    ids = [a.pk for a in applications]
    by_holder: dict[int, list[int]] = defaultdict(list)
    by_siren: dict[str, list[int]] = defaultdict(list)
    rows = Application.objects.filter(pk__in=ids).order_by().values_list("pk", "holder", "holder__siret")
    for pk, holder, siret in rows:
        by_holder[holder].append(pk)
        by_siren[(siret or "")[:9]].append(pk)
    for pk, siret in Partner.objects.filter(application__in=ids).exclude(siret="").values_list("application", "siret"):
        by_siren[siret[:9]].append(pk)
    by_siren.pop("", None)
    found: dict[int, set[int]] = {pk: set() for pk in ids}
    for user, organisation, siren in _bonds(list(by_holder), list(by_siren)):
        for pk in by_holder.get(organisation, []) + by_siren.get(siren, []):
            found[pk].add(user)
    writers = Collaborator.objects.filter(application__in=ids, membership__left_at=None)
    for pk, user in writers.values_list("application", "membership__user"):
        found[pk].add(user)
    return found


def _bonds(organisations: list[int], sirens: list[str]) -> Iterable[tuple[int, int, str]]:
    """(person, organisation, SIREN): memberships in these, then what jurors declare (organisation 0)."""
    members = Membership.objects.filter(left_at=None).exclude(role=Role.JUROR)
    members = members.annotate(siren=Substr("organisation__siret", 1, 9))
    linked = members.filter(Q(organisation__in=organisations) | Q(siren__in=sirens))
    for user, organisation, siren in linked.values_list("user", "organisation", "siren"):
        yield user, organisation, siren or ""
    declared = JurorProfile.objects.exclude(sirens=[]).filter(membership__left_at=None)
    for user, numbers in declared.values_list("membership__user", "sirens"):
        yield from ((user, 0, siren) for siren in numbers)
