"""The pages of a firm's space, in the order of its path."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

TABS = (
    ("company:overview", _("Accueil")),
    ("company:projects", _("Projets")),
    ("company:commitments", _("Engagements")),
    ("company:agenda", _("Agenda")),
    ("company:gifts", _("Dons et reçus")),
    ("company:profile", _("Profil")),
)


def of(company):
    """(label, address) of each."""
    return [(label, reverse(name, args=[company.pk])) for name, label in TABS]
