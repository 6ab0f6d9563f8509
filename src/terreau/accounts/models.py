"""People, organisations, and who may act for which: every role is a membership that can end."""

import secrets
from functools import cached_property

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.accounts import identifiers
from terreau.territories.models import Territory


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)


class Role(models.TextChoices):
    OFFICER = "officer", _("chargé·e de programme")
    DELEGATE = "delegate", _("délégué·e régional·e")
    JUROR = "juror", _("juré·e")
    CHAIR = "chair", _("président·e de comité")
    ADMINISTRATOR = "administrator", _("administrateur·rice")
    HOLDER = "holder", _("porteur de projet")
    CONTACT = "contact", _("contact d’entreprise")
    MENTOR = "mentor", _("mentor")


FUNDER_ROLES = frozenset({Role.OFFICER, Role.DELEGATE, Role.JUROR, Role.CHAIR, Role.ADMINISTRATOR})
MANAGING_ROLES = frozenset({Role.OFFICER, Role.ADMINISTRATOR, Role.HOLDER, Role.CONTACT})  # invite, correct, end


class User(AbstractUser):
    """A person who signs in with an e-mail address. Without a membership, a participant and nothing more."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("adresse e-mail"), unique=True)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()  # type: ignore[misc, assignment]

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @cached_property
    def active_memberships(self) -> "list[Membership]":
        """Read once a request: every permission rests on it."""
        if not self.pk:
            return []
        return list(self.memberships.filter(left_at=None).select_related("organisation").prefetch_related("regions"))

    def has_role(self, *roles: str) -> bool:
        return any(m.role in roles for m in self.active_memberships)

    def region_ids(self) -> set[int]:
        """The régions that a delegate looks after."""
        return {r.pk for m in self.active_memberships if m.role == Role.DELEGATE for r in m.regions.all()}


class LegalForm(models.TextChoices):
    ASSOCIATION = "association", _("association loi 1901")
    LOCAL_ASSOCIATION = "local_association", _("association de droit local (Alsace-Moselle)")
    FOUNDATION = "foundation", _("fondation")
    ENDOWMENT_FUND = "endowment_fund", _("fonds de dotation")
    MUTUAL = "mutual", _("mutuelle, union ou fédération")
    COOPERATIVE = "cooperative", _("coopérative")
    ESUS = "esus", _("entreprise solidaire d’utilité sociale (ESUS)")
    COMMERCIAL_SSE = "commercial_sse", _("société commerciale de l’ESS")
    COMPANY = "company", _("autre entreprise")
    PUBLIC_BODY = "public_body", _("organisme public")


class Organisation(models.Model):
    """An association, a company, a public actor or a funder, known by its SIRET, its RNA or its local register."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("association ou structure de l’ESS")
        COMPANY = "company", _("entreprise")
        PUBLIC = "public", _("acteur public")
        FUNDER = "funder", _("financeur")

    kind = models.CharField(_("type"), max_length=12, choices=Kind)
    name = models.CharField(_("nom"), max_length=200)
    siret = models.CharField(_("SIRET"), max_length=14, null=True, blank=True, unique=True)
    rna = models.CharField(_("numéro RNA"), max_length=10, null=True, blank=True, unique=True)
    register = models.CharField(
        _("registre local"),
        max_length=120,
        blank=True,
        help_text=_("Alsace-Moselle : tribunal, volume et folio."),
    )
    legal_form = models.CharField(_("forme juridique"), max_length=20, choices=LegalForm)
    founded_on = models.DateField(_("date de création"), null=True, blank=True)
    accounts_closed = models.BooleanField(_("a clos au moins un exercice comptable"), null=True, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    commune = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, verbose_name=_("commune du siège"))
    website = models.URLField(_("site internet"), blank=True)
    is_public_authority = models.BooleanField(_("autorité administrative"), default=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def siret_shown(self) -> str:
        return identifiers.siret_shown(self.siret)

    @property
    def siren(self) -> str:
        return (self.siret or "")[:9]


class Membership(models.Model):
    """A person acts for an organisation in a role, until they leave: then access ends at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("personne"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("rôle"), max_length=14, choices=Role)
    regions = models.ManyToManyField(Territory, blank=True, verbose_name=_("régions suivies"))
    joined_at = models.DateTimeField(_("depuis"), auto_now_add=True)
    left_at = models.DateTimeField(_("jusqu’au"), null=True, blank=True)

    class Meta:
        verbose_name = _("appartenance")
        verbose_name_plural = _("appartenances")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(left_at=None),
                name="one_active_membership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"


def invitation_token() -> str:
    return secrets.token_urlsafe(32)


class Invitation(models.Model):
    """A place kept for somebody in an organisation, taken with the link sent by e-mail."""

    token = models.CharField(_("jeton"), max_length=64, unique=True, default=invitation_token)
    email = models.EmailField(_("adresse e-mail"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    role = models.CharField(_("rôle"), max_length=14, choices=Role)
    regions = models.ManyToManyField(Territory, blank=True, verbose_name=_("régions suivies"))
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("invité par"))
    created_at = models.DateTimeField(_("envoyée le"), default=timezone.now)
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()


class JoinRequest(models.Model):
    """Somebody asks to act for an organisation that is already known: its members answer, nobody enters silently."""

    user = models.ForeignKey(User, models.CASCADE, related_name="join_requests", verbose_name=_("personne"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="join_requests", verbose_name=_("organisation")
    )
    role = models.CharField(_("rôle"), max_length=14, choices=Role)
    message = models.TextField(_("message"), blank=True, max_length=1000)
    created_at = models.DateTimeField(_("envoyée le"), auto_now_add=True)
    answered_at = models.DateTimeField(_("répondue le"), null=True, blank=True)
    granted = models.BooleanField(_("acceptée"), null=True, blank=True)

    class Meta:
        verbose_name = _("demande d’accès")
        verbose_name_plural = _("demandes d’accès")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(answered_at=None), name="one_open_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.organisation}"
