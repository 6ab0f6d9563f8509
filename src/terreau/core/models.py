"""What every step of the path leaves behind: a line in the journal, a message in the post."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the journal: who did what to what, when. Append-only: a database trigger refuses the rest.

    The actor is kept as a number and a label, not a key: the line outlives the account.
    """

    at = models.DateTimeField(_("date"), auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(_("auteur"), null=True)
    actor_label = models.CharField(_("nom de l’auteur"), max_length=200)
    subject_type = models.CharField(_("type d’objet"), max_length=60)
    subject_id = models.CharField(_("objet"), max_length=40)
    verb = models.CharField(_("action"), max_length=60)
    details = models.JSONField(_("détails"), default=dict)

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="journal_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.verb} {self.subject_type} {self.subject_id}"


class Mail(models.Model):
    """An e-mail that leaves once. Its key says what it is about: the same key is never posted again."""

    class State(models.TextChoices):
        QUEUED = "queued", _("en attente")
        SENDING = "sending", _("envoi en cours")
        SENT = "sent", _("envoyé")
        FAILED = "failed", _("échec")

    key = models.CharField(_("clé"), max_length=120, unique=True)
    to = models.EmailField(_("destinataire"))
    subject = models.CharField(_("objet"), max_length=200)
    body = models.TextField(_("texte"))
    calendar = models.TextField(_("invitation jointe (iCalendar)"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.QUEUED, db_index=True)
    error = models.TextField(_("erreur"), blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    claimed_at = models.DateTimeField(_("envoi commencé le"), null=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
