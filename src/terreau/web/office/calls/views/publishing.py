"""From a version in preparation to one in force: check, preview, publish, read the history."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from terreau.calls import actions, queries, rulebook
from terreau.calls.forms import answers_form
from terreau.web.office.calls.forms.publishing import NoteForm
from terreau.web.office.calls.gate import call_or_404, editable, posted, preparers_only, require
from terreau.web.ui.territory_picker import TerritoryPicker

ROUTES_A_PAGE = 20
PICKERS = {"territory": TerritoryPicker}


@preparers_only
def check(request, slug):
    """What is wrong, and every route through the form."""
    call = call_or_404(request, slug)
    rules = queries.rules_to_edit(call)
    ways = [] if rulebook.blocking(rules) else rulebook.routes(rules)
    page = Paginator(ways, ROUTES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "rules": rules,
        "problems": rulebook.problems(rules),
        "page": page,
        "routes": [described(rules, way) for way in page],
        "conditions": conditions(rules),
        "title": _("Vérifier les règles"),
    }
    return render(request, "office/calls/check.html", context)


def described(rules, way):
    """A route in words: its answers, and what it shows beyond what everybody sees."""
    questions, documents = rules.questions, {d.key: d for d in rules.documents}
    return {
        "ways": way.ways,
        "count": len(way.questions),
        "questions": [questions[k].label for k in way.questions if k in questions and questions[k].show_if],
        "sections": [s.title for s in rules.sections if s.key in way.sections and s.show_if],
        "documents": [documents[k].label for k in way.documents if documents[k].show_if],
    }


def conditions(rules):
    """Every condition of the form, in words."""
    known = rulebook.all_questions(rules)
    items = [one for section in rules.sections for one in (section, *section.questions)]
    return [
        {
            "name": getattr(one, "label", "") or getattr(one, "title", ""),
            "show": rulebook.condition_in_words(one.show_if, known),
            "valid": rulebook.condition_in_words(getattr(one, "valid_if", None), known),
        }
        for one in (*items, *rules.documents)
        if one.show_if or getattr(one, "valid_if", None)
    ]


@preparers_only
def preview(request, slug):
    """The form as the applicant will see it; what is typed here decides what follows, and is kept nowhere."""
    call = call_or_404(request, slug)
    rules = queries.rules_to_edit(call)
    data = (posted(request), request.FILES if request.method == "POST" else None)
    everything = answers_form(whole(rules), {}, *data, widgets=PICKERS)
    answers = everything.values() if request.method == "POST" else {}
    asked = rulebook.asked(rules, answers)
    forms = [answers_form(section, answers, *data, widgets=PICKERS) for section in asked.sections]
    amount = everything[rulebook.REQUESTED]
    context = {"call": call, "rules": rules, "forms": forms, "asked": asked, "amount": amount}
    context["title"] = _("Aperçu du formulaire")
    return render(request, "office/calls/preview.html", context)


def whole(rules):
    """Every question in one section, to read a posted preview."""
    return rulebook.Section("all", "", questions=tuple(rulebook.all_questions(rules).values()))


@preparers_only
def publish(request, slug):
    """Freeze the version in preparation: what changes is shown before."""
    call = editable(request, slug)
    require(request, "calls.publish", call)
    version = queries.preparation(call)
    if version is None:
        messages.info(request, _("Rien n’est en préparation : les règles publiées sont à jour."))
        return redirect("office:call", call.slug)
    form = NoteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish(call, note=form.cleaned_data["note"], by=request.user)
        except (actions.NotCoherent, actions.WindowInUse) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("La version %s est publiée.") % version.number)
            return redirect("office:call", call.slug)
    context = {
        "call": call,
        "form": form,
        "title": _("Publier la version %s") % version.number,
        "version": version,
        "changes": queries.pending_changes(call) if call.current else [],
        "problems": rulebook.problems(version.rulebook),
        "blocking": rulebook.blocking(version.rulebook),
    }
    return render(request, "office/calls/publish.html", context, status=422 if form.errors else 200)


@preparers_only
def discard(request, slug):
    """Come back to the published rules."""
    call = editable(request, slug)
    if request.method == "POST":
        actions.discard(call, by=request.user)
        messages.success(request, _("La version en préparation est abandonnée."))
        return redirect("office:call", call.slug)
    context = {
        "call": call,
        "title": _("Abandonner la version en préparation"),
        "text": _("Ces changements seront perdus. Les règles publiées restent en vigueur."),
        "items": queries.pending_changes(call),
        "action": _("Abandonner ces changements"),
        "danger": True,
    }
    return render(request, "office/calls/confirm.html", context)


@preparers_only
def versions(request, slug):
    """Every published version, and what each changed."""
    call = call_or_404(request, slug)
    found = list(queries.history(call))
    older = [*found[1:], None]
    pairs = [(new, queries.changes(old, new) if old else []) for new, old in zip(found, older, strict=True)]
    context = {"call": call, "versions": pairs, "title": _("Versions publiées")}
    return render(request, "office/calls/versions.html", context)
