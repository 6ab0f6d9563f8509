"""A call, its frozen versions, its selection windows."""

from functools import cached_property

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Organisation, User
from terreau.calls import rulebook
from terreau.calls.lifecycle import State


class Call(models.Model):
    """A call for projects of one edition. Its rules live in versions; the newest published one is in force."""

    funder = models.ForeignKey(Organisation, models.PROTECT, related_name="calls", verbose_name=_("financeur"))
    slug = models.SlugField(_("adresse"), unique=True)
    title = models.CharField(_("titre"), max_length=200)
    edition = models.PositiveSmallIntegerField(_("édition"))
    summary = models.TextField(_("présentation"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DRAFT, db_index=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("copié de"))
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("appel à projets")
        verbose_name_plural = _("appels à projets")
        ordering = ["-edition", "title"]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def current(self) -> "Version | None":
        """The version in force: the newest published one."""
        return self.versions.filter(published_at__lte=timezone.now()).order_by("-number").first()

    @cached_property
    def rules(self) -> rulebook.Rulebook:
        """The rules in force, or those in preparation while nothing is published."""
        version = self.current or self.versions.order_by("-number").first()
        return version.rulebook if version else rulebook.Rulebook()


class Version(models.Model):
    """The whole rules of a call at one date. A published version never changes: a database trigger sees to it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="versions", verbose_name=_("appel"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    content = models.JSONField(_("contenu"), default=dict)
    note = models.TextField(_("ce qui change"), blank=True)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("publiée par")
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="call_version_number"),
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(published_at=None), name="one_version_in_preparation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}, version {self.number}"

    @cached_property
    def rulebook(self) -> rulebook.Rulebook:
        return rulebook.parse(self.content)


class Window(models.Model):
    """A selection window: what applications are attached to. Kept in step with the version in force."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="windows", verbose_name=_("appel"))
    key = models.SlugField(_("clé"))
    label = models.CharField(_("nom"), max_length=100)
    opens_at = models.DateTimeField(_("ouverture"))
    deadline = models.DateTimeField(_("date limite"))
    committee_on = models.DateField(_("comité"), null=True, blank=True)
    envelope_cents = models.BigIntegerField(_("enveloppe, en centimes"))

    class Meta:
        verbose_name = _("période de sélection")
        verbose_name_plural = _("périodes de sélection")
        ordering = ["deadline"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="window_key")]

    def __str__(self) -> str:
        return self.label

    def is_open(self) -> bool:
        return self.opens_at <= timezone.now() <= self.deadline
