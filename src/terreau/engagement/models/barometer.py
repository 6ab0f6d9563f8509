"""The published figures of one calendar year of gifts: written once, never again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import User


class BarometerEdition(models.Model):
    """What the public reads of a year that is over. `content` holds no hidden value, only that a cell is hidden.

    A year is published once and stays as it is: two versions of it, subtracted, would tell what changed between them.
    """

    year = models.PositiveSmallIntegerField(_("année"), unique=True)
    content = models.JSONField(_("contenu"))
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("arrêtée par"))
    closed_at = models.DateTimeField(_("arrêtée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("édition du baromètre")
        verbose_name_plural = _("éditions du baromètre")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)
