"""Commitments of the firms around each living project, played step by step, each at its own date."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from terreau.accounts import actions as accounts
from terreau.accounts.models import Role, User
from terreau.demo import klein
from terreau.demo.builder.cast import Cast, user
from terreau.demo.builder.giving import Donor, Neighbourhood
from terreau.demo.clock import at, moment
from terreau.demo.commitments import Engagement, Offering, engagement, number
from terreau.demo.words import person
from terreau.engagement.actions import commitments, work
from terreau.engagement.actions.commitments import Offer, Plan
from terreau.engagement.models import Commitment, Need
from terreau.projects.models import Application

LATER = 8  # hours: what is noted of a day is written in its evening


@dataclass
class Sides:
    """Who speaks: the firm by its head or, for hours, its mentor; the structure by the owner of the file."""

    donor: Donor
    mentor: User
    application: Application
    owner: User

    def of(self, by_company: bool) -> User:
        return self.donor.head if by_company else self.owner


@dataclass
class Sought:
    """What a project seeks, by form: no more commitments answer a need than it wants."""

    needs: dict[str, Need]
    taken: Counter[str] = field(default_factory=Counter)

    def take(self, told: Engagement) -> Need | None:
        need = self.needs.get(told.form)
        if need is None or self.taken[told.form] >= need.wanted:
            return None
        self.taken[told.form] += not told.withdrawn_on
        return need


def commit_firms(
    neighbourhoods: Sequence[Neighbourhood], cast: Cast, today: date, tell: Callable[[float], None]
) -> None:
    """Each firm that settled is committed to the project near it; that of the visitors as `klein` tells."""
    rng, own = Random("commitments"), cast.visitors["entreprise"]
    for place, one in enumerate(neighbourhoods):
        tell(place / len(neighbourhoods))
        one.application.refresh_from_db()  # as its committee and its letter left it
        sought = Sought({need.form: need for need in one.application.needs.all()})
        with transaction.atomic():
            for donor in one.donors:
                if donor.head == own:
                    sides = Sides(donor, cast.visitors["mentor"], one.application, one.owner)
                    told: Sequence[Engagement] = klein.commitments(today)
                else:
                    told = _drawn(rng, donor, frozenset(sought.needs), today)
                    mentor = _mentor(rng, donor) if any(h.by_mentor for c in told for h in c.log) else donor.head
                    sides = Sides(donor, mentor, one.application, one.owner)
                for each in told:
                    _play(each, sides, sought.take(each))


def _drawn(rng: Random, donor: Donor, sought: frozenset[str], today: date) -> list[Engagement]:
    company, profile = donor.company, donor.profile
    firm = Offering(
        offers=tuple(profile.offers),
        sought=sought,
        size=profile.size,
        address=f"{company.address}, {company.commune}",
        is_listed=profile.is_listed,
        since=timezone.localdate(company.created_at),
    )
    return [engagement(rng, firm, today) for _ in range(number(rng))]


def _mentor(rng: Random, donor: Donor) -> User:
    with at(donor.company.created_at):
        mentor = user(person(rng, f"mentorat-{donor.company.pk}"))
        accounts.join(mentor, donor.company, Role.MENTOR, by=donor.head)
    return mentor


def _play(told: Engagement, sides: Sides, need: Need | None) -> None:
    """From its proposal to where it has come."""
    offer = Offer(told.form, told.title, told.text, told.value_cents, need)
    by = sides.of(told.by_company)
    with at(moment(told.proposed_on)):
        made = commitments.propose(sides.donor.company, sides.application, offer, by=by, by_company=told.by_company)
    if told.agreed_on:
        with at(moment(told.agreed_on)):
            commitments.agree(made, by=sides.of(not told.by_company))
    if told.planned_on and told.plan:
        with at(moment(told.planned_on)):
            made = commitments.plan(made, Plan(**told.plan), by=sides.donor.head)
    for party, on in told.signed:
        with at(moment(on, 17)):
            commitments.sign(made, party, on, by=sides.of(party == "company"))
    for line in told.log:
        with at(moment(line.on, 10 + LATER)):
            by = sides.mentor if line.by_mentor else sides.donor.head
            work.log(made, line.on, line.minutes, note=line.note, by=by)
    _end(made, told, sides)


def _end(made: Commitment, told: Engagement, sides: Sides) -> None:
    """Done, then attested; or given up."""
    if told.done_on:
        seen: dict[str, Any] = {"attendance": told.attendance, "is_list_kept": told.form == "visit"}
        with at(moment(told.done_on, 9)):
            made = commitments.complete(made, **seen, by=sides.owner)
    if told.attested_on:
        with at(moment(told.attested_on, 10)):
            commitments.acknowledge(made, by=sides.owner)
    if told.withdrawn_on:
        with at(moment(told.withdrawn_on, 15)):
            commitments.withdraw(made, told.withdrawal, by=sides.of(told.withdrawn_by_company))
