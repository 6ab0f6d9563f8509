"""The rules, part by part: parts that fit one form, and parts that are lists of items."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from terreau.calls import actions, queries
from terreau.calls.rulebook import edit
from terreau.web.office.calls.forms.items import FORMS
from terreau.web.office.calls.forms.parts import PARTS
from terreau.web.office.calls.gate import call_or_404, editable, posted, preparers_only

TITLES = {
    "montants": gettext_lazy("Montants"),
    "eligibilite": gettext_lazy("Éligibilité"),
    "listes": gettext_lazy("Listes"),
    "windows": gettext_lazy("Périodes de sélection"),
    "criteria": gettext_lazy("Critères"),
    "documents": gettext_lazy("Pièces demandées"),
    "sections": gettext_lazy("Formulaire"),
}
NEW = {
    "windows": gettext_lazy("Nouvelle période"),
    "criteria": gettext_lazy("Nouveau critère"),
    "documents": gettext_lazy("Nouvelle pièce"),
    "sections": gettext_lazy("Nouvelle section"),
    "questions": gettext_lazy("Nouvelle question"),
}


@preparers_only
def part(request, slug, part):
    """A part of one form: amounts, eligibility, lists."""
    call = editable(request, slug)
    form = PARTS[part](queries.rules_to_edit(call), posted(request))
    if request.method == "POST" and form.is_valid():
        actions.write_rules(call, form.rules(), by=request.user)
        messages.success(request, _("C’est enregistré dans la version en préparation."))
        return redirect("office:call", call.slug)
    context = {"call": call, "form": form, "title": TITLES[part], "part": part}
    return render(request, "office/calls/part.html", context, status=422 if form.errors else 200)


@preparers_only
def items(request, slug, part):
    """A list: windows, criteria, documents, or sections with their questions."""
    call = call_or_404(request, slug)
    if part not in TITLES or part in PARTS:
        raise Http404
    rules = queries.rules_to_edit(call)
    context = {
        "call": call,
        "rules": rules,
        "part": part,
        "title": TITLES[part],
        "new": NEW[part],
        "items": edit.items_of(rules, part),
        "row": ROWS[part],
        "total_weight": sum(c.weight for c in rules.criteria),
        "writable": request.user.has_perm("calls.write", call),
    }
    return render(request, "office/calls/items.html", context)


ROWS = {
    "windows": "office/calls/row_windows.html",
    "criteria": "office/calls/row_criteria.html",
    "documents": "office/calls/row_documents.html",
    "sections": "office/calls/row_sections.html",
}


@preparers_only
def item(request, slug, part, key="", section=""):
    """One item, new or known: its form with its conditions."""
    call = editable(request, slug)
    rules = queries.rules_to_edit(call)
    before = find(rules, part, key, section) if key else None
    if part == "questions" and not any(s.key == section for s in rules.sections):
        raise Http404
    form = FORMS[part](rules, before, section, posted(request))
    if request.method == "POST" and form.is_valid():
        made = form.item()
        changed = edit.put_question(rules, made, form.home) if part == "questions" else edit.put(rules, part, made)
        actions.write_rules(call, changed, by=request.user)
        messages.success(request, _("« %s » est enregistré.") % name_of(made))
        return redirect(back(call, part, made.key))
    context = {"call": call, "form": form, "part": part, "item": before, "section": section, "back": back(call, part)}
    context["title"] = name_of(before) if before else NEW[part]
    context["list_title"] = TITLES["sections" if part == "questions" else part]
    return render(request, "office/calls/item.html", context, status=422 if request.method == "POST" else 200)


@preparers_only
@require_POST
def shift(request, slug, part, key, section=""):
    """One place up or down."""
    call = editable(request, slug)
    rules = queries.rules_to_edit(call)
    find(rules, part, key, section)
    step = -1 if request.POST.get("step") == "up" else 1
    actions.write_rules(call, edit.shift(rules, part, key, step, section), by=request.user)
    return redirect(back(call, part, key))


@preparers_only
def remove(request, slug, part, key, section=""):
    """Take an item out of the version in preparation, after a question."""
    call = editable(request, slug)
    rules = queries.rules_to_edit(call)
    found = find(rules, part, key, section)
    if request.method == "POST":
        actions.write_rules(call, edit.remove(rules, part, key, section), by=request.user)
        messages.success(request, _("« %s » est retiré de la version en préparation.") % name_of(found))
        return redirect(back(call, part))
    context = {
        "call": call,
        "title": _("Retirer « %s »") % name_of(found),
        "text": _("La version publiée ne change pas tant que vous ne publiez pas."),
        "action": _("Retirer"),
        "danger": True,
        "back": back(call, part),
    }
    return render(request, "office/calls/confirm.html", context)


def find(rules, part, key, section):
    found = next((one for one in edit.items_of(rules, part, section) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def name_of(item):
    return getattr(item, "label", "") or getattr(item, "title", "")


def back(call, part, key=""):
    """The list that an item belongs to, at its place."""
    listed = "sections" if part == "questions" else part
    address = reverse("office:call-items", args=[call.slug, listed])
    return f"{address}#{part}-{key}" if key else address
