"""Firms as they present themselves, and what the regional teams know of the basin. Nothing about anybody's health."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Organisation, User
from terreau.territories.models import Territory


def calendar_token() -> str:
    """Opens the firm's agenda to a calendar program, without signing in; changed when it leaks."""
    return secrets.token_urlsafe(32)


class CompanyProfile(models.Model):
    """What a firm says of itself: size by the decree of 2008, activity with its nomenclature, what it may offer.

    `themes` are keys of the calls' rules, `offers` keys of `lifecycle.Form`. `is_listed`: the firm agreed to be
    proposed to projects; nobody contacts it otherwise.
    """

    class Size(models.TextChoices):
        MICRO = "micro", _("TPE (microentreprise)")
        SME = "sme", _("PME")
        MIDCAP = "midcap", _("ETI")
        LARGE = "large", _("grande entreprise")

    class Nomenclature(models.TextChoices):
        REV2 = "NAFRev2", _("NAF rév. 2")
        NAF2025 = "NAF2025", _("NAF 2025")

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="company_profile", verbose_name=_("entreprise")
    )
    size = models.CharField(_("taille"), max_length=6, choices=Size, blank=True)
    naf = models.CharField(_("code NAF"), max_length=6, blank=True)
    nomenclature = models.CharField(_("nomenclature"), max_length=7, choices=Nomenclature, blank=True)
    themes = models.JSONField(_("thèmes qui comptent"), default=list, blank=True)
    offers = models.JSONField(_("formes d’engagement possibles"), default=list, blank=True)
    presentation = models.TextField(_("présentation"), blank=True, max_length=2000)
    is_listed = models.BooleanField(_("accepte d’être proposée aux projets"), default=False)
    calendar_token = models.CharField(_("jeton de l’agenda"), max_length=43, unique=True, default=calendar_token)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        verbose_name = _("profil d’entreprise")
        verbose_name_plural = _("profils d’entreprise")

    def __str__(self) -> str:
        return f"{self.organisation_id}"


class Note(models.Model):
    """What a delegate notes of an organisation of the basin. Read by the regional teams alone."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="delegate_notes", verbose_name=_("organisation")
    )
    region = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name=_("région"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("auteur"))
    text = models.TextField(_("note"), max_length=4000)
    at = models.DateTimeField(_("écrite le"), auto_now_add=True)

    class Meta:
        verbose_name = _("note de terrain")
        verbose_name_plural = _("notes de terrain")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:60]


class Acquaintance(models.Model):
    """Two organisations that know each other, as one of them or a delegate said. Stored once, lower id first."""

    first = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("première"))
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("seconde"))
    how = models.CharField(_("comment"), max_length=200, blank=True)
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("dit par"))
    at = models.DateTimeField(_("dit le"), auto_now_add=True)

    class Meta:
        verbose_name = _("connaissance")
        verbose_name_plural = _("connaissances")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_acquaintance_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="acquaintance_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"
