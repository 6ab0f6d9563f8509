"""A proposal in words, for every space that shows one: why it is made, and the answers that it takes."""

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from terreau.engagement.lifecycle import Because, Form
from terreau.engagement.rulebook.matching import PARTS, matching_on


def waits(proposal, today):
    """Never answered, or put off to a day that has come."""
    return not proposal.answer or bool(proposal.again_on and proposal.again_on <= today)


def why(proposal, themes, forms, labels):
    """One sentence: what makes this pair, the strongest reason first.

    `themes` and `forms` are what both have; `labels` the words of the themes.
    """
    told = proposal.parts.get("telling", [])
    said = [_said(name, proposal, themes, forms, labels) for name in told]
    if proposal.parts.get("introduced"):
        said.insert(0, _("présenté par la délégation régionale"))
    text = ", ".join(part for part in said if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _said(name, proposal, themes, forms, labels):
    listed = ", ".join(labels.get(key, key) for key in themes)
    offered = ", ".join(str(Form(key).label) for key in forms)
    words = {
        "distance": distance(proposal.parts.get("km")),
        "basin": _("dans le même bassin d’emploi"),
        "theme": _("en commun : %(themes)s") % {"themes": listed} if listed else "",
        "offers": _("cherché et proposé : %(forms)s") % {"forms": offered} if offered else "",
        "sector": _("un métier qui s’engage souvent sur ces sujets"),
        "text": _("un métier proche du projet"),
    }
    return words.get(name, "")


def distance(km):
    if km is None:
        return ""
    return _("à moins d’un kilomètre") if km < 1 else _("à %(km)s km") % {"km": number_format(round(km))}


def reasons(themes, forms, labels):
    """The reasons for a no, as choices: a form or a theme carries its key."""
    return [
        *((f"form:{key}", _("Pas cette forme : %(form)s") % {"form": Form(key).label}) for key in forms),
        *((f"theme:{key}", _("Pas ce sujet : %(theme)s") % {"theme": labels.get(key, key)}) for key in themes),
        *((because.value, because.label.capitalize()) for because in (Because.FAR, Because.KNOWN, Because.OTHER)),
    ]


def answered(data):
    """What was posted of an answer, as the action takes it."""
    because, _colon, about = data.get("because", "").partition(":")
    return {"said": data.get("answer", ""), "because": because, "about": about, "reason": data.get("reason", "")}


def method():
    """How the ranking is made, for the page: what each part counts for, and the rules beside it."""
    rules = matching_on(timezone.localdate())
    return {"rules": rules, "parts": [(label, getattr(rules, name)) for name, label in PARTS.items()]}
