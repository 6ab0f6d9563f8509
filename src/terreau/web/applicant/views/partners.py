from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from terreau.projects import actions
from terreau.web.applicant.forms import partners_of
from terreau.web.applicant.views.page import base, clock, frame, unsaved


def step(request, course, key):
    if request.method == "POST":
        return save(request, course)
    posted = unsaved(request)
    held = partners_of(posted) if posted else course.held.get("partners") or []
    blank = [{}] if not held or "ajouter" in request.GET else []
    context = frame(request, course, key) | {
        "rows": [{**row, "id": f"row{i}"} for i, row in enumerate([*held, *blank])],
        "given_back": bool(posted),
        "version": course.versions.get("partners", 0),
    }
    return render(request, "applicant/partners.html", context)


def save(request, course):
    reference = course.application.reference
    saved = actions.save_partners(
        course.application,
        partners_of(request.POST),
        by=request.user,
        base=base(request.POST, "partners"),
        writer=request.POST.get("writer", "")[:16],
    )
    if saved.status == "conflict":
        messages.warning(request, _("Quelqu’un a changé les partenaires en même temps. Rien n’est perdu : choisissez."))
        return redirect("applicant:conflicts", reference)
    messages.success(request, _("Enregistré à %(time)s.") % {"time": clock()})
    if any(row.get("error") for row in saved.value or []):
        return redirect(f"{request.path}#partenaires")
    if "add" in request.POST:
        return redirect(f"{request.path}?ajouter=1#partenaires")
    if request.POST.get("go") == "next":
        return redirect("applicant:step", reference, "documents")
    return redirect(request.path)
