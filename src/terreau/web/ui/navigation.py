"""The way into each space, composed from what a person is; a space that is not there yet has no link."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Role


class Link(NamedTuple):
    url: str
    label: str
    current: bool


PUBLIC = (
    ("public:calls", _("Appels à projets")),
    ("public:projects", _("Projets soutenus")),
    ("public:figures", _("Chiffres")),
    ("public:territories", _("Territoires")),
)
LEGAL = (
    ("public:barometer", _("Baromètre des dons")),
    ("public:grants", _("Subventions publiées")),
    ("public:legal", _("Mentions légales")),
    ("public:accessibility", _("Accessibilité")),
    ("public:privacy", _("Données personnelles")),
    ("public:sitemap", _("Plan du site")),
)
SPACES = (
    ("office:home", _("Bureau"), {Role.OFFICER, Role.DELEGATE, Role.CHAIR, Role.ADMINISTRATOR}),
    ("jury:home", _("Jury"), {Role.JUROR, Role.CHAIR}),
    ("applicant:home", _("Mes dossiers"), {Role.HOLDER}),
    ("company:home", _("Mon entreprise"), {Role.CONTACT, Role.MENTOR}),
)


def link(name: str, label: str, path: str) -> Link | None:
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    of_an_edition = name == "public:figures" and path.endswith(url)  # /editions/2025/chiffres/
    here = path.startswith(url) or of_an_edition
    return Link(url, label, current=here and url != "/")


def present(names, path: str) -> list[Link]:
    return [found for name, label in names if (found := link(name, label, path))]


def of(user, path: str) -> dict[str, list[Link]]:
    """The links of the header: the public site for everybody, then the spaces of this person."""
    if not user.is_authenticated:
        return {"public": present(PUBLIC, path), "own": []}
    roles = {m.role for m in user.active_memberships}
    spaces = [(name, label) for name, label, wanted in SPACES if roles & wanted]
    account = ("member:account", _("Mon compte"))
    return {"public": present(PUBLIC, path), "own": present([*spaces, account], path)}
