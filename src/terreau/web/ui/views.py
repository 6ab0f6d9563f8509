from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.web.ui.context import THEMES
from terreau.web.ui.forms import SampleForm

YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def theme(request):
    chosen = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("public:home")
    response = HttpResponseRedirect(back)
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@login_not_required
def components(request):
    """Every component, alive: shown where the site is being built or demonstrated."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    if "confirmer" in request.GET:
        asked = {
            "title": _("Retirer ce dossier ?"),
            "text": _("Le financeur ne l’examinera plus. Vous ne pourrez pas revenir en arrière."),
            "action": _("Retirer le dossier"),
            "danger": True,
            "back": reverse("ui:components"),
        }
        return render(request, "ui/confirm.html", asked)
    form = SampleForm(request.GET if "essayer" in request.GET else None)
    rows = [("Grand Est", 41), ("Hauts-de-France", 33), ("La Réunion", 9), ("Corse", 0)]
    steps = [
        {"label": "Projet", "url": "#", "state": "done"},
        {"label": "Budget", "url": "#", "state": "error"},
        {"label": "Pièces", "url": "#", "state": "current"},
        {"label": "Dépôt", "state": "todo"},
    ]
    page = Paginator(range(400), 20).get_page(request.GET.get("page"))
    return render(request, "ui/components.html", {"form": form, "rows": rows, "steps": steps, "page": page})
