"""Gifts of firms to the structures near them, and receipts: declared, confirmed, issued, some voided and replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction

from terreau.accounts.models import Organisation, User
from terreau.demo.clock import at, moment
from terreau.demo.gifts import Given, given
from terreau.engagement.actions.barometer import close_edition
from terreau.engagement.actions.entitlements import declare_right
from terreau.engagement.actions.exercises import Typed, type_exercise
from terreau.engagement.actions.gifts import confirm, declare, record
from terreau.engagement.actions.receipts import issue, void
from terreau.engagement.models import CompanyProfile, Entitlement, Gift
from terreau.engagement.queries.entitlements import COMMERCIAL
from terreau.engagement.queries.worth import Told
from terreau.projects.models import Application

VOIDED = 30  # one receipt in so many was wrong, is voided and replaced
PURPOSE = "L’accès de toutes et tous à un travail choisi, près de chez soi (structure fictive)."


@dataclass
class Donor:
    """A firm, who speaks for it, what it offers."""

    company: Organisation
    head: User
    profile: CompanyProfile


@dataclass
class Neighbourhood:
    """A living project, who answers for it, and the firms around."""

    application: Application
    owner: User
    decided_on: date
    donors: Sequence[Donor]


def play_gifts(neighbourhoods: Sequence[Neighbourhood], today: date, receipts: int) -> None:
    """Structures that may issue receipts declare it; firms give, in the year that is over and in this one."""
    rng = Random("gifts")
    entitled = [one for one in neighbourhoods if one.application.holder.legal_form not in COMMERCIAL and one.donors]
    with transaction.atomic(), at(moment(today - timedelta(days=59))):
        for one in entitled:
            _declare_right(one)
    for place, one in enumerate(entitled):
        share = receipts * (place + 1) // len(entitled) - receipts * place // len(entitled)
        with transaction.atomic():
            for rank in range(share):
                donor = one.donors[rank] if rank < 1 else rng.choice(one.donors)
                _give(rng, one, donor, today, rank)
            if place % 2 == 0:
                _told_only(rng, one, rng.choice(one.donors), today, confirmed=place % 4 == 0)
    if receipts:
        close_edition(today.year - 1, by=None)


def type_years(company: Organisation, head: User, today: date) -> None:
    """The two fiscal years of the visitor's firm: the one that is over, and this one."""
    for year, turnover, tax in ((today.year - 1, 3_400_000_00, 38_000_00), (today.year, 3_550_000_00, None)):
        typed = Typed(closes_on=date(year, 12, 31), turnover_cents=turnover, tax_cents=tax, other_gifts_cents=0)
        type_exercise(company, typed, by=head)


def _declare_right(one: Neighbourhood) -> None:
    declare_right(
        one.application.holder,
        has_nonprofit_main_activity=True,
        is_disinterested=True,
        is_open=True,
        basis=Entitlement.Basis.SELF_ASSESSMENT,
        purpose=PURPOSE,
        signatory=str(one.owner),
        capacity="par délégation du conseil d’administration",
        by=one.owner,
    )


def _give(rng: Random, one: Neighbourhood, donor: Donor, today: date, rank: int) -> None:
    """A gift with its receipt: declared by the firm or written down by the structure."""
    drawn = given(rng, donor.profile.size, today)
    gift = _made(one, donor, drawn, confirmed=True, day=today - timedelta(days=50))
    with at(moment(today - timedelta(days=40), 9 + rank % 8)):
        receipt = issue(gift, by=one.owner)
    if rng.randrange(VOIDED) == 0:
        with at(moment(today - timedelta(days=30), 9 + rank % 8)):
            void(receipt, "Mode de versement mal recopié.", by=one.owner)
            issue(gift, by=one.owner)


def _told_only(rng: Random, one: Neighbourhood, donor: Donor, today: date, *, confirmed: bool) -> None:
    """A gift of these days, whose receipt is still to come."""
    drawn = given(rng, donor.profile.size, today, latest=True)
    _made(one, donor, drawn, confirmed=confirmed, day=today - timedelta(days=3))


def _made(one: Neighbourhood, donor: Donor, drawn: Given, *, confirmed: bool, day: date) -> Gift:
    told = Told(donor_form=drawn.donor_form, **drawn.told)
    application = one.application if told.given_on > one.decided_on else None
    with at(moment(day)):
        if confirmed and not drawn.by_firm:
            return record(donor.company, one.application.holder, told, application=application, by=one.owner)
        gift = declare(donor.company, one.application.holder, told, application=application, by=donor.head)
        return confirm(gift, gift.amount_cents * drawn.return_percent // 100, by=one.owner) if confirmed else gift
