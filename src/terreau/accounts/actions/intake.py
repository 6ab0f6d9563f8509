"""Many organisations at once, as an import brings them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from terreau.accounts.models import Organisation, User
from terreau.core import journal


@dataclass(frozen=True)
class Identity:
    """What a file says of an organisation; identifiers already checked. Without one, its name is all there is."""

    name: str
    siret: str = ""
    rna: str = ""
    legal_form: str = ""
    kind: str = "association"
    commune_id: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Two rows with the same key speak of one organisation."""
        return ("siret", self.siret) if self.siret else ("rna", self.rna) if self.rna else ("name", self.name)


@transaction.atomic
def take_in(identities: Iterable[Identity], *, by: User | None, source: str) -> dict[tuple[str, str], int]:
    """Find or create each organisation, in a few statements whatever their number; its number by key.

    What is known already is left as it is: an import never corrects an identity that somebody keeps up.
    """
    wanted = {identity.key: identity for identity in identities}
    found = _known(wanted)
    new = [identity for key, identity in wanted.items() if key not in found]
    made = Organisation.objects.bulk_create(
        Organisation(
            kind=identity.kind,
            name=identity.name[:200],
            siret=identity.siret or None,
            rna=identity.rna or None,
            legal_form=identity.legal_form,
            commune_id=identity.commune_id,
        )
        for identity in new
    )
    journal.record_all(made, "organisation_imported", by=by, source=source)
    return found | {identity.key: organisation.pk for identity, organisation in zip(new, made, strict=True)}


def _known(wanted: dict[tuple[str, str], Identity]) -> dict[tuple[str, str], int]:
    """Organisations that bear one of these identifiers; by name, only those that have no identifier at all."""
    found: dict[tuple[str, str], int] = {}
    for field in ("siret", "rna", "name"):
        asked = [value for kind, value in wanted if kind == field]
        rows = Organisation.objects.filter(**{f"{field}__in": asked})
        if field == "name":
            rows = rows.filter(siret=None, rna=None, register="")
        found |= {(field, value): pk for value, pk in rows.values_list(field, "pk")}
    return found
