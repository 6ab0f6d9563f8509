from collections import defaultdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from terreau.core.moves import Refused
from terreau.projects.models import Application
from terreau.selection import actions, queries
from terreau.selection.lifecycle import ReviewState
from terreau.web.office.gate import office_only, require
from terreau.web.office.reviewers import matrix
from terreau.web.office.reviewers.forms import DueForm


def window_or_404(request, pk):
    return get_object_or_404(queries.committee_windows(request.user), pk=pk)


@office_only
@require_GET
def assignments(request):
    windows = queries.review_progress(queries.committee_windows(request.user))
    return render(request, "office/reviewers/assignments.html", {"windows": windows})


@office_only
@require_GET
def reviewers(request, pk):
    window = window_or_404(request, pk)
    loads = queries.juror_loads(window)
    files = queries.assignable(window)
    few = request.GET.get("manque", "")
    if few.isdecimal():
        kept = Count("reviews", filter=~Q(reviews__state=ReviewState.RECUSED))
        files = files.annotate(kept=kept).filter(kept__lt=int(few))
    jurors = [load.juror for load in loads]
    page = Paginator(files, matrix.page_size(len(jurors))).get_page(request.GET.get("page"))
    context = {
        "window": window,
        "loads": loads,
        "late": sum(load.late > 0 for load in loads),
        "lines": matrix.lines(list(page), jurors),
        "page": page,
        "few": few,
        "form": DueForm(),
        "may_assign": request.user.has_perm("selection.assign"),
    }
    return render(request, "office/reviewers/reviewers.html", context)


def pairs(data):
    """`file:juror` boxes, by file."""
    chosen = defaultdict(set)
    for pair in data.getlist("pairs"):
        file, _colon, juror = pair.partition(":")
        if file.isdecimal() and juror.isdecimal():
            chosen[int(file)].add(int(juror))
    return chosen


@office_only
@require_POST
def assign(request, pk):
    """Every ticked box of the table is one reading asked for."""
    window = window_or_404(request, pk)
    require(request, "selection.assign")
    form, chosen = DueForm(request.POST), pairs(request.POST)
    due_on = form.cleaned_data["due_on"] if form.is_valid() else None
    jurors = {juror.pk: juror for juror in queries.jurors(window)}
    done, refusals = 0, []
    for file in queries.assignable(window).filter(pk__in=chosen):
        asked = [jurors[key] for key in sorted(chosen[file.pk]) if key in jurors]
        try:
            done += len(actions.assign_reviewers(file, asked, by=request.user, due_on=due_on))
        except Refused as refusal:
            refusals.append(str(refusal))
    tell(request, done, refusals)
    return redirect("office:reviewers", pk)


def tell(request, done, refusals):
    if done:
        words = ngettext("%(count)d lecture confiée.", "%(count)d lectures confiées.", done)
        messages.success(request, words % {"count": done})
    elif not refusals:
        messages.warning(request, _("Cochez au moins une case."))
    for refusal in refusals:
        messages.error(request, refusal)


@office_only
@require_POST
def remind(request, pk):
    window = window_or_404(request, pk)
    require(request, "selection.assign")
    count = actions.remind_jurors(window, list(queries.jurors(window)), by=request.user)
    if count:
        words = ngettext("%(count)d personne prévenue.", "%(count)d personnes prévenues.", count)
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Personne n’est en retard."))
    return redirect("office:reviewers", pk)


@office_only
@require_http_methods(["GET", "POST"])
def file(request, pk):
    """One file: its jurors as boxes; unticking takes the file back while nothing is written."""
    windows = queries.committee_windows(request.user)
    files = Application.objects.filter(window__in=windows).select_related("window__call", "holder", "call")
    found = get_object_or_404(files, pk=pk)
    loads = queries.juror_loads(found.window)
    (line,) = matrix.lines([found], [load.juror for load in loads])
    if request.method == "POST":
        require(request, "selection.assign", found)
        change(request, found, line)
        return redirect("office:reviewers-file", pk)
    context = {
        "file": found,
        "window": found.window,
        "rows": list(zip(loads, line.cells, strict=True)),
        "form": DueForm(),
        "writable": request.user.has_perm("selection.assign", found),
    }
    return render(request, "office/reviewers/file.html", context)


def change(request, found, line):
    form = DueForm(request.POST)
    due_on = form.cleaned_data["due_on"] if form.is_valid() else None
    ticked = {int(key) for key in request.POST.getlist("jurors") if key.isdecimal()}
    try:
        asked = [cell.juror for cell in line.cells if cell.review is None and cell.juror.pk in ticked]
        actions.assign_reviewers(found, asked, by=request.user, due_on=due_on)
        for cell in line.cells:
            if cell.can_leave and cell.juror.pk not in ticked:
                actions.unassign(cell.review, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Les lecteurs et lectrices sont enregistrés."))
