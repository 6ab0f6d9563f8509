"""The people of the demonstration: the funder and its staff, jurors, delegates, holders, a company."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from terreau.accounts import actions
from terreau.accounts.models import Membership, Organisation, Role, User
from terreau.demo import identifiers, words
from terreau.demo.accounts import ACCOUNTS, PASSWORD
from terreau.demo.parts import Juror, Person
from terreau.territories.models import Level, Territory

FUNDER = "Programme Passerelles (financeur fictif)"
COMPANY = "Mécanique Klein (entreprise fictive)"
DELEGATIONS = (  # the régions that each delegate follows
    ("44",), ("11",), ("24",), ("27",), ("28",), ("32",), ("52",), ("53",), ("75",), ("76",), ("84",), ("93", "94"),
    ("01", "02", "03"), ("04", "06"),
)  # fmt: skip


@dataclass
class Cast:
    """Who plays. `delegates` maps a région's code to its delegate."""

    funder: Organisation
    officer: User
    chair: User
    jurors: list[Membership] = field(default_factory=list)
    delegates: dict[str, Membership] = field(default_factory=dict)
    visitors: dict[str, User] = field(default_factory=dict)


def gather(rng: Random, jurors: tuple[Juror, ...]) -> Cast:
    """Create the funder and its staff; the accounts of `accounts.ACCOUNTS` are among them."""
    visitors = _visitors()
    funder = actions.create_organisation(
        kind="funder",
        name=FUNDER,
        legal_form="association",
        siret=identifiers.siret(99_999),
        founded_on=date(1966, 11, 18),
        accounts_closed=True,
        commune=commune("75056"),
        by=None,
    )
    cast = Cast(funder, visitors["programme"], visitors["presidence"], visitors=visitors)
    actions.join(visitors["administration"], funder, Role.ADMINISTRATOR, by=None)
    by = visitors["administration"]
    actions.join(cast.officer, funder, Role.OFFICER, by=by)
    actions.join(cast.chair, funder, Role.CHAIR, by=by)
    cast.jurors = [actions.join(visitors["jury"], funder, Role.JUROR, by=by)]
    cast.jurors += [actions.join(user(j.person), funder, Role.JUROR, by=by) for j in jurors[1:]]
    regions = {t.code: t for t in Territory.objects.filter(level=Level.REGION)}
    for codes in DELEGATIONS:
        person = visitors["delegation"] if "44" in codes else user(words.person(rng, f"delegation-{codes[0]}"))
        here = [regions[code] for code in codes if code in regions]
        membership = actions.join(person, funder, Role.DELEGATE, regions=here, by=by)
        cast.delegates.update(dict.fromkeys(codes, membership))
    _company(visitors)
    return cast


def _visitors() -> dict[str, User]:
    """One account a role, with the public password. Hashed once: the eleven share it."""
    password = make_password(PASSWORD)
    made = {}
    for account in ACCOUNTS:
        person = User(
            email=account.email, first_name=account.first_name, last_name=account.last_name, password=password
        )
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        made[account.key] = person
    return made


def _company(visitors: dict[str, User]) -> None:
    company = actions.create_organisation(
        kind="company",
        name=COMPANY,
        legal_form="company",
        siret=identifiers.siret(99_998),
        founded_on=date(1998, 4, 1),
        commune=commune("68224"),
        address="14 rue de la Filature",
        by=visitors["entreprise"],
    )
    actions.join(visitors["entreprise"], company, Role.CONTACT, by=visitors["entreprise"])
    actions.join(visitors["mentor"], company, Role.MENTOR, by=visitors["entreprise"])


def user(person: Person) -> User:
    """An account nobody can sign in to: it has no password and its address leads nowhere."""
    fields: dict[str, Any] = {"first_name": person.first_name, "last_name": person.last_name}
    return User.objects.create_user(person.email, None, **fields)


def commune(code: str) -> Territory | None:
    return Territory.objects.filter(level=Level.COMMUNE, code=code).first()
