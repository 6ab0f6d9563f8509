"""The ledger: double entry in integer cents, append-only. Balances are sums of postings and are stored nowhere.

A movement's postings are written first, then the movement itself: a trigger refuses a movement whose postings do not
sum to zero, a posting added to a movement that exists, and any change of either; the deferred foreign key refuses
postings that no movement closes.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from terreau.calls.models import Window
from terreau.funding.lifecycle import Account, Cause
from terreau.funding.models.agreements import Agreement
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

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.cause} {self.key}"


class Posting(models.Model):
    """Cents put in an account (positive) or taken from it (negative) by a movement."""

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="postings", verbose_name=_("mouvement"))
    account = models.CharField(_("compte"), max_length=12, choices=Account)
    amount_cents = models.BigIntegerField(_("montant"))
    window = models.ForeignKey(Window, models.PROTECT, related_name="postings", verbose_name=_("période"))
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name=_("dossier")
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name=_("convention")
    )

    class Meta:
        verbose_name = _("écriture")
        verbose_name_plural = _("écritures")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(amount_cents=0), name="posting_not_nothing")]
        indexes = [
            models.Index(fields=["window", "account", "amount_cents"], name="posting_window_account"),
            models.Index(fields=["application", "account", "amount_cents"], name="posting_application"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_cents}"
