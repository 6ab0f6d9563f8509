"""The tabs of a firm's space, under the header."""

from django import template
from django.utils.translation import gettext as _

from terreau.web.company import tabs

register = template.Library()


@register.inclusion_tag("ui/subnav.html", takes_context=True)
def company_tabs(context, company):
    path = context["request"].path
    pairs = tabs.of(company)
    inside = [url for _label, url in pairs if path.startswith(url)]
    return {"label": _("Mon entreprise"), "pairs": pairs, "current": max(inside, key=len, default="")}
