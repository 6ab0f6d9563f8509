import json

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from terreau.calls import rulebook
from terreau.core import money
from terreau.core.moves import WrongMoment
from terreau.projects import actions, queries
from terreau.projects.rulebook import RUBRICS
from terreau.web.applicant.views.page import base, load


def conflicts(request, reference):
    """Texts written at the same time, side by side, until somebody chooses."""
    application = load(request, reference)
    rules = queries.rules_of(application)
    waiting = queries.unmerged(application)
    if request.method == "POST":
        return settle(request, application, waiting)
    questions = rulebook.all_questions(rules)
    pairs = [
        {
            "revision": revision,
            "answer": revision.answer,
            "label": label(questions, revision.answer.key),
            "current": in_words(questions, revision.answer.key, revision.answer.value),
            "other": in_words(questions, revision.answer.key, revision.value),
            "is_text": isinstance(revision.value, str) and isinstance(revision.answer.value, str),
        }
        for revision in waiting
    ]
    context = {
        "application": application,
        "pairs": pairs,
        "back_url": reverse("applicant:file", args=[reference]),
        "writable": request.user.has_perm("projects.write", application),
    }
    return render(request, "applicant/conflicts.html", context)


def label(questions, key):
    tables = {"budget": _("Budget"), "partners": _("Partenaires")}
    return questions[key].label if key in questions else tables.get(key, key)


def in_words(questions, key, value):
    """A value as people read it, one line a row for tables."""
    if key == "budget":
        return "\n".join(
            f"{line['rubric']} {line.get('label') or RUBRICS[line['rubric']]} : "
            + (money.euros(line["amount_cents"]) if "amount_cents" in line else line.get("amount", ""))
            for line in value or []
        )
    if key == "partners":
        return "\n".join(" · ".join(filter(None, (r["name"], r["siret"], r["contribution"]))) for r in value or [])
    if key in questions:
        return queries.in_words(questions[key], value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def settle(request, application, waiting):
    if not request.user.has_perm("projects.write", application):
        return redirect("applicant:conflicts", application.reference)
    revision = get_object_or_404(waiting, pk=request.POST.get("revision") or 0)
    choices = {"current": revision.answer.value, "other": revision.value, "joined": request.POST.get("text", "")}
    keep = request.POST.get("keep", "current")
    try:
        saved = actions.reconcile(
            revision, choices.get(keep, revision.answer.value), base=base(request.POST, "answer"), by=request.user
        )
    except WrongMoment:
        messages.error(request, _("Ce dossier n’est plus modifiable."))
        return redirect("applicant:file", application.reference)
    if saved.status == "conflict":
        messages.warning(request, _("Le texte a encore changé pendant votre choix : regardez une dernière fois."))
    else:
        messages.success(request, _("C’est réglé. L’autre version reste dans l’historique."))
    following = "applicant:conflicts" if queries.unmerged(application).exists() else "applicant:review"
    return redirect(following, application.reference)
