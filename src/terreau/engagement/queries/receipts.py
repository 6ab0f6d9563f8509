"""What a receipt says, what still forbids it, and the receipts of an issuer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from terreau.accounts.models import LegalForm, Organisation
from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models import Entitlement, Gift, Receipt
from terreau.engagement.queries import entitlements
from terreau.methods.giving.letters import in_letters

MODEL = "2041-MEC-SD, Cerfa 16216*02"  # compulsory since 2022: CGI, art. 238 bis, 5 bis
ARTICLE = "238 bis"


@dataclass(frozen=True)
class Obstacle:
    """What forbids a receipt, and whose page mends it: `right`, `issuer`, `donor` or `gift`."""

    where: str
    text: str


def obstacles(gift: Gift) -> list[Obstacle]:
    """Everything that is missing, at once."""
    issuer, donor = gift.recipient, gift.donor
    found = [
        Obstacle("right", text) for text in entitlements.obstacles(issuer, entitlements.declared(issuer), gift.given_on)
    ]
    if not (issuer.siret or issuer.rna or issuer.register):
        found.append(Obstacle("issuer", _("Le SIRET ou le numéro RNA de votre structure manque.")))
    if not has_address(issuer):
        found.append(Obstacle("issuer", _("L’adresse complète de votre structure manque.")))
    if not donor.siret:
        found.append(Obstacle("donor", _("Le SIREN du donateur manque\u00a0: le reçu doit le porter.")))
    if not has_address(donor):
        found.append(Obstacle("donor", _("L’adresse complète du donateur manque.")))
    if not gift.donor_form:
        found.append(Obstacle("gift", _("La forme juridique du donateur manque.")))
    if gift.confirmed_at is None:
        found.append(Obstacle("gift", _("Le don n’est pas encore confirmé.")))
    if gift.receipts.filter(state=ReceiptState.ISSUED).exists():
        found.append(Obstacle("gift", _("Ce don a déjà un reçu en vigueur.")))
    return found


def has_address(organisation: Organisation) -> bool:
    return bool(organisation.address.strip() and organisation.commune_id)


def address(organisation: Organisation) -> str:
    """Street, postal code where the commune has one alone and the street does not tell it, commune unless it does."""
    commune = organisation.commune
    if commune is None or commune.name.lower() in organisation.address.lower():
        return organisation.address.strip()
    codes = list(commune.postal_codes.values_list("code", flat=True)[:2])
    town = f"{codes[0]} {commune.name}" if len(codes) == 1 and codes[0] not in organisation.address else commune.name
    return f"{organisation.address.strip()}, {town}"


def category(organisation: Organisation, found: Entitlement) -> str:
    """The box of the model that the body ticks: one is enough."""
    if found.basis == Entitlement.Basis.PUBLIC_UTILITY:
        return _("Association ou fondation reconnue d’utilité publique")
    if organisation.legal_form == LegalForm.ENDOWMENT_FUND:
        return _("Fonds de dotation")
    return _("Œuvre ou organisme d’intérêt général")


def content(gift: Gift, number: str, on: date, replaces: Receipt | None) -> dict[str, Any]:
    """All that the receipt says, as plain JSON: the PDF is made of it alone."""
    issuer, donor = gift.recipient, gift.donor
    found = Entitlement.objects.get(organisation=issuer)
    return {
        "model": MODEL,
        "article": ARTICLE,
        "number": number,
        "issued_on": on.isoformat(),
        "replaces": str(replaces) if replaces else "",
        "issuer": {
            "name": issuer.name,
            "legal_form": str(issuer.get_legal_form_display()),  # type: ignore[attr-defined]
            "siren": issuer.siren,
            "rna": issuer.rna or "",
            "register": issuer.register,
            "address": address(issuer),
            "purpose": found.purpose.strip(),
            "category": category(issuer, found),
            "basis": found.basis,
            "since": found.since.isoformat() if found.since else "",
        },
        "donor": {
            "name": donor.name,
            "legal_form": gift.donor_form,
            "siren": donor.siren,
            "address": address(donor),
        },
        "gift": {
            "kind": gift.kind,
            "cents": gift.amount_cents,
            "letters": in_letters(gift.amount_cents),
            "payment": gift.payment,
            "description": gift.description.strip(),
            "given_on": gift.given_on.isoformat(),
            "until": gift.until.isoformat() if gift.until else "",
            "counted": counted(gift),
        },
        "signatory": {"name": found.signatory.strip(), "capacity": found.capacity.strip()},
    }


def counted(gift: Gift) -> dict[str, Any]:
    """How much was given in kind; the part that the law does not count never enters a receipt."""
    kept = gift.details
    if gift.kind == Gift.Kind.GOODS:
        return {"quantity": kept.get("quantity", 1), "unit_cents": kept.get("unit_cents", gift.amount_cents)}
    return {"staff": 1, "hours": kept.get("hours", "")} if gift.kind == Gift.Kind.SKILLS else {}


IN_FORCE = Prefetch("receipts", Receipt.objects.filter(state=ReceiptState.ISSUED).defer("content"), to_attr="in_force")
GIFTS = ("donor", "recipient", "application", "commitment")


def gifts_of(organisation: Organisation) -> QuerySet[Gift]:
    """What a structure received, each with its receipt in force in `in_force`."""
    return Gift.objects.filter(recipient=organisation).select_related(*GIFTS).prefetch_related(IN_FORCE)


def gifts_from(company: Organisation) -> QuerySet[Gift]:
    """What a firm gave, as above."""
    return Gift.objects.filter(donor=company).select_related(*GIFTS).prefetch_related(IN_FORCE)


def register(issuer: Organisation) -> QuerySet[Receipt]:
    """Every receipt of an issuer, voided ones included, the latest first."""
    found = Receipt.objects.filter(issuer=issuer).defer("content").annotate(cents=F("content__gift__cents"))
    return found.select_related("gift__donor", "replaces", "replacement", "issued_by")


def narrowed(found: QuerySet[Receipt], *, year: str = "", state: str = "", text: str = "") -> QuerySet[Receipt]:
    """By year, by state, by the donor's name or SIREN or the receipt's number; empty values narrow nothing."""
    if year.isdecimal() and len(year) == 4:
        found = found.filter(year=int(year))
    if state in ReceiptState.values:
        found = found.filter(state=state)
    if text := text.strip():
        number = text.rpartition("-")[2].lstrip("0")
        by_number = Q(number=int(number)) if number.isdecimal() and len(number) < 9 else Q()
        digits = text.replace(" ", "")
        by_siren = Q(gift__donor__siret__startswith=digits) if digits.isdecimal() else Q()
        found = found.filter(Q(gift__donor__name__icontains=text) | by_number | by_siren)
    return found


def years(issuer: Organisation) -> list[int]:
    return list(Receipt.objects.filter(issuer=issuer).order_by("-year").values_list("year", flat=True).distinct())
