"""An organisation enters, or its identity is put right."""

from datetime import date
from typing import Any

from django.db import transaction

from terreau.accounts import queries
from terreau.accounts.actions.refusals import AlreadyKnown
from terreau.accounts.identifiers import check_register, check_rna, check_siret
from terreau.accounts.models import Organisation, User
from terreau.core import journal
from terreau.territories.models import Territory

CHECKS = {"siret": check_siret, "rna": check_rna, "register": check_register}


@transaction.atomic
def create_organisation(  # noqa: PLR0913 - an identity has that many parts
    *,
    kind: str,
    name: str,
    legal_form: str,
    siret: str | None = None,
    rna: str | None = None,
    register: str = "",
    founded_on: date | None = None,
    accounts_closed: bool | None = None,
    commune: Territory | None = None,
    address: str = "",
    website: str = "",
    by: User | None,
) -> Organisation:
    """Enter an organisation once. AlreadyKnown when one of its identifiers is here; ValueError when one is wrong."""
    identity = _checked({"siret": siret, "rna": rna, "register": register})
    same = queries.known(**{key: value or "" for key, value in identity.items()})
    if same:
        raise AlreadyKnown(same)
    organisation = Organisation.objects.create(
        kind=kind,
        name=name.strip(),
        legal_form=legal_form,
        founded_on=founded_on,
        accounts_closed=accounts_closed,
        commune=commune,
        address=address,
        website=website,
        **identity,
    )
    journal.record(organisation, "organisation_created", by=by, name=organisation.name, siret=identity["siret"] or "")
    return organisation


@transaction.atomic
def correct_organisation(organisation: Organisation, *, by: User | None, **changes: Any) -> Organisation:
    """Put fields of the identity right; the journal keeps what each was and what it becomes."""
    identity = _checked({key: value for key, value in changes.items() if key in CHECKS})
    same = queries.known(**{key: value or "" for key, value in identity.items()})
    if same and same.pk != organisation.pk:
        raise AlreadyKnown(same)
    changed = {}
    for field, value in (changes | identity).items():
        before = getattr(organisation, field)
        if before != value:
            setattr(organisation, field, value)
            changed[field] = [_plain(before), _plain(value)]
    if changed:
        organisation.save(update_fields=list(changed))
        journal.record(organisation, "organisation_corrected", by=by, changed=changed)
    return organisation


def _checked(identity: dict[str, Any]) -> dict[str, Any]:
    """Each identifier tidied; an absent SIRET or RNA is NULL, so that two absences are not equal."""
    return {key: CHECKS[key](text) if text else ("" if key == "register" else None) for key, text in identity.items()}


def _plain(value: Any) -> str | bool | None:
    return value if value is None or isinstance(value, bool) else str(value)
