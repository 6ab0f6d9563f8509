"""Shared pieces of page, available in every template without {% load %}. The page /composants/ shows each."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django import forms, template
from django.conf import settings
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext

from terreau.core import money
from terreau.engagement.reference import naf
from terreau.web.ui import navigation

register = template.Library()

KINDS = {  # how a state of any life cycle looks; other words are kinds themselves
    **dict.fromkeys(
        ["open", "filled", "selected", "admitted", "done", "obtained", "posted", "favourable", "sent"], "good"
    ),
    **dict.fromkeys(["signed", "paid", "settled", "issued", "acknowledged"], "good"),
    **dict.fromkeys(["submitted", "in_review", "started", "approved", "sending", "queued"], "info"),
    **dict.fromkeys(["offered", "prepared", "agreed", "planned"], "info"),
    **dict.fromkeys(["incomplete", "reserve", "deferred", "sought", "reserved", "assigned", "due"], "warn"),
    **dict.fromkeys(["ineligible", "declined", "refused", "unfavourable", "failed"], "bad"),
    **dict.fromkeys(["terminated", "lapsed", "rejected", "voided"], "bad"),
}
LOOKS = {"good", "info", "warn", "bad", "earth"}


@register.filter
def activity(code, nomenclature=""):
    return naf.told(code, nomenclature)


@register.filter
def euros(cents, decimals=None):
    """`12 500 €` from cents; decimals only where they say something, or as many as asked."""
    return money.euros(cents, decimals=decimals)


@register.filter
def number(value, decimals=0):
    """`12 500` in the reader's locale."""
    if value is None:
        return "–"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-int(decimals)), rounding=ROUND_HALF_UP)
    return formats.number_format(rounded, decimal_pos=int(decimals), force_grouping=True)


@register.filter
def percent(share, decimals=0):
    """A share of one as `14,3 %`."""
    if share is None:
        return "–"
    shown = number(float(share) * 100, decimals)
    return f"{shown}%" if get_language() == "en" else f"{shown}\u00a0%"


@register.filter
def gap(told):
    """`+1 200 € (+12 %)`: the gap between what was planned and what happened."""
    sign = "+" if told.cents > 0 else "\u2212" if told.cents < 0 else ""
    amount = f"{sign}{money.euros(abs(told.cents))}"
    return amount if told.share is None or not told.cents else f"{amount} ({sign}{percent(abs(told.share), 1)})"


@cache
def drawing(name):
    """The inside of a picture of bootstrap-icons."""
    text = (settings.NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text()
    return re.sub(r"\s+", " ", text[text.index(">") + 1 : text.rindex("</svg>")]).strip()


@register.simple_tag
def icon(name, label=""):
    """A picture beside a text, hidden from those who listen; with a label, it speaks."""
    inside = mark_safe(drawing(name))  # noqa: S308 - a file of the locked package
    if label:
        return format_html('<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, inside)
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>', inside)


@register.simple_tag
def badge(label, kind=""):
    """A label with a colour: a kind (good, info, warn, bad, earth) or the state of a life cycle."""
    look = kind if kind in LOOKS else KINDS.get(str(kind), "")
    return format_html('<span class="tag{}">{}</span>', f" tag-{look}" if look else "", label)


@register.inclusion_tag("ui/empty_state.html")
def empty_state(title, text="", url="", action="", picture="flower1"):
    return {"title": title, "text": text, "url": url, "action": action, "picture": picture}


@register.inclusion_tag("ui/stat.html")
def stat(label, value, hint=""):
    """One key figure, inside <dl class="stats">."""
    return {"label": label, "value": value, "hint": hint}


@register.inclusion_tag("ui/steps.html")
def steps(items, label=""):
    """Where one is in a task: items with `label`, `url` and `state` (done, current, error, todo)."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/crumbs.html")
def crumbs(*parts):
    """The way here: label, address, label, address, …, label of this page."""
    pairs = [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]
    return {"pairs": pairs}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context, page, target=""):
    """The pages of a list; every other parameter of the address is kept."""
    return {
        "request": context.get("request"),
        "page": page,
        "target": target,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }


@register.inclusion_tag("ui/bars.html")
def bars(caption, rows, head="", unit="", show="number"):
    """A chart that is its own table: rows of (label, value) or (label, value, address); show number or euros."""
    rows = [(*row, "")[:3] for row in rows]
    top = max((value or 0 for _label, value, _url in rows), default=0)
    return {
        "caption": caption,
        "head": head,
        "unit": unit or pgettext("colonne", "Nombre"),
        "money": show == "euros",
        "rows": [(label, value, url, f"{100 * (value or 0) / top:.1f}" if top else "0") for label, value, url in rows],
    }


@register.inclusion_tag("ui/meter.html")
def meter(share, label, kind=""):
    """How much of something is used: a share of one, told in words by `label`."""
    full = min(max(float(share or 0), 0), 1)
    return {"width": f"{full * 100:.1f}", "label": label, "kind": kind}


@register.simple_block_tag
def table(content, caption, **options):
    """A table that scrolls by itself on a small screen; `classes` are added to those of the table."""
    return format_html(
        '<div class="table-wrap" tabindex="0" role="region" aria-label="{}">'
        '<table class="table {}"><caption{}>{}</caption>{}</table></div>',
        caption,
        options.get("classes", ""),
        mark_safe(' class="visually-hidden"') if options.get("quiet") else "",
        caption,
        content,
    )


@register.simple_block_tag
def notice(content, kind="info", icon_name=""):
    """A framed message: info, good, warn or bad."""
    picture = icon_name or {"good": "check-circle", "warn": "exclamation-triangle", "bad": "x-octagon"}.get(
        kind, "info-circle"
    )
    return format_html('<div class="notice notice-{}">{}<div>{}</div></div>', kind, icon(picture), content)


@register.inclusion_tag("ui/form_errors.html")
def form_errors(*shown):
    """What has to be mended, with a link to each field; takes several forms or formsets."""
    shown = [one for one in shown if one]
    flat = [form for one in shown for form in getattr(one, "forms", [one])]
    found = [(bound, bound.errors) for form in flat for bound in form if bound.errors]
    general = [e for form in flat if form.is_bound for e in form.non_field_errors()]
    general += [e for one in shown if hasattr(one, "non_form_errors") for e in one.non_form_errors()]
    items = [(anchor(bound), bound.label, error) for bound, errors in found for error in errors]
    return {"general": general, "items": items, "count": len(items) + len(general)}


def anchor(bound):
    """The id of the first control of a field."""
    if many(bound):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def many(bound):
    return isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.inclusion_tag("ui/field.html")
def field(bound, **attrs):
    """A form field: label, help, control, errors, tied together. Further attributes go to the control."""
    attrs = {name.replace("_", "-"): value for name, value in attrs.items()}
    if bound.is_hidden:
        return {"field": bound, "hidden": True}
    if many(bound):
        return {"field": bound, "shape": "many", "choices": [(tag(w), w) for w in bound.subwidgets]}
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        shape, own = "check", "form-check-input"
    else:
        shape = "group" if bound.use_fieldset else "one"
        own = "form-select" if isinstance(widget, forms.Select) else "form-control"
    given = f"{own} {widget.attrs.get('class', '')} {attrs.pop('class', '')}"
    return {
        "field": bound,
        "shape": shape,
        "control": bound.as_widget(attrs={**attrs, "class": " ".join(given.split())}),
    }


def tag(subwidget):
    """One radio button or box, with the class of the house."""
    subwidget.data["attrs"]["class"] = "form-check-input"
    return subwidget.tag()


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def site_navigation(context):
    request = context.get("request")
    user = getattr(request, "user", None)
    links = navigation.of(user, request.path) if user is not None else {"public": [], "own": []}
    return {**links, "user": user, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/footer.html", takes_context=True)
def site_footer(context):
    request = context.get("request")
    legal = navigation.present(navigation.LEGAL, request.path if request else "")
    return {"request": request, "legal": legal, "theme": context.get("theme"), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/subnav.html", takes_context=True)
def subnav(context, label, *parts):
    """The pages of a space, under the header: label of the space, then label, address, label, address…"""
    path = context["request"].path
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    inside = [url for _label, url in pairs if path.startswith(url)]
    return {"label": label, "pairs": pairs, "current": max(inside, key=len, default="")}


@register.filter
def message_kind(level):
    return {"success": "good", "warning": "warn", "error": "bad"}.get(level, "info")


@register.filter
def message_icon(level):
    return {"success": "check-circle", "warning": "exclamation-triangle", "error": "x-octagon"}.get(
        level, "info-circle"
    )
