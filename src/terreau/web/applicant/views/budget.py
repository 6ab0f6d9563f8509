from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from terreau.core import money
from terreau.projects import actions, queries
from terreau.projects.models import BudgetLine, Revision
from terreau.projects.rulebook import COFUNDED, EXPENSES, budget_checks, percent, totals
from terreau.web.applicant.forms import TABLES, lines_of
from terreau.web.applicant.views.page import base, clock, frame, unsaved

LISTED = ("60", "61", "62", "64")  # rows that an empty budget opens with


def step(request, course, key):
    if request.method == "POST":
        return save(request, course)
    added = request.GET.get("ajouter", "")
    posted = unsaved(request)
    lines = lines_of(posted) if posted else course.held.get("budget") or []
    context = frame(request, course, key) | {
        "tables": tables(lines, added),
        "given_back": bool(posted),
        "version": course.versions.get("budget", 0),
        **state(course.application, course.rules),
    }
    return render(request, "applicant/budget.html", context)


def tables(lines, added=""):
    """The four tables with their rows; an empty one where a line is to be added."""
    found = []
    number = 0
    for key, title, rubrics in TABLES:
        mine = [line for line in lines if line.get("rubric") in rubrics]
        if not lines and key == "expenses":
            mine = [{"rubric": rubric} for rubric in LISTED]
        elif not lines and key == "income":
            mine = [{"rubric": "74", "label": "", "requested": True}, {"rubric": "74"}, {"rubric": "75"}]
        elif added == key or (not mine and not key.startswith("kind")):
            mine = [*mine, {"rubric": ""}]
        rows = [row(number + i, line) for i, line in enumerate(mine)]
        number += len(rows)
        found.append({"key": key, "title": title, "rubrics": rubrics, "rows": rows, "cofunded": key == "income"})
    return found


def row(number, line):
    amount = line.get("amount", "")
    if "amount_cents" in line:
        amount = money.euros(line["amount_cents"]).strip("€\u00a0")
    elif readable(amount):
        line = line | {"amount_cents": None}
    wrong = _("« %(text)s » n’est pas un montant.") % {"text": amount} if amount and "amount_cents" not in line else ""
    return {**line, "name": f"row{number}", "amount": amount, "wrong": wrong}


def readable(text):
    try:
        return money.parse(text) >= 0
    except ValueError:
        return False


def state(application, rules):
    """Sums and checks, as they are saved."""
    lines = queries.budget_lines(application)
    sums = totals(lines)
    return {
        "checks": budget_checks(lines, rules.amounts),
        "sums": sums,
        "rate": percent(sums.rate) if sums.rate is not None else "",
        "statuses": BudgetLine.Status.choices,
        "cofunded": COFUNDED,
        "expenses": EXPENSES,
    }


def save(request, course):
    application = course.application
    aside = request.POST.get("aside-budget", "")
    mine = Revision.objects.filter(answer__application=application, answer__key="budget", by=request.user)
    try:
        saved = actions.save_budget(
            application,
            lines_of(request.POST),
            by=request.user,
            base=base(request.POST, "budget"),
            writer=request.POST.get("writer", "")[:16],
            aside=mine.filter(pk=aside, unmerged=True).first() if aside.isdecimal() else None,
        )
    except ValueError as problem:
        messages.error(request, str(problem))
        return redirect(request.path)
    if request.htmx:
        context = {
            "application": application,
            "saved": saved,
            "version": saved.base,
            "time": clock(),
            "wrong": [line for line in saved.value or [] if "amount_cents" not in line],
            **state(application, course.rules),
        }
        return render(request, "applicant/budget.html#budget-state", context)
    return answer(request, course, saved)


def answer(request, course, saved):
    reference = course.application.reference
    if saved.status == "conflict":
        messages.warning(request, _("Quelqu’un a changé le budget en même temps. Rien n’est perdu : choisissez."))
        return redirect("applicant:conflicts", reference)
    messages.success(request, _("Enregistré à %(time)s.") % {"time": clock()})
    if table := request.POST.get("add"):
        return redirect(f"{request.path}?ajouter={table}#{table}")
    if request.POST.get("go") == "next" and all("amount_cents" in line for line in saved.value or []):
        return redirect("applicant:step", reference, "partners")
    return redirect(request.path)
