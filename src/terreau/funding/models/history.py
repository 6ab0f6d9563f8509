"""What other funders published: the history of grants in a territory. Never ours, never in the ledger."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from terreau.core import money
from terreau.territories.models import Territory


class GrantSource(models.Model):
    """A file of published grants, as it was imported."""

    class Standard(models.TextChoices):
        SCDL = "scdl", _("SCDL subventions")
        GIVING = "360giving", _("360Giving")

    name = models.CharField(_("fichier"), max_length=200)
    digest = models.CharField(_("empreinte SHA-256"), max_length=64, unique=True)
    standard = models.CharField(_("standard"), max_length=10, choices=Standard)
    imported_at = models.DateTimeField(_("importé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("fichier de subventions publiées")
        verbose_name_plural = _("fichiers de subventions publiées")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class ForeignGrant(models.Model):
    """A grant of another funder. `amount_cents` is the whole grant, `part_cents` what this beneficiary has of it.

    `key` names the row for good: the identifier that the source gives, or a digest of what the row says.
    Amounts stay in their own currency and are never added across currencies.
    """

    key = models.CharField(_("clé"), max_length=32, unique=True)
    source = models.ForeignKey(GrantSource, models.PROTECT, related_name="grants", verbose_name=_("fichier d’origine"))
    reference = models.CharField(_("référence"), max_length=200, blank=True)
    funder_name = models.CharField(_("financeur"), max_length=300)
    funder_id = models.CharField(_("identifiant du financeur"), max_length=80, db_index=True)
    beneficiary_name = models.CharField(_("bénéficiaire"), max_length=300)
    beneficiary_siret = models.CharField(_("SIRET du bénéficiaire"), max_length=14, blank=True, db_index=True)
    beneficiary_rna = models.CharField(_("RNA du bénéficiaire"), max_length=10, blank=True)
    beneficiary_id = models.CharField(_("autre identifiant du bénéficiaire"), max_length=80, blank=True)
    purpose = models.TextField(_("objet"))
    amount_cents = models.BigIntegerField(_("montant de la subvention"))
    part_cents = models.BigIntegerField(_("part du bénéficiaire"))
    currency = models.CharField(_("monnaie"), max_length=3, default="EUR")
    signed_on = models.DateField(_("date"), db_index=True)
    starts_on = models.DateField(_("début"), null=True, blank=True)
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    place = models.CharField(_("lieu écrit"), max_length=200, blank=True)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="foreign_grants", verbose_name=_("commune")
    )

    class Meta:
        verbose_name = _("subvention d’un autre financeur")
        verbose_name_plural = _("subventions d’autres financeurs")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part_cents__gte=0) & Q(amount_cents__gte=models.F("part_cents")),
                name="foreign_grant_part_within_amount",
            )
        ]

    def __str__(self) -> str:
        return f"{self.funder_name}, {self.beneficiary_name}, {self.signed_on}"

    @property
    def part_shown(self) -> str:
        """In its own currency: nothing is converted."""
        if self.currency == "EUR":
            return money.euros(self.part_cents)
        number = formats.number_format(Decimal(self.part_cents) / 100, decimal_pos=2, force_grouping=True)
        return f"{number}{money.NBSP}{self.currency}"
