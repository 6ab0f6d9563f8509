"""The pages of the office, under the header."""

from django import template
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Role
from terreau.web.ui import navigation

register = template.Library()
NATIONAL = {Role.OFFICER, Role.CHAIR, Role.ADMINISTRATOR}
PAGES = (
    ("office:home", _("Tableau de bord"), None),
    ("office:files", _("Dossiers"), None),
    ("office:region", _("Régions"), None),
    ("office:basin", _("Bassin"), {Role.OFFICER, Role.DELEGATE}),
    ("office:calls", _("Appels"), {Role.OFFICER, Role.ADMINISTRATOR}),
    ("office:assignments", _("Lectures"), NATIONAL),
    ("office:committees", _("Comités"), NATIONAL),
    ("office:letters", _("Courriers"), NATIONAL),
    ("office:agreements", _("Conventions"), None),
    ("office:follow", _("Suivi"), None),
    ("office:payments", _("Versements"), NATIONAL),
    ("office:envelope", _("Enveloppe"), NATIONAL),
    ("office:barometer", _("Baromètre"), {Role.OFFICER}),
)


@register.inclusion_tag("ui/subnav.html", takes_context=True)
def office_pages(context):
    """Those that this person opens and that are there."""
    request = context["request"]
    roles = {m.role for m in request.user.active_memberships}
    wanted = [(name, label) for name, label, who in PAGES if who is None or roles & who]
    pairs = [(link.label, link.url) for link in navigation.present(wanted, request.path)]
    inside = [url for _label, url in pairs if request.path.startswith(url)]
    return {"label": _("Pages du bureau"), "pairs": pairs, "current": max(inside, key=len, default="")}


@register.filter
def at(words, key):
    """The word for a key, or the key itself."""
    return words.get(key, key)


@register.filter
def in_fours(iban):
    """An IBAN as it is printed, four signs at a time."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
