"""Why a file is in or out, and what each rule costs."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from terreau.core.money import euros
from terreau.methods.selection.outcome import OnePer, Status
from terreau.selection import queries
from terreau.web.office.committee.room.page import Room
from terreau.web.office.committee.room.views import asked
from terreau.web.office.committee.scope import file_or_404, window_or_404
from terreau.web.office.gate import office_only


@office_only
@require_GET
def why(request, pk, application):
    """What would change if one file changed sides: a part of the room for htmx, a page without it."""
    window = window_or_404(request, pk)
    found = file_or_404(request, window, application)
    named = asked(request.GET, window, "montre") or asked(request.GET, window, "scenario")
    room = Room(request, window, named or queries.last_scenario(window))
    context = {
        "window": window,
        "committee": room.committee,
        "file": found,
        "scenario": room.portfolio,
        "inside": found.reference in room.granted,
        "lines": reasons(room, found.reference) if room.portfolio else [],
    }
    part, whole = "office/committee/room/why_part.html", "office/committee/room/why.html"
    return render(request, part if request.htmx else whole, context)


def reasons(room, reference):
    """Why a file is out, or what the portfolio would be without it, in words."""
    if reference in room.granted:
        return without(room, reference)
    found = queries.reason(room.portfolio, reference)
    if found is None or not found.possible:
        return [_("Avec ces règles, aucune sélection possible ne le contient.")]
    names = room.names
    said = [_("Il lui manque %(points)s.") % {"points": names.points(found.short_points)}]
    if found.short_points < TINY:
        said = [_("Une sélection qui le contient vaut autant : le départage l’a laissé dehors.")]
    if found.pushes_out:
        said.append(_("Il pousserait dehors : %(files)s.") % {"files": names.files(found.pushes_out)})
    if found.brings_in:
        said.append(_("Il ferait aussi entrer : %(files)s.") % {"files": names.files(found.brings_in)})
    if found.cheaper_cents:
        less = {"money": euros(found.cheaper_cents)}
        said.append(_("À note égale, il entrerait en demandant %(money)s de moins.") % less)
    rules = " ; ".join(names.constraint(one) for one in found.in_the_way)
    return said + ([_("Sans l’une de ces règles, il entrerait : %(rules)s.") % {"rules": rules}] if rules else [])


TINY = 1e-6  # points


def without(room, reference):
    """The best portfolio without a file that is in."""
    other = queries.with_and_without(room.portfolio, reference)
    if other.status == Status.INFEASIBLE:
        rules = " ; ".join(room.names.constraint(one) for one in other.conflict)
        return [_("Aucune sélection possible : %(rules)s.") % {"rules": rules}]
    loss = room.portfolio.outcome["objective"] - other.objective
    worth = queries.worth_of(room.portfolio.input.content, queries.parameters_of(room.portfolio))
    found = queries.swaps(dict(other.granted), room.granted, worth)
    return [
        _("La meilleure sélection possible y perd %(points)s.") % {"points": room.names.points(loss)},
        *(room.names.swap(swap, _("Elle"), _("l’optimum")) for swap in found),
    ]


@office_only
@require_GET
def prices(request, pk):
    """What each rule costs, written beside its switch: a part of the room, asked for once the page is quiet."""
    window = window_or_404(request, pk)
    room = Room(request, window, asked(request.GET, window, "scenario") or queries.last_scenario(window))
    context = {
        "window": window,
        "committee": room.committee,
        "scenario": room.scenario,
        "lines": room.lines(),
        "prices": priced(room),
    }
    return render(request, "office/committee/room/prices.html", context)


def priced(room):
    """(place beside the rule or nothing, the rule, its price in words) for each rule of the scenario."""
    if room.scenario is None:
        return []
    place = {queries.rule_of(line): n for n, line in enumerate(room.parameters.lines) if line.on}
    found = queries.prices(room.scenario)
    gains = [p.gain_points for p in found if isinstance(p.constraint, OnePer)]
    lines = [
        (f"note-{place[p.constraint]}", room.names.constraint(p.constraint), cost(room, p.gain_points))
        for p in found
        if p.constraint in place
    ]
    if gains:
        lines.append(("note-one", _("une seule subvention par structure"), cost(room, max(gains))))
    return lines


def free():
    return _("Ne coûte rien.")


def cost(room, points):
    if points < TINY:
        return free()
    return _("Coûte %(points)s.") % {"points": room.names.points(points)}
