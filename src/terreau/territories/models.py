"""The places of France: one table for every level, and basins drawn from communes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    COMMUNE = "commune", _("commune")
    EPCI = "epci", _("intercommunalité")
    DEPARTEMENT = "departement", _("département")
    REGION = "region", _("région")
    ZONE = "ze", _("zone d’emploi")
    BASIN = "basin", _("bassin dessiné")


class Territory(models.Model):
    """A place. A commune knows its EPCI, département, région and zone d'emploi; a basin lists its communes."""

    level = models.CharField(_("niveau"), max_length=12, choices=Level)
    code = models.CharField(_("code officiel"), max_length=12)
    name = models.CharField(_("nom"), max_length=120)
    population = models.PositiveIntegerField(_("population"), null=True)
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    epci = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("EPCI"))
    departement = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("département"))
    region = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("région"))
    zone = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", verbose_name=_("zone d’emploi"))
    parts = models.ManyToManyField(
        "self", symmetrical=False, related_name="basins", verbose_name=_("communes du bassin")
    )

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="territory_code")]

    def __str__(self) -> str:
        return self.name


class PostalCode(models.Model):
    """A postal code of a commune (many to many in fact: one code may serve forty communes)."""

    code = models.CharField(_("code postal"), max_length=5, db_index=True)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="postal_codes", verbose_name=_("commune"))

    class Meta:
        verbose_name = _("code postal")
        verbose_name_plural = _("codes postaux")
        constraints = [models.UniqueConstraint(fields=["code", "commune"], name="postal_code_commune")]

    def __str__(self) -> str:
        return self.code


class FormerCommune(models.Model):
    """A code that no longer exists, with the commune that took it over."""

    code = models.CharField(_("ancien code"), max_length=5, unique=True)
    name = models.CharField(_("ancien nom"), max_length=120)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="former", verbose_name=_("commune actuelle"))

    class Meta:
        verbose_name = _("ancienne commune")
        verbose_name_plural = _("anciennes communes")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Outline(models.Model):
    """The simplified contour of a territory, as GeoJSON text in longitude and latitude."""

    territory = models.OneToOneField(Territory, models.CASCADE, primary_key=True, verbose_name=_("territoire"))
    geometry = models.TextField(_("géométrie"))

    class Meta:
        verbose_name = _("contour")
        verbose_name_plural = _("contours")

    def __str__(self) -> str:
        return str(self.territory_id)
