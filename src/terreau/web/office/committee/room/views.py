"""The committee room: /bureau/comite/<pk>/salle/. One page; without JavaScript, submit and reload."""

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from terreau.projects.models import Application
from terreau.selection import actions, queries
from terreau.web.office.committee.room import controls
from terreau.web.office.committee.room.page import MAIN, WEIGHTS, Room, scenario_or_404
from terreau.web.office.committee.scope import window_or_404
from terreau.web.office.gate import office_only, require

PAGE = 300  # files on one page: a whole window of the programme


@office_only
@require_http_methods(["GET", "POST"])
def room(request, pk):
    window = window_or_404(request, pk)
    if request.method == "POST":
        return optimise(request, window)
    scenario = asked(request.GET, window, "scenario") or queries.last_scenario(window)
    return page(request, Room(request, window, scenario, before=asked(request.GET, window, "montre")))


def asked(data, window, name):
    """The scenario that a page names; none where it names none."""
    number = data.get(name, "")
    return scenario_or_404(window, int(number)) if number.isdecimal() and int(number) < 2**62 else None


def page(request, found, *, error="", status=200):
    context = {
        **parts(found),
        "page": listed(request, found),
        "stale": found.stale(),
        "comparison": found.comparison,
        "hidden": found.hidden_count,
        "error": error,
    }
    return render(request, "office/committee/room/room.html", context, status=status)


def listed(request, found):
    return Paginator(found.rows(), PAGE).get_page(request.GET.get("page") or request.POST.get("page"))


def parts(found):
    """What every part of the page needs."""
    optimum, chosen = found.figures()
    return {
        "room": found,
        "window": found.window,
        "committee": found.committee,
        "scenario": found.scenario,
        "portfolio": found.portfolio,
        "parameters": found.parameters,
        "optimum": optimum,
        "chosen": chosen,
        "differences": found.differences() if found.portfolio and found.chosen else [],
        "moves": found.moves(),
        "forced": found.swayed("forced"),
        "excluded": found.swayed("excluded"),
        "conflict": [found.names.constraint(one) for one in found.conflict],
        "lines": found.lines(),
        "main": controls.sliders(found.parameters, MAIN),
        "weights": controls.sliders(found.parameters, WEIGHTS),
        "with_need": queries.has_need(found.content),
        "choices": found.choices(),
        "sways": [(side, str(label)) for side, label in controls.SWAYS],
        "sides": controls.SIDES,
        "measures": controls.MEASURES,
        "presets": controls.PRESETS.items(),
        "regions": sorted(value for kind, value in found.carriers if kind == "region"),
        "writable": found.request.user.has_perm("selection.select"),
        "adoptable": found.request.user.has_perm("selection.propose", found.committee),
    }


def optimise(request, window):
    """Read the rules, find the best portfolio, answer what changed on the page, or the whole page anew."""
    require(request, "selection.select")
    base, before = asked(request.POST, window, "scenario"), asked(request.POST, window, "montre")
    try:
        parameters = read(request, window, base)
    except ValueError as problem:
        return refused(request, Room(request, window, base, base=base, before=before), str(problem))
    scenario = actions.run_selection(window, parameters, by=request.user)
    found = Room(request, window, scenario, base=base, before=before)
    return fragments(request, found) if request.htmx else HttpResponseRedirect(address(found))


def read(request, window, base):
    hidden = queries.recused_files(request.user, window)
    unseen = set(Application.objects.filter(pk__in=hidden).values_list("reference", flat=True)) if hidden else set()
    return controls.read(request.POST, queries.parameters_of(base), unseen)


def address(found):
    """Where a reload finds the same page again."""
    where = f"{reverse('office:committee-room', args=[found.window.pk])}?scenario={found.scenario.pk}"
    other = found.portfolio is not None and found.portfolio != found.scenario
    return f"{where}&montre={found.portfolio.pk}" if other else where


def fragments(request, found):
    """The parts that the change touched: figures, notes beside the rules, the files whose fate moved."""
    rows = listed(request, found)
    context = {
        **parts(found),
        "page": rows,
        "changed": found.changed(rows),
        "reshaped": any(name in request.POST for name in ("add", "drop", "preset")),
    }
    answer = render(request, "office/committee/room/fragments.html", context)
    answer["HX-Replace-Url"] = address(found)
    return answer


def refused(request, found, problem):
    """What was typed cannot be read: the rules come back with the reason, nothing else moves."""
    if not request.htmx:
        return page(request, found, error=problem, status=422)
    return render(request, "office/committee/room/refused.html", {**parts(found), "error": problem}, status=422)
