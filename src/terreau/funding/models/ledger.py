"""The ledger: double entry in integer cents, append-only. Balances are sums of postings and are stored nowhere.

A movement's postings are written first, then the movement itself, which closes them. Triggers refuse a movement whose
postings do not sum to zero or would leave an account below zero, a posting added to a movement that exists, and any
change of either; the deferred foreign key refuses postings that no movement closes. `actions.post` is the door.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from terreau.calls.models import Window
from terreau.funding.lifecycle import ENVELOPE, Account, Cause
from terreau.projects.models import Application


class Movement(models.Model):
    """One movement of money, with its cause and author. The same key is never written twice."""

    id = models.UUIDField(_("identifiant"), primary_key=True, default=uuid.uuid4)
    key = models.CharField(_("clé"), max_length=120, unique=True)
    cause = models.CharField(_("cause"), max_length=8, choices=Cause)
    at = models.DateTimeField(_("date"), db_index=True)
    note = models.CharField(_("motif"), max_length=200, blank=True)
    actor_id = models.BigIntegerField(_("auteur"), null=True)
    actor_label = models.CharField(_("nom de l’auteur"), max_length=200)

    class Meta:
        verbose_name = _("mouvement")
        verbose_name_plural = _("mouvements")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["cause"], name="movement_cause")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.cause} {self.key}"


class Posting(models.Model):
    """Cents put in an account (positive) or taken from it (negative) by a movement.

    The money of the envelope itself belongs to no file; a reservation may be for one; all other money is a file's.
    """

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="postings", verbose_name=_("mouvement"))
    account = models.CharField(_("compte"), max_length=12, choices=Account)
    amount_cents = models.BigIntegerField(_("montant"))
    window = models.ForeignKey(
        Window, models.PROTECT, related_name="postings", db_index=False, verbose_name=_("période")
    )
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        db_index=False,
        verbose_name=_("dossier"),
    )

    class Meta:
        verbose_name = _("écriture")
        verbose_name_plural = _("écritures")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="posting_not_nothing"),
            models.CheckConstraint(
                condition=Q(account=Account.RESERVED)
                | Q(account__in=sorted(ENVELOPE), application=None)
                | Q(~Q(account__in=sorted(ENVELOPE)), application__isnull=False),
                name="posting_of_a_file_or_of_the_envelope",
            ),
        ]
        indexes = [
            models.Index(fields=["window", "account", "application", "amount_cents"], name="posting_window_account"),
            models.Index(fields=["application", "account", "amount_cents"], name="posting_application"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_cents}"
