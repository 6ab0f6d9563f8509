from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from terreau.accounts.models import Role
from terreau.core import files
from terreau.core.moves import Refused
from terreau.projects.queries import papers
from terreau.selection import actions, queries
from terreau.web.jury import budget
from terreau.web.jury.forms import GridForm

PAGE = 50


def theirs(request, pk):
    """The review, if it is this juror's to read."""
    return get_object_or_404(queries.jury_files(request.user), pk=pk)


def require(request, permission, review):
    if not request.user.has_perm(permission, review):
        raise PermissionDenied


@require_GET
def home(request):
    if not request.user.has_role(Role.JUROR, Role.CHAIR):
        raise Http404
    rows = queries.reading_list(request.user)
    waiting = [row for row in rows if not row.is_done]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "waiting": len(waiting), "done": len(rows) - len(waiting)}
    context["has_profile"] = request.user.has_role(Role.JUROR)
    return render(request, "jury/home.html", context)


@require_http_methods(["GET", "POST"])
def review(request, pk):
    found = theirs(request, pk)
    if request.method == "GET":
        return page(request, found, GridForm(found))
    require(request, "selection.write_review", found)
    form = GridForm(found, request.POST)
    if not form.is_valid():
        return answer(request, found, form, status=422)
    saved = actions.save_review(found, form.marks(), form.comment(), by=request.user, bases=form.bases())
    conflicts = [s for s in saved if s.status == "conflict"]
    if request.htmx or conflicts:
        return answer(request, found, form, saved=saved)
    if "hand-in" in request.POST:
        return redirect("jury:hand-in", pk=pk)
    messages.success(request, _("Votre lecture est enregistrée."))
    return redirect("jury:review", pk=pk)


def answer(request, found, form, *, saved=(), status=200):
    """What was kept and what was not: the line of state alone to htmx, the whole page otherwise."""
    context = {
        "versions": form.versions(saved),
        "conflicts": told(form, saved),
        "saved_at": timezone.localtime() if status == 200 else None,
        "complete": len(form.cells) - len(queries.missing_marks(found)),
    }
    if request.htmx:
        return render(request, "jury/grid.html#saved", {"review": found, "form": form, **context})
    return page(request, found, form, status=status, **context)


def told(form, saved):
    """Each conflict with the words of its criterion."""
    labels = {cell.criterion.key: cell.criterion.label for cell in form.cells}
    return [
        {"key": s.key, "label": labels.get(s.key, _("Commentaire général")), "other": s.other}
        for s in saved
        if s.status == "conflict"
    ]


def page(request, found, form, *, status=200, **context):
    application = found.application
    content = queries.file_content(application)
    shown = {
        "review": found,
        "application": application,
        "content": content,
        "budget": budget.tables(content),
        "documents": papers(application),
        "form": form,
        "versions": form.versions(),
        "writable": request.user.has_perm("selection.write_review", found),
        "complete": sum(cell.is_complete for cell in form.cells),
        "today": timezone.localdate(),
    }
    return render(request, "jury/review.html", shown | context, status=status)


@require_http_methods(["GET", "POST"])
def hand_in(request, pk):
    found = theirs(request, pk)
    require(request, "selection.write_review", found)
    if request.method == "POST":
        try:
            actions.render_review(found, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("jury:review", pk=pk)
        messages.success(request, _("Votre lecture est rendue. Merci."))
        return redirect("jury:home")
    missing = queries.missing_marks(found)
    return render(request, "jury/hand_in.html", {"review": found, "missing": missing, "cells": queries.grid(found)})


@require_POST
def recuse(request, pk):
    found = theirs(request, pk)
    require(request, "selection.recuse", found)
    actions.recuse(found, request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("Vous vous êtes déporté·e. Le dossier a quitté votre liste et le bureau est prévenu."))
    return redirect("jury:home")


@require_GET
def document(request, pk, document):
    """A document of a file that is theirs, as an attachment."""
    found = theirs(request, pk)
    piece = get_object_or_404(papers(found.application), pk=document)
    return files.attachment(piece.file, name=piece.name, mime=piece.mime)
