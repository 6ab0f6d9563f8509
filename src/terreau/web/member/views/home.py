"""After signing in: each person goes to their space; who has several chooses, and sees what waits in each."""

from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from terreau.accounts import queries
from terreau.accounts.models import Role

STAFF = {Role.OFFICER, Role.DELEGATE, Role.CHAIR, Role.ADMINISTRATOR}
SPACES = (  # name of the space, its title, what one does there, for which roles
    ("office", _("Bureau"), _("Suivre les dossiers, donner un avis, préparer le comité."), STAFF),
    ("jury", _("Jury"), _("Lire et noter les dossiers qui vous sont confiés."), {Role.JUROR, Role.CHAIR}),
    ("applicant", _("Mes dossiers"), _("Préparer, déposer et suivre vos projets."), {Role.HOLDER}),
    ("company", _("Mon entreprise"), _("Voir les projets près de chez vous."), {Role.CONTACT, Role.MENTOR}),
)


def home(request):
    waiting = queries.awaiting(request.user)
    spaces = own_spaces(request.user)
    if len(spaces) == 1 and not any(waiting.values()):
        return redirect(spaces[0]["url"])
    return render(request, "member/home.html", {"spaces": spaces, "waiting": waiting})


def own_spaces(user):
    roles = {m.role for m in user.active_memberships}
    found = []
    for name, title, text, wanted in SPACES:
        if roles & wanted and (url := address(f"{name}:home")):
            found.append({"url": url, "title": title, "text": text, "waiting": awaits(name, user)})
    return found


def address(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def awaits(space, user):
    """What waits in a space, in a few words."""
    if space == "jury":
        count = sum(1 for m in user.active_memberships for _r in m.reviews.filter(state__in=("assigned", "started")))
        return ngettext("%(n)d lecture à rendre", "%(n)d lectures à rendre", count) % {"n": count} if count else ""
    return ""
