from django.shortcuts import render
from django.utils.translation import gettext as _

from terreau.engagement.queries import relays as queries
from terreau.engagement.queries import words
from terreau.engagement.rulebook.matching import RELAYING
from terreau.web.office.basin.forms import RelayForm
from terreau.web.office.basin.scope import team_only
from terreau.web.ui.proposals import distance


@team_only
def relays(request):
    """Associations that can help near. The need is posted, answered on the page, and kept nowhere."""
    form = RelayForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        ranked = queries.relays(told["place"], theme=told["theme"], public=told["public"], text=told["text"])
        labels = {"theme": words.themes(), "public": words.publics()}
        found = [{"project": project, "why": why(relay, told, labels)} for project, relay in ranked]
    context = {"form": form, "found": found, "points": RELAYING}
    return render(request, "office/basin/relays.html", context, status=422 if form.errors else 200)


relays.forgets = True  # a session that ended keeps nothing of it either


def why(relay, told, labels):
    """One sentence: what makes this relay, the strongest reason first."""
    near = _("intervient dans cette commune") if relay.parts["place"] >= RELAYING.place else distance(relay.km)
    said = {
        "place": near,
        "theme": _("le sujet\u00a0: %(theme)s") % {"theme": labels["theme"].get(told["theme"], told["theme"])},
        "public": _("le public\u00a0: %(public)s") % {"public": labels["public"].get(told["public"], told["public"])},
        "text": _("des mots proches du besoin"),
    }
    text = ", ".join(said[name] for name in relay.telling if said[name])
    return f"{text[:1].upper()}{text[1:]}." if text else ""
