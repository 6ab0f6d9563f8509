"""What is paid: instalments, bank accounts, payment runs, and what has to be given back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Organisation, User
from terreau.funding.lifecycle import ClawbackState, InstalmentState, PaymentState, RunState
from terreau.funding.models.agreements import Agreement
from terreau.projects.models import Document


class Instalment(models.Model):
    """A part of the grant, paid when its condition is met."""

    class Condition(models.TextChoices):
        SIGNATURE = "signature", _("à la signature")
        MILESTONE = "milestone", _("après le point d’étape accepté")
        FINAL = "final", _("après le bilan final accepté")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="instalments", verbose_name=_("convention"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    condition = models.CharField(_("condition"), max_length=10, choices=Condition)
    amount_cents = models.BigIntegerField(_("montant"))
    due_on = models.DateField(_("prévu le"))
    state = models.CharField(
        _("état"), max_length=10, choices=InstalmentState, default=InstalmentState.PLANNED, db_index=True
    )
    released_on = models.DateField(_("à payer depuis le"), null=True, blank=True)
    paid_on = models.DateField(_("payé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("versement")
        verbose_name_plural = _("versements")
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="instalment_number"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="instalment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}, {self.number}"


class BankAccount(models.Model):
    """Where an organisation is paid, or what a funder pays from. A new one replaces the former: none is ever edited.

    Who checked it is not who typed it. `refusal` says why an account was set aside instead of checked.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="bank_accounts", verbose_name=_("structure")
    )
    holder_name = models.CharField(_("titulaire"), max_length=70)
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    proof = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("relevé d’identité bancaire")
    )
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("saisi par"))
    entered_at = models.DateTimeField(_("saisi le"), auto_now_add=True)
    checked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("vérifié par")
    )
    checked_at = models.DateTimeField(_("vérifié le"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("remplacé le"), null=True, blank=True)
    refusal = models.TextField(_("pourquoi il est écarté"), blank=True)

    class Meta:
        verbose_name = _("compte bancaire")
        verbose_name_plural = _("comptes bancaires")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(replaced_at=None), name="one_bank_account_in_force"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(entered_by=None) | ~Q(checked_by=models.F("entered_by")),
                name="checker_is_not_enterer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_name} …{self.iban[-4:]}"


class PaymentRun(models.Model):
    """Payments that leave for the bank together. Who approves is not who prepared.

    `content` is the file as it was handed over, kept whole: every download gives the same bytes, named by `digest`.
    """

    number = models.CharField(_("numéro"), max_length=20, unique=True)
    funder = models.ForeignKey(Organisation, models.PROTECT, related_name="payment_runs", verbose_name=_("financeur"))
    debtor = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name=_("compte débité"))
    state = models.CharField(_("état"), max_length=10, choices=RunState, default=RunState.PREPARED)
    executes_on = models.DateField(_("date d’exécution"))
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("préparé par"))
    prepared_at = models.DateTimeField(_("préparé le"), auto_now_add=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approuvé par")
    )
    approved_at = models.DateTimeField(_("approuvé le"), null=True, blank=True)
    content = models.TextField(_("fichier remis"), blank=True)
    digest = models.CharField(_("empreinte SHA-256 du fichier remis"), max_length=64, blank=True)
    sent_at = models.DateTimeField(_("remis le"), null=True, blank=True)

    class Meta:
        verbose_name = _("ordre de paiement")
        verbose_name_plural = _("ordres de paiement")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("prepared_by")), name="approver_is_not_preparer"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """One line of a run. At most one payment of an instalment lives: the database refuses a second."""

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="payments", verbose_name=_("ordre"))
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="payments", verbose_name=_("versement"))
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name=_("compte crédité"))
    amount_cents = models.BigIntegerField(_("montant"))
    end_to_end = models.CharField(_("référence de bout en bout"), max_length=35, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=PaymentState, default=PaymentState.PREPARED)
    settled_on = models.DateField(_("exécuté le"), null=True, blank=True)
    rejection = models.CharField(_("motif du rejet"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payment_positive"),
            models.UniqueConstraint(
                fields=["instalment"],
                condition=Q(state__in=[PaymentState.PREPARED, PaymentState.SENT, PaymentState.SETTLED]),
                name="an_instalment_is_paid_once",
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end


class Clawback(models.Model):
    """A sum that the holder has to give back, and what became of it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="clawbacks", verbose_name=_("convention"))
    amount_cents = models.BigIntegerField(_("montant"))
    reason = models.TextField(_("motif"))
    due_on = models.DateField(_("à reverser avant le"))
    state = models.CharField(_("état"), max_length=9, choices=ClawbackState, default=ClawbackState.CLAIMED)
    claimed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("demandé par"))
    claimed_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    ended_on = models.DateField(_("reversé ou abandonné le"), null=True, blank=True)

    class Meta:
        verbose_name = _("reversement")
        verbose_name_plural = _("reversements")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="clawback_positive")]

    def __str__(self) -> str:
        return f"{self.agreement}, {self.amount_cents}"
