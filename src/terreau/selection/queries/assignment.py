"""Who could read what: the question put to the assignment, and the proposal that answers it. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np

from terreau.accounts.models import Membership
from terreau.calls.models import Window
from terreau.methods.assignment.instance import Affinity, Flags, Instance, Ints, Need
from terreau.methods.assignment.outcome import Outcome
from terreau.projects.models import Application
from terreau.projects.queries import digest
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import JurorProfile, Recusal, Review
from terreau.selection.queries.jury import assignable, conflicts, jurors

LOCAL, OUTSIDE = "local", "outside"
HELD = frozenset({ReviewState.STARTED, ReviewState.DONE})  # readings that never change hands

type Pair = tuple[int, int]  # numbers of a file and of a juror, in the question


@dataclass(frozen=True)
class Terms:
    """What the office asks for. `load`: most readings a juror; `pairs`: most files that two jurors read together.

    local, outside: each file wants a juror who knows its région, one who does not. commune: a juror of the holder's
    commune does not read its file. afresh: readings that nobody has started may change hands.
    """

    reviews: int = 3
    load: int = 12
    local: bool = False
    outside: bool = False
    commune: bool = False
    pairs: int | None = None
    afresh: bool = False


@dataclass(frozen=True, eq=False)
class Question:
    """The instance, what its numbers stand for, and the readings that there are already."""

    window: Window
    terms: Terms
    instance: Instance
    files: tuple[Application, ...]
    jurors: tuple[Membership, ...]
    profiles: dict[int, JurorProfile]
    readings: dict[Pair, Review]

    @property
    def locked(self) -> frozenset[Pair]:
        return frozenset(pair for pair, review in self.readings.items() if review.state in HELD)


@dataclass(frozen=True, eq=False)
class Proposal:
    """An answer, before anything is written: pairs (file, juror) to add and readings to take back."""

    question: Question
    outcome: Outcome

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        assigned = self.outcome.assigned
        return frozenset((int(f), int(assigned[f, k])) for f, k in np.argwhere(assigned >= 0))

    @property
    def added(self) -> list[Pair]:
        return sorted(self.pairs - self.question.readings.keys())

    @property
    def dropped(self) -> list[Pair]:
        """Readings to take back; none where there is no assignment."""
        return sorted(self.question.readings.keys() - self.pairs) if self.pairs else []

    @property
    def digest(self) -> str:
        """Changes whenever what would be written changes."""
        q = self.question
        names = [[sign, q.files[f].pk, q.jurors[j].pk] for sign, pairs in self._changes for f, j in pairs]
        return digest({"window": q.window.pk, "terms": asdict(q.terms), "changes": names})

    @property
    def _changes(self) -> tuple[tuple[str, list[Pair]], ...]:
        return ("+", self.added), ("-", self.dropped)


def assignment_instance(window: Window, terms: Terms) -> Question:
    """The files to read, the jurors, how well they fit, who may not read what, what is read already."""
    files = tuple(
        assignable(window)
        .defer(None)
        .select_related("holder", "region")
        .prefetch_related("themes", "targets", "regions")
    )
    reviews = Review.objects.filter(application__in=files).select_related("juror__user")
    people, kept = _people(window, list(reviews))
    profiles = {p.membership_id: p for p in JurorProfile.objects.filter(membership__in=people).select_related("commune")
                .prefetch_related("regions")}  # fmt: skip
    row, column = {f.pk: n for n, f in enumerate(files)}, {j.pk: n for n, j in enumerate(people)}
    readings = {(row[r.application_id], column[r.juror_id]): r for r in kept}
    held = np.zeros((len(files), len(people)), dtype=np.bool_)
    for (f, j), review in readings.items():
        held[f, j] = review.state in HELD
    forbidden = (_bound(files, people) | _recused(files, people)) & ~held
    if terms.commune:
        forbidden |= _neighbours(files, people, profiles) & ~held
    known = [_regions(profiles.get(j.pk)) for j in people]
    limits = [min(terms.load, wanted) if (wanted := _wanted(profiles.get(j.pk))) else terms.load for j in people]
    gone = np.array([j.left_at is not None for j in people], dtype=np.bool_)
    load = np.maximum(np.where(gone, 0, np.array(limits, dtype=np.int64)), held.sum(axis=0))
    stays = held if terms.afresh else held | _flags(readings, held.shape) & ~forbidden
    instance = Instance(
        files=tuple(file.reference for file in files),
        jurors=tuple(f"{juror.pk:09d}" for juror in people),
        affinity=_affinity(files, people, profiles, known),
        forbidden=forbidden,
        reviews=np.maximum(terms.reviews, stays.sum(axis=1)).astype(np.int64),
        load=load.astype(np.int64),
        needs=tuple(_needs(files, known, terms)),
        pair_limit=terms.pairs,
    )
    return Question(window, terms, instance, files, tuple(people), profiles, readings)


def assignment_proposal(window: Window, terms: Terms) -> Proposal:
    """The best assignment under these terms; beside readings that there are, the one that moves the fewest of them.

    `instance.BadInstance` where the question cannot be put: no file, no juror, more reviews than jurors.
    """
    from terreau.methods.assignment.assign import assign
    from terreau.methods.assignment.reassign import reassign

    q = assignment_instance(window, terms)
    kept = q.locked if terms.afresh else frozenset(q.readings)
    if not kept:
        return Proposal(q, assign(q.instance))
    rows: dict[int, list[int]] = defaultdict(list)
    for f, j in sorted(kept):
        rows[f].append(j)
    before: Ints = np.full((len(q.files), max(map(len, rows.values()))), -1, dtype=np.int64)
    for f, row in rows.items():
        before[f, : len(row)] = row
    return Proposal(q, reassign(q.instance, before, q.locked))


def _people(window: Window, reviews: Sequence[Review]) -> tuple[list[Membership], list[Review]]:
    """The jurors of today, then those who left after rendering; the readings that count."""
    today = list(jurors(window))
    here = {juror.pk for juror in today}
    kept = [
        r for r in reviews if r.state == ReviewState.DONE or (r.juror_id in here and r.state != ReviewState.RECUSED)
    ]
    gone = {r.juror_id: r.juror for r in kept if r.juror_id not in here}
    return [*today, *(gone[pk] for pk in sorted(gone))], kept


def _flags(pairs: Iterable[Pair], shape: tuple[int, ...]) -> Flags:
    flags = np.zeros(shape, dtype=np.bool_)
    for f, j in pairs:
        flags[f, j] = True
    return flags


def _bound(files: Sequence[Application], people: Sequence[Membership]) -> Flags:
    bonds = conflicts(files)
    pairs = (
        (f, j) for f, file in enumerate(files) for j, juror in enumerate(people) if juror.user_id in bonds[file.pk]
    )
    return _flags(pairs, (len(files), len(people)))


def _recused(files: Sequence[Application], people: Sequence[Membership]) -> Flags:
    """Readings that a juror declined, and files that somebody of the same name left the committee's room for."""
    found = set(Recusal.objects.filter(application__in=files).values_list("application", "member__user"))
    declined = Review.objects.filter(application__in=files, state=ReviewState.RECUSED)
    found |= set(declined.values_list("application", "juror__user"))
    pairs = (
        (f, j) for f, file in enumerate(files) for j, juror in enumerate(people) if (file.pk, juror.user_id) in found
    )
    return _flags(pairs, (len(files), len(people)))


def _neighbours(files: Sequence[Application], people: Sequence[Membership], profiles: dict[int, JurorProfile]) -> Flags:
    """Jurors of the commune of the holder's seat: by their profile, or by another organisation that is theirs."""
    homes: dict[int, set[int]] = defaultdict(set)
    for juror in people:
        if (profile := profiles.get(juror.pk)) and profile.commune_id:
            homes[juror.user_id].add(profile.commune_id)
    users = {juror.user_id for juror in people}
    others = Membership.objects.filter(user__in=users, left_at=None, organisation__commune__isnull=False)
    others = others.exclude(pk__in=[juror.pk for juror in people])
    for user, commune in others.values_list("user", "organisation__commune"):
        homes[user].add(commune)
    pairs = (
        (f, j)
        for f, file in enumerate(files)
        for j, juror in enumerate(people)
        if file.holder.commune_id in homes[juror.user_id]
    )
    return _flags(pairs, (len(files), len(people)))


def _regions(profile: JurorProfile | None) -> set[int]:
    """The régions that a juror knows: those they name, and that of their commune."""
    if profile is None:
        return set()
    home = {profile.commune.region_id} if profile.commune and profile.commune.region_id else set()
    return {region.pk for region in profile.regions.all()} | home


def _wanted(profile: JurorProfile | None) -> int | None:
    return profile.wanted_load if profile else None


def _affinity(
    files: Sequence[Application],
    people: Sequence[Membership],
    profiles: dict[int, JurorProfile],
    known: Sequence[set[int]],
) -> Affinity:
    """Themes, audiences, régions and words in common, 0-1; who says nothing counts as the mean of the others."""
    from terreau.methods.assignment.affinity import mixed, overlap, text_likeness

    if not files or not people:
        return np.zeros((len(files), len(people)), dtype=np.float32)
    mine = [profiles.get(juror.pk) or JurorProfile() for juror in people]
    places = [{r.pk for r in file.regions.all()} | ({file.region_id} if file.region_id else set()) for file in files]
    parts = {
        "themes": overlap([[t.key for t in f.themes.all()] for f in files], [p.themes for p in mine]),
        "publics": overlap([[t.public for t in f.targets.all()] for f in files], [p.publics for p in mine]),
        "territory": overlap([sorted(map(str, one)) for one in places], [sorted(map(str, one)) for one in known]),
        "text": text_likeness([f"{f.title}\n{f.summary}" for f in files], [p.expertise for p in mine]),
    }
    mix = mixed(parts)
    silent = np.array([not (p.themes or p.publics or p.expertise or k) for p, k in zip(mine, known, strict=True)])
    if silent.any() and not silent.all():
        mix[:, silent] = mix[:, ~silent].mean(axis=1, keepdims=True)
    return np.clip(np.round(mix, 4), 0, 1)


def _needs(files: Sequence[Application], known: Sequence[set[int]], terms: Terms) -> Iterable[Need]:
    """For each région with files: somebody who knows it, somebody who does not."""
    by_region: dict[int, list[int]] = defaultdict(list)
    for n, file in enumerate(files):
        if file.region_id and terms.reviews:
            by_region[file.region_id].append(n)
    for region, rows in sorted(by_region.items()):
        locals_ = [j for j, places in enumerate(known) if region in places]
        if terms.local:
            yield Need(f"{LOCAL}:{region}", tuple(rows), tuple(locals_))
        if terms.outside:
            others = sorted(set(range(len(known))) - set(locals_))
            yield Need(f"{OUTSIDE}:{region}", tuple(rows), tuple(others))
