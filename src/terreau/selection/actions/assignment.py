"""A whole assignment written at once, and what each juror says of themselves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.accounts.identifiers import check_siren
from terreau.accounts.models import Membership, Role
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.projects import actions as projects
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.selection import queries
from terreau.selection.actions.reviews import tell_of_new_files, usual_date
from terreau.selection.lifecycle import WRITABLE, ReviewState
from terreau.selection.models import JurorProfile, Review
from terreau.territories.models import Territory


@dataclass(frozen=True)
class Written:
    """What an assignment changed."""

    added: int
    dropped: int
    told: int


@transaction.atomic
def assign_all(proposal: queries.Proposal, *, by: Any, due_on: date | None = None) -> Written:
    """Ask for every reading of a proposal and take back those that it moves; each juror hears once a day at most.

    Refused, and nothing written, where readings, conflicts or jurors changed since the proposal was made.
    """
    q = proposal.question
    pks = [file.pk for file in q.files]
    files = {a.pk: a for a in Application.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")}
    _check_is_fresh(proposal, files)
    due_on = due_on or usual_date(q.window)
    by_file: dict[int, list[Membership]] = defaultdict(list)
    for f, j in proposal.added:
        by_file[q.files[f].pk].append(q.jurors[j])
    Review.objects.filter(pk__in=[q.readings[pair].pk for pair in proposal.dropped]).delete()
    for f, j in proposal.dropped:
        journal.record(files[q.files[f].pk], "unassign", by=by, juror=str(q.jurors[j].user))
    for pk, jurors in by_file.items():
        if files[pk].state != State.IN_REVIEW:
            projects.move(files[pk], "start_review", by=by)
        names = [str(juror.user) for juror in jurors]
        journal.record(files[pk], "assign_reviewers", by=by, jurors=names, due_on=str(due_on or ""))
    Review.objects.bulk_create(
        Review(application_id=pk, juror=juror, due_on=due_on) for pk, jurors in by_file.items() for juror in jurors
    )
    told = {juror.pk: juror for jurors in by_file.values() for juror in jurors}
    for juror in told.values():
        tell_of_new_files(juror)
    done = Written(len(proposal.added), len(proposal.dropped), len(told))
    journal.record(q.window, "assign_all", by=by, terms=asdict(q.terms), added=done.added, dropped=done.dropped)
    return done


def _check_is_fresh(proposal: queries.Proposal, files: dict[int, Application]) -> None:
    q = proposal.question
    if not proposal.pairs:
        raise Refused(_("Aucune répartition n’est proposée."))
    working = set(queries.jurors(q.window).values_list("pk", flat=True))
    rows = list(Review.objects.filter(application__in=files).values_list("application", "juror", "state"))
    held = {(q.files[f].pk, q.jurors[j].pk, r.state) for (f, j), r in q.readings.items()}
    now = {row for row in rows if row[2] == ReviewState.DONE or (row[1] in working and row[2] in WRITABLE)}
    declined = {row[:2] for row in rows if row[2] == ReviewState.RECUSED}
    bound = queries.conflicts(files.values())
    added = [(q.files[f].pk, q.jurors[j]) for f, j in proposal.added]
    moved = (
        now != held
        or any(file.state not in {State.ADMITTED, State.IN_REVIEW} for file in files.values())
        or any(j.user_id in bound[pk] or j.pk not in working or (pk, j.pk) in declined for pk, j in added)
    )
    if moved:
        raise Refused(_("Les lectures ont changé depuis cette proposition : demandez-en une autre."))


@transaction.atomic
def save_profile(  # noqa: PLR0913 - the fields of one page, by name
    membership: Membership,
    *,
    themes: Sequence[str],
    publics: Sequence[str],
    regions: Sequence[Territory],
    commune: Territory | None,
    expertise: str,
    sirens: Sequence[str],
    wanted_load: int | None,
    by: Any,
) -> JurorProfile:
    """Keep what a juror knows and whom they are bound to. ValueError where a SIREN is wrong."""
    if membership.role != Role.JUROR or membership.left_at is not None:
        raise Refused(_("%(name)s n’est pas membre du jury.") % {"name": str(membership.user)})
    profile, made = JurorProfile.objects.update_or_create(
        membership=membership,
        defaults={
            "themes": sorted(set(themes)),
            "publics": sorted(set(publics)),
            "commune": commune,
            "expertise": expertise.strip(),
            "sirens": sorted({check_siren(number) for number in sirens}),
            "wanted_load": wanted_load,
        },
    )
    profile.regions.set(regions)
    journal.record(profile, "save_profile", by=by, created=made)
    return profile
