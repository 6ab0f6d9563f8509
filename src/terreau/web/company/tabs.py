"""The pages of a firm's space, in the order of its path; a page that is not there yet has no tab."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

TABS = (
    ("company:overview", _("Accueil")),
    ("company:projects", _("Projets")),
    ("company:commitments", _("Engagements")),
    ("company:agenda", _("Agenda")),
    ("company:gifts", _("Dons et reçus")),
    ("company:profile", _("Profil")),
)


def address(name: str, *args) -> str:
    """Where a page of the space is; empty while it is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def of(company):
    """(label, address) of each page that is there."""
    return [(label, url) for name, label in TABS if (url := address(name, company.pk))]
