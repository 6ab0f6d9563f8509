"""A structure says why it may issue tax receipts; nothing is issued before."""

from typing import Any

from django.db import transaction

from terreau.accounts.models import Organisation
from terreau.core import files, journal
from terreau.engagement.models import Entitlement


@transaction.atomic
def declare_right(organisation: Organisation, *, proof: Any = None, by: Any, **said: Any) -> Entitlement:
    """Keep what a structure declares; `said` are fields of `Entitlement`.

    `proof` is an upload: ValueError, in words, where it is no document. An earlier proof stays on the
    disk: receipts rest on it, and the journal holds its digest.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found, _created = Entitlement.objects.get_or_create(organisation=organisation)
    for name, value in said.items():
        setattr(found, name, value)
    if proof is not None:
        checked = files.check(proof)
        found.proof.save(checked.name, proof, save=False)
        found.proof_name, found.proof_mime, found.proof_digest = checked.name, checked.mime, checked.digest
    found.declared_by = by
    found.save()
    kept = {name: value if isinstance(value, bool | None) else str(value) for name, value in said.items()}
    journal.record(organisation, "declare_right", by=by, **kept, proof=found.proof_digest)
    return found
