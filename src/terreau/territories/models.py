"""The places of France: one table for every level, and basins drawn from communes."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    COMMUNE = "commune", _("commune")
    EPCI = "epci", _("intercommunalité")
    DEPARTEMENT = "departement", _("département")
    REGION = "region", _("région")
    ZONE = "ze", _("zone d’emploi")
    BASIN = "basin", _("bassin dessiné")


class Area(models.TextChoices):
    METROPOLE = "metropole", _("métropole")
    DROM = "drom", _("département ou région d’outre-mer")
    COM = "com", _("collectivité d’outre-mer")


class Territory(models.Model):
    """A place. A commune knows its EPCI, département, région and zone d'emploi; a basin lists its communes.

    An EPCI, a zone or a basin carries the département and région where most of its people live, though it may
    cross into others (`queries.regions_of` tells them all). `current` is false for what the official list dropped.
    """

    level = models.CharField(_("niveau"), max_length=12, choices=Level)
    code = models.CharField(_("code officiel"), max_length=12)
    name = models.CharField(_("nom"), max_length=120)
    area = models.CharField(_("ensemble"), max_length=10, choices=Area, default=Area.METROPOLE)
    population = models.PositiveIntegerField(_("population"), null=True)
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    approximate = models.BooleanField(_("position approchée"), default=False)
    current = models.BooleanField(_("en vigueur"), default=True)
    epci = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("EPCI"))
    departement = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("département"))
    region = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("région"))
    zone = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", verbose_name=_("zone d’emploi"))
    parts = models.ManyToManyField(
        "self", symmetrical=False, related_name="basins", verbose_name=_("communes du bassin")
    )
    author_id = models.BigIntegerField(_("personne qui a dessiné le bassin"), null=True)
    found_as = ""  # set by a search: the former name that matched

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="territory_code")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("public:territory", args=[self.level, self.code])

    @property
    def key(self) -> str:
        """How forms and links name a territory: `commune:52121`."""
        return f"{self.level}:{self.code}"


class PostalCode(models.Model):
    """A postal code of a commune (many to many in fact: one code may serve forty communes)."""

    code = models.CharField(_("code postal"), max_length=5, db_index=True)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="postal_codes", verbose_name=_("commune"))

    class Meta:
        verbose_name = _("code postal")
        verbose_name_plural = _("codes postaux")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code", "commune"], name="postal_code_commune")]

    def __str__(self) -> str:
        return self.code


class FormerCommune(models.Model):
    """A commune of yesterday or a part of one of today, with the commune that holds it now.

    The name is empty where the official list gives only the code. A delegated commune may keep the code of the
    whole (01015 is Arboys en Bugey and its part Arbignieu): hence one row a code and name.
    """

    class Kind(models.TextChoices):
        MERGED = "merged", _("ancienne commune")
        DELEGATED = "delegated", _("commune déléguée")
        ASSOCIATED = "associated", _("commune associée")
        DISTRICT = "district", _("arrondissement municipal")

    code = models.CharField(_("code"), max_length=5, db_index=True)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    kind = models.CharField(_("nature"), max_length=10, choices=Kind, default=Kind.MERGED)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="former", verbose_name=_("commune actuelle"))

    class Meta:
        verbose_name = _("ancienne commune")
        verbose_name_plural = _("anciennes communes")
        ordering = ["name", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "name"], name="former_commune")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class Outline(models.Model):
    """The simplified contour of a territory, as GeoJSON text in longitude and latitude."""

    territory = models.OneToOneField(Territory, models.CASCADE, primary_key=True, verbose_name=_("territoire"))
    geometry = models.TextField(_("géométrie"))

    class Meta:
        verbose_name = _("contour")
        verbose_name_plural = _("contours")

    def __str__(self) -> str:
        return str(self.territory_id)


class Source(models.Model):
    """Where a loaded set of reference data comes from: written when it is loaded, shown wherever it is used."""

    key = models.SlugField(_("clé"), unique=True)
    label = models.CharField(_("contenu"), max_length=200)
    producer = models.CharField(_("producteur"), max_length=200)
    vintage = models.CharField(_("millésime"), max_length=100)
    licence = models.CharField(_("licence"), max_length=100)
    origin = models.CharField(_("provenance"), max_length=200)
    note = models.TextField(_("remarque"), blank=True)
    rows = models.PositiveIntegerField(_("lignes"))
    loaded_at = models.DateTimeField(_("chargé le"), auto_now=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.label} ({self.vintage})"
