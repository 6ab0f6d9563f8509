"""Gifts, the right to issue receipts, receipts that never change, and what a donor needs for its yearly statement."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Organisation, User
from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models.commitments import Commitment
from terreau.projects.models import Application


class Entitlement(models.Model):
    """What a body declares of its right to issue tax receipts (CGI art. 238 bis, 1): nobody is entitled by default."""

    class Basis(models.TextChoices):
        NONE = "none", _("aucune")
        SELF_ASSESSMENT = "self_assessment", _("auto-évaluation")
        RULING = "ruling", _("rescrit favorable")
        PUBLIC_UTILITY = "public_utility", _("reconnaissance d’utilité publique")

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="entitlement", verbose_name=_("structure")
    )
    has_nonprofit_main_activity = models.BooleanField(_("activité principale non lucrative"), null=True, blank=True)
    is_disinterested = models.BooleanField(_("gestion désintéressée"), null=True, blank=True)
    is_open = models.BooleanField(_("sert un public ouvert, pas un cercle restreint"), null=True, blank=True)
    basis = models.CharField(_("base"), max_length=16, choices=Basis, default=Basis.NONE)
    since = models.DateField(_("date du rescrit ou de la reconnaissance"), null=True, blank=True)
    proof = models.FileField(_("preuve"), upload_to="entitlements/%Y/%m/", blank=True)
    proof_name = models.CharField(_("nom de la preuve"), max_length=120, blank=True)
    proof_mime = models.CharField(_("type de la preuve"), max_length=100, blank=True)
    proof_digest = models.CharField(_("empreinte de la preuve"), max_length=64, blank=True)
    purpose = models.CharField(_("objet de la structure"), max_length=300, blank=True)
    signatory = models.CharField(_("personne habilitée à signer"), max_length=120, blank=True)
    capacity = models.CharField(_("qualité"), max_length=80, blank=True)
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("déclaré par"))
    declared_at = models.DateTimeField(_("déclaré le"), auto_now=True)

    class Meta:
        verbose_name = _("droit aux reçus fiscaux")
        verbose_name_plural = _("droits aux reçus fiscaux")

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.basis}"


class Gift(models.Model):
    """One gift on one day. `amount_cents` is what the law lets count: cost price in kind, time within its cap.

    `details` keeps how it was valued (parameters, quantities, ceilings). A gift with an issued receipt never changes.
    """

    class Kind(models.TextChoices):
        MONEY = "money", _("argent")
        GOODS = "goods", _("matériel ou marchandises")
        SKILLS = "skills", _("temps de travail")

    class Payment(models.TextChoices):
        TRANSFER = "transfer", _("virement")
        CHEQUE = "cheque", _("chèque")
        CARD = "card", _("carte")
        CASH = "cash", _("espèces")

    donor = models.ForeignKey(Organisation, models.PROTECT, related_name="gifts", verbose_name=_("donateur"))
    recipient = models.ForeignKey(
        Organisation, models.PROTECT, related_name="gifts_received", verbose_name=_("bénéficiaire du don")
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name=_("projet")
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name=_("engagement")
    )
    donor_form = models.CharField(_("forme juridique du donateur"), max_length=80, blank=True)
    kind = models.CharField(_("nature"), max_length=6, choices=Kind)
    payment = models.CharField(_("mode de versement"), max_length=8, choices=Payment, blank=True)
    amount_cents = models.BigIntegerField(_("montant"))
    return_cents = models.BigIntegerField(_("valeur des contreparties"), default=0)
    description = models.CharField(_("description"), max_length=300, blank=True)
    details = models.JSONField(_("calcul de la valeur"), default=dict)
    given_on = models.DateField(_("donné le"), db_index=True)
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("saisi par"))
    recorded_at = models.DateTimeField(_("saisi le"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmé par")
    )
    confirmed_at = models.DateTimeField(_("confirmé par le bénéficiaire le"), null=True, blank=True)

    class Meta:
        verbose_name = _("don")
        verbose_name_plural = _("dons")
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="gift_positive"),
            models.CheckConstraint(condition=Q(return_cents__gte=0), name="gift_return_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.donor_id} → {self.recipient_id}, {self.given_on}"


class Receipt(models.Model):
    """A tax receipt (model 2041-MEC-SD, Cerfa 16216*02): numbered without gaps, frozen, voided and replaced.

    Triggers refuse any change but the void, and any deletion. `token` opens the verification page, which shows the
    number and the digest, nothing else.
    """

    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="receipts", verbose_name=_("émetteur"))
    year = models.PositiveSmallIntegerField(_("année"))
    number = models.PositiveIntegerField(_("numéro"))
    gift = models.ForeignKey(Gift, models.PROTECT, related_name="receipts", verbose_name=_("don"))
    state = models.CharField(_("état"), max_length=6, choices=ReceiptState, default=ReceiptState.ISSUED)
    content = models.JSONField(_("contenu"))
    digest = models.CharField(_("empreinte SHA-256"), max_length=64)
    token = models.CharField(_("jeton de vérification"), max_length=32, unique=True)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("délivré par"))
    issued_at = models.DateTimeField(_("délivré le"))
    voided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("annulé par")
    )
    voided_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    void_reason = models.CharField(_("motif de l’annulation"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement", verbose_name=_("remplace")
    )

    class Meta:
        verbose_name = _("reçu fiscal")
        verbose_name_plural = _("reçus fiscaux")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "number"], name="receipt_number"),
            models.UniqueConstraint(
                fields=["gift"], condition=Q(state=ReceiptState.ISSUED), name="one_receipt_in_force_a_gift"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number:04}"


class Exercise(models.Model):
    """One fiscal year of a donor firm, as it typed it, for its own statement. Read by the firm alone."""

    company = models.ForeignKey(Organisation, models.CASCADE, related_name="exercises", verbose_name=_("entreprise"))
    closes_on = models.DateField(_("clôture"))
    turnover_cents = models.BigIntegerField(_("chiffre d’affaires hors taxes"))
    tax_cents = models.BigIntegerField(_("impôt dû"), null=True, blank=True)
    other_gifts_cents = models.BigIntegerField(_("dons faits ailleurs"), default=0)
    typed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("saisi par"))

    class Meta:
        verbose_name = _("exercice")
        verbose_name_plural = _("exercices")
        ordering = ["-closes_on"]
        constraints = [
            models.UniqueConstraint(fields=["company", "closes_on"], name="one_exercise_a_closing"),
            models.CheckConstraint(
                condition=Q(turnover_cents__gte=0, other_gifts_cents__gte=0), name="exercise_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}, {self.closes_on}"
