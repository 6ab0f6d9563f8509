"""What projects seek, the firms around them, who is proposed to whom, what was answered, promised and given."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from django.db import transaction

from terreau.accounts import actions as accounts
from terreau.accounts.models import Organisation, Role, User
from terreau.demo.builder.cast import COMPANY, Cast, user
from terreau.demo.builder.engaging import commit_firms
from terreau.demo.builder.giving import Donor, Neighbourhood, play_gifts, type_years
from terreau.demo.builder.living import Selected
from terreau.demo.clock import at, moment
from terreau.demo.firms import Firm, firm, needs
from terreau.engagement.actions.companies import save_profile
from terreau.engagement.actions.needs import add_need
from terreau.engagement.actions.proposals import answer, propose_matches, propose_projects
from terreau.engagement.lifecycle import Because
from terreau.engagement.models import Proposal
from terreau.engagement.queries.matching import supported
from terreau.territories.models import Level, Territory

NEIGHBOURS = 12  # the largest communes of a project's département, where its firms have their seat
ANSWERED = 3  # one proposal in so many has its answer
RECEIPTS, FIRMS = 250, 400  # receipts for so many firms
SAID = ("yes", "yes", "later", "no")


def settle_firms(
    cast: Cast, chosen: Sequence[Selected], today: date, number: int, tell: Callable[[float], None]
) -> None:
    """Firms settle near the living projects and everybody is proposed to everybody; all commit, some gave."""
    living = set(supported().values_list("pk", flat=True))
    alive = [one for one in chosen if one.filed.application.pk in living]
    files = [one.filed for one in alive]
    rng, done = Random("firms"), 0
    around: list[list[Donor]] = []
    for place, filed in enumerate(files):
        tell(place / len(files) * 0.3)
        share = number * (place + 1) // len(files) - done
        with transaction.atomic(), at(moment(today - timedelta(days=210 - place % 60), 8)):
            for form, title, wanted in needs(rng):
                add_need(filed.application, form=form, title=title, wanted=wanted, by=filed.owner)
            near = _communes(filed.project.plan.place.departement)
            themes = list(filed.project.answers["themes"])
            around.append([_settle(firm(rng, done + rank, themes), rng.choice(near)) for rank in range(share)])
        done += share
    with transaction.atomic(), at(moment(today - timedelta(days=21))):
        head, own = cast.visitors["entreprise"], Organisation.objects.get(name=COMPANY)
        offers = ("money", "visit", "mentoring")
        profile = save_profile(
            own, size="sme", naf="25.62B", themes=("mentoring",), offers=offers, is_listed=True, by=head
        )
        day = today - timedelta(days=21)
        propose_matches(day)
        propose_projects(own, day, by=head)
    with transaction.atomic(), at(moment(today - timedelta(days=14))):
        _answer(rng, cast, {f.application.pk: f.owner for f in files}, today - timedelta(days=14))
    tell(0.4)
    for one, donors in zip(alive, around, strict=True):
        if one.filed.owner == cast.visitors["porteuse"]:
            donors.insert(0, Donor(own, head, profile))
    neighbourhoods = [
        Neighbourhood(one.filed.application, one.filed.owner, one.decided_on, donors)
        for one, donors in zip(alive, around, strict=True)
    ]
    commit_firms(neighbourhoods, cast, today, lambda share: tell(0.4 + 0.4 * share))
    play_gifts(neighbourhoods, today, number * RECEIPTS // FIRMS)
    type_years(own, head, today)


def _communes(departement: str) -> list[Territory]:
    here = Territory.objects.filter(level=Level.COMMUNE, departement__code=departement, current=True)
    return list(here.order_by("-population", "code")[:NEIGHBOURS])


def _settle(drawn: Firm, seat: Territory) -> Donor:
    head = user(drawn.head)
    made = accounts.create_organisation(
        kind="company",
        name=drawn.name,
        legal_form="company",
        siret=drawn.siret,
        founded_on=drawn.founded_on,
        commune=seat,
        address=f"{int(drawn.siret[5:9]) % 90 + 1} rue des Ateliers",
        by=head,
    )
    accounts.join(head, made, Role.CONTACT, by=head)
    profile = save_profile(
        made,
        size=drawn.size,
        naf=drawn.naf,
        themes=drawn.themes,
        offers=drawn.offers,
        is_listed=drawn.is_listed,
        by=head,
    )
    return Donor(made, head, profile)


def _answer(rng: Random, cast: Cast, owners: dict[int, User], day: date) -> None:
    """Holders, and the firm of the visitors, answer a part of what they were proposed."""
    told = Proposal.objects.select_related("application__holder", "company").order_by("application", "siren", "reader")
    for rank, one in enumerate(told):
        by = cast.visitors["entreprise"] if one.reader == Proposal.Reader.COMPANY else owners.get(one.application_id)
        if rank % ANSWERED == 0 and by is not None:
            said = rng.choice(SAID)
            because = rng.choice(Because.values) if said == "no" else ""
            answer(one, said, day=day, because=because, by=by)
