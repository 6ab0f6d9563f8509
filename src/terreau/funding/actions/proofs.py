"""What the law wants proved beside an agreement: a republican contract, the aids that a group has received."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core import files, journal
from terreau.funding.models import Agreement, RepublicanContract, StateAid
from terreau.funding.rulebook.obligations import CAPPED
from terreau.projects.models import Document
from terreau.projects.queries.content import LATER

PROOF = f"agreement{LATER}republican-contract"
TEXT = "Décret 2021-1947 du 31/12/2021, annexe"  # the version of the contract in force


@transaction.atomic
def record_contract(
    agreement: Agreement,
    *,
    signed_on: date,
    signatory: str,
    version: str,
    upload: UploadedFile[Any] | None = None,
    by: Any,
) -> RepublicanContract:
    """Keep the date, the signatory, the version and the proof of a signed republican contract."""
    if signed_on > timezone.localdate():
        raise ValueError(_("Cette date est à venir."))
    document = None
    if upload is not None:
        checked = files.check(upload)
        document = Document.objects.create(
            application=agreement.application,
            key=PROOF,
            file=upload,
            name=checked.name,
            mime=checked.mime,
            size=checked.size,
            digest=checked.digest,
            uploaded_by=by,
        )
    contract = RepublicanContract.objects.create(
        organisation=agreement.holder,
        version=version.strip(),
        signed_on=signed_on,
        signatory=signatory.strip(),
        document=document,
        recorded_by=by,
    )
    journal.record(contract, "record_contract", by=by, agreement=agreement.pk, signed_on=signed_on.isoformat())
    return contract


@transaction.atomic
def declare_aid(
    *, group: str, siren: str, regime: str, granted_on: date, amount_cents: int, giver: str, by: Any
) -> StateAid:
    """Enter an aid that a group of linked firms has received from anybody, dated by its legal entitlement."""
    if regime not in CAPPED:
        raise ValueError(_("Ce régime n’a pas de plafond : il ne se déclare pas ici."))
    if amount_cents <= 0:
        raise ValueError(_("Le montant est positif."))
    aid = StateAid.objects.create(
        group=group,
        siren=siren,
        regime=regime,
        granted_on=granted_on,
        amount_cents=amount_cents,
        giver=giver.strip(),
        declared_by=by,
    )
    journal.record(aid, "declare_aid", by=by, group=group, cents=amount_cents, granted_on=granted_on.isoformat())
    return aid
