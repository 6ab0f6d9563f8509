"""The scenarios of a window: their list, one with its rules in words, two side by side, replay, adoption."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from terreau.core.moves import Refused
from terreau.selection import actions, queries
from terreau.selection.lifecycle import Outcome
from terreau.web.office.committee.room.page import Room, scenario_or_404
from terreau.web.office.committee.room.views import asked
from terreau.web.office.committee.scope import window_or_404
from terreau.web.office.gate import office_only, require

PAGE = 30
OTHERS = (Outcome.RESERVE, Outcome.DECLINED)


@office_only
@require_GET
def scenarios(request, pk):
    """Every scenario; two of them side by side."""
    window = window_or_404(request, pk)
    left, right = asked(request.GET, window, "a"), asked(request.GET, window, "b")
    found = queries.scenarios(window)
    if "gardes" in request.GET:
        found = found.filter(kept=True)
    context = {
        "window": window,
        "committee": queries.committee_of(window),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "kept_only": "gardes" in request.GET,
        "left": left,
        "right": right,
        "compared": compared(request, window, left, right) if left and right else None,
    }
    return render(request, "office/committee/room/scenarios.html", context)


def compared(request, window, left, right):
    """How two scenarios differ: their rules, then their portfolios, in words."""
    room, other = Room(request, window, left), Room(request, window, right)
    found = queries.swaps(other.granted, room.granted, other.worth)
    mine, yours = _("le second"), _("le premier")
    return {
        "rules": sorted(set(rules_of(other)) ^ set(rules_of(room))),
        "same_question": left.input_id == right.input_id,
        "figures": [(left, *room.figures()), (right, *other.figures())],
        "swaps": [room.names.swap(swap, mine.capitalize(), yours) for swap in found],
    }


def rules_of(room):
    """The rules in force of a scenario, in words."""
    parameters = room.parameters
    words = [room.names.rule(queries.rule_of(line)) for line in parameters.lines if line.on]
    words += [_("%(file)s imposé dans la sélection") % {"file": room.names.file(r)} for r in parameters.forced]
    words += [_("%(file)s écarté de la sélection") % {"file": room.names.file(r)} for r in parameters.excluded]
    if parameters.one_per_organisation:
        words.append(_("une seule subvention par structure"))
    if parameters.by_euro:
        words.append(_("points comptés par euro demandé"))
    return words + [room.names.setting(name, getattr(parameters, name)) for name in SETTINGS]


SETTINGS = ("margin", "reduce", "merit", "participants", "need", "balance")


@office_only
@require_http_methods(["GET", "POST"])
def scenario(request, pk, scenario):
    """One scenario: its rules, its portfolio, its name."""
    window = window_or_404(request, pk)
    found = scenario_or_404(window, scenario)
    if request.method == "POST":
        require(request, "selection.select")
        name, kept = request.POST.get("name", ""), "kept" in request.POST
        actions.keep_scenario(found, name=name, kept=kept, by=request.user)
        messages.success(request, _("C’est noté."))
        return redirect("office:committee-scenario", pk, scenario)
    room = Room(request, window, found)
    optimum, _chosen = room.figures()
    context = {
        "window": window,
        "committee": room.committee,
        "scenario": found,
        "rules": rules_of(room),
        "optimum": optimum,
        "conflict": [room.names.constraint(one) for one in room.conflict],
        "rows": [row for row in room.rows() if row.reference in found.outcome["granted"]],
        "stale": room.stale(),
        "writable": request.user.has_perm("selection.select"),
        "adoptable": request.user.has_perm("selection.propose", room.committee),
    }
    return render(request, "office/committee/room/scenario.html", context)


@office_only
@require_POST
def replay(request, pk, scenario):
    """Answer the stored question again and say whether the answer is the same."""
    window = window_or_404(request, pk)
    found = scenario_or_404(window, scenario)
    require(request, "selection.select")
    _outcome, same = actions.replay(found, by=request.user)
    if same:
        messages.success(request, _("Rejoué depuis la question gardée : le résultat est le même, au centime près."))
    else:
        messages.error(request, _("Rejoué depuis la question gardée : le résultat n’est pas le même."))
    return redirect("office:committee-scenario", pk, scenario)


@office_only
@require_http_methods(["GET", "POST"])
def adopt(request, pk, scenario):
    """From a portfolio to proposals, which the chair may still change one by one."""
    window = window_or_404(request, pk)
    found = scenario_or_404(window, scenario)
    committee = queries.committee_of(window)
    require(request, "selection.propose", committee)
    if request.method == "POST":
        others, reason = request.POST.get("others", ""), request.POST.get("reason", "")
        try:
            done = actions.adopt(found, others=others, reason=reason, by=request.user)
        except (Refused, ValueError) as refusal:
            messages.error(request, str(refusal))
            return redirect("office:committee-adopt", pk, scenario)
        tell(request, done)
        return redirect(f"{reverse('office:committee-room', args=[pk])}?scenario={found.pk}")
    optimum, chosen = Room(request, window, found).figures()
    context = {"window": window, "scenario": found, "optimum": optimum, "chosen": chosen, "others": OTHERS}
    return render(request, "office/committee/room/adopt.html", context)


def tell(request, done):
    words = ngettext(
        "%(count)d dossier proposé comme retenu.", "%(count)d dossiers proposés comme retenus.", done.selected
    )
    messages.success(request, words % {"count": done.selected})
    if done.unseen:
        words = ngettext(
            "%(count)d dossier que vous ne voyez pas n’a pas été touché : une autre personne doit le proposer.",
            "%(count)d dossiers que vous ne voyez pas n’ont pas été touchés : une autre personne doit les proposer.",
            done.unseen,
        )
        messages.warning(request, words % {"count": done.unseen})
