"""The firm's fiscal years and the statement that they give. Read and typed by its contacts alone."""

from functools import partial

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.engagement.actions import exercises as actions
from terreau.engagement.queries import statement as queries
from terreau.projects.queries.sheets import csv_lines
from terreau.web.company.giving.forms import ExerciseForm
from terreau.web.company.giving.sheet import rows
from terreau.web.company.scope import contact_only
from terreau.web.ui.gifts.pages import attempted


@require_GET
def statement(request, pk):
    """Every year in one table, and the statement of the one that the address names, else of the latest."""
    company = contact_only(request, pk)
    found = queries.years(company)
    asked = request.GET.get("exercice", "")
    context = {
        "company": company,
        "years": found,
        "year": next((one for one in found if str(one.exercise.closes_on.year) == asked), found[0] if found else None),
        "here_label": _("Relevé annuel"),
    }
    return render(request, "company/giving/statement.html", context)


@require_GET
def as_csv(request, pk, exercise):
    company, held = exercise_or_404(request, pk, exercise)
    year = next(one for one in queries.years(company) if one.exercise.pk == held.pk)
    response = StreamingHttpResponse(csv_lines(rows(year)), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="dons-{held.closes_on}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def type_one(request, pk):
    company = contact_only(request, pk)
    form = ExerciseForm(request.POST or None, company=company)
    return typed(request, company, form, partial(actions.type_exercise, company), _("Saisir un exercice"))


@require_http_methods(["GET", "POST"])
def edit(request, pk, exercise):
    company, held = exercise_or_404(request, pk, exercise)
    form = ExerciseForm(request.POST or None, company=company, exercise=held)
    return typed(request, company, form, partial(actions.correct, held), _("Corriger l’exercice"))


def typed(request, company, form, act, title):
    if request.method == "POST" and form.is_valid() and attempted(form, lambda: act(form.typed(), by=request.user)):
        messages.success(request, _("L’exercice est enregistré."))
        return redirect(address(company, form.cleaned_data["closes_on"]))
    context = {"company": company, "form": form, "here_label": title}
    return render(request, "company/giving/exercise.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def remove(request, pk, exercise):
    company, held = exercise_or_404(request, pk, exercise)
    if request.method == "POST":
        try:
            actions.remove(held, by=request.user)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("L’exercice est retiré."))
        return redirect("company:statement", company.pk)
    context = {
        "title": _("Retirer l’exercice clos en %s\u00a0?") % held.closes_on.year,
        "text": _("Son relevé disparaît, et ce qu’il reportait sur les suivants. Vos dons et vos reçus restent."),
        "action": _("Retirer cet exercice"),
        "danger": True,
        "back": address(company, held.closes_on),
    }
    return render(request, "ui/confirm.html", context)


def exercise_or_404(request, pk, exercise):
    company = contact_only(request, pk)
    return company, get_object_or_404(company.exercises, pk=exercise)


def address(company, closing):
    """The statement of the year that closes then."""
    return f"{reverse('company:statement', args=[company.pk])}?exercice={closing.year}"
