"""A firm, a structure entitled to issue receipts, and gifts between them."""

from datetime import date

from tests import factories

from terreau.accounts.models import LegalForm, Organisation, Role
from terreau.engagement.actions import gifts
from terreau.engagement.actions.entitlements import declare_right
from terreau.engagement.models import Entitlement
from terreau.engagement.queries.worth import Told
from terreau.territories.models import Level, Territory

RIGHT = {
    "has_nonprofit_main_activity": True,
    "is_disinterested": True,
    "is_open": True,
    "basis": Entitlement.Basis.SELF_ASSESSMENT,
    "purpose": "L’accès à l’emploi des cadres en reconversion.",
    "signatory": "Awa Diallo",
    "capacity": "présidente",
}


def commune():
    return Territory.objects.get_or_create(level=Level.COMMUNE, code="68224", defaults={"name": "Mulhouse"})[0]


def structure(*, entitled=True, **fields):
    made = factories.organisation(**{"address": "3 rue du Puits", "commune": commune()} | fields)
    if entitled:
        declare_right(made, **RIGHT, by=None)
    return made


def firm(**fields):
    said = {"kind": Organisation.Kind.COMPANY, "legal_form": LegalForm.COMPANY, "name": "Menuiserie du Lac"}
    return factories.organisation(**said | {"address": "12 rue du Port", "commune": commune()} | fields)


def head(company):
    return factories.person(Role.CONTACT, of=company)


def holder(of):
    return factories.person(Role.HOLDER, of=of)


def told(**changes):
    said = {"kind": "money", "given_on": date(2026, 3, 2), "amount_cents": 5_000_00, "payment": "transfer"}
    return Told(**said | {"donor_form": "SARL"} | changes)


def gift(donor=None, recipient=None, *, return_cents=0, **changes):
    """Confirmed."""
    return gifts.record(donor or firm(), recipient or structure(), told(**changes), return_cents=return_cents, by=None)
