"""How solid the selection is, how much it hangs on single jurors, who is selected group by group."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from terreau.methods.selection.outcome import Label, Signal
from terreau.selection import actions, queries
from terreau.selection.lifecycle import UNDER_WAY, AnalysisKind, AnalysisState
from terreau.web.office.committee.room.analyses import free, priced
from terreau.web.office.committee.room.page import LABELS, Room
from terreau.web.office.committee.room.views import asked
from terreau.web.office.committee.scope import window_or_404
from terreau.web.office.gate import office_only, require

GROUPS = {
    "region": gettext_lazy("Région"),
    "kind": gettext_lazy("Type de projet"),
    "size": gettext_lazy("Budget total du projet"),
    "age": gettext_lazy("Ancienneté de la structure"),
}
BANDS = {
    "small": gettext_lazy("moins de 100 000 €"),
    "medium": gettext_lazy("de 100 000 à 250 000 €"),
    "large": gettext_lazy("250 000 € et plus"),
    "young": gettext_lazy("moins de 5 ans"),
    "settled": gettext_lazy("de 5 à 15 ans"),
    "old": gettext_lazy("15 ans et plus"),
}
SIGNALS = {
    Signal.TOO_FEW: (gettext_lazy("trop peu de dossiers pour conclure"), ""),
    Signal.NOTHING_SHOWN: (gettext_lazy("aucun écart démontré"), ""),
    Signal.LOWER: (gettext_lazy("plus bas que les autres, au-delà du hasard"), "warn"),
    Signal.HIGHER: (gettext_lazy("plus haut que les autres, au-delà du hasard"), "warn"),
}


@office_only
@require_http_methods(["GET", "POST"])
def robustness(request, pk):
    """What ten thousand redraws and each juror's absence say, as far as they have come; rates group by group."""
    window = window_or_404(request, pk)
    room = Room(request, window, asked(request.GET, window, "scenario") or queries.last_scenario(window))
    if request.method == "POST":
        return restart(request, room)
    context = {"window": window, "committee": room.committee, "scenario": room.portfolio, **analysed(request, room)}
    if request.htmx:
        return render(request, "office/committee/room/analyses.html", context)
    rates = queries.rates(room.content, set(room.granted)) if room.portfolio else {}
    prices = [(rule, price) for _place, rule, price in priced(room)]
    context |= {
        "prices": [line for line in prices if line[1] != free()],
        "free": [rule for rule, price in prices if price == free()],
        "groups": [(GROUPS[name], [spoken(room, name, rate) for rate in found]) for name, found in rates.items()],
    }
    return render(request, "office/committee/room/robustness.html", context)


def kinds(user):
    """What this person may read: the jurors one by one are for the chair alone."""
    return [kind for kind in AnalysisKind if kind != AnalysisKind.JURORS or user.has_perm("selection.see_jurors")]


def restart(request, room):
    """Ask again for what failed."""
    require(request, "selection.select")
    for kind in kinds(request.user) if room.portfolio else ():
        found = queries.analysis(room.portfolio, kind)
        if found and found.state == AnalysisState.FAILED:
            actions.restart_analysis(room.portfolio, kind, by=request.user)
    named = f"?scenario={room.portfolio.pk}" if room.portfolio else ""
    return redirect(f"{reverse('office:committee-robustness', args=[room.window.pk])}{named}")


def analysed(request, room):
    """The analyses of the portfolio, asked for where nobody has; nothing without a portfolio."""
    if room.portfolio is None or not room.granted:
        return {}
    found = {kind.value: actions.ask_analysis(room.portfolio, kind, by=request.user) for kind in kinds(request.user)}
    solid = queries.robustness_in(found[AnalysisKind.REDRAWS])
    jurors = found.get(AnalysisKind.JURORS)
    return {
        "analyses": found,
        "pending": any(one.state in UNDER_WAY for one in found.values()),
        "solid": solid,
        "rows": chances(room, solid) if solid else [],
        **(influences(room, jurors) if jurors else {}),
    }


def influences(room, found):
    """Who changes the selection when their readings are left out, the largest change first, in names."""
    people = queries.jurors_in(room.portfolio)
    read = room.readings_by_juror
    everybody = queries.influence_in(found)
    moving = [one for one in everybody if one.enters or one.leaves]
    return {
        "jurors": len(everybody),
        "quiet": len(everybody) - len(moving),
        "nameless": not people,
        "influences": [
            {
                "who": people[one.juror].user if people else _("Membre n° %(n)d") % {"n": int(one.juror) + 1},
                "readings": read[int(one.juror)],
                "moves": len(one.enters) + len(one.leaves),
                "enters": [room.names.file(reference) for reference in one.enters],
                "leaves": [room.names.file(reference) for reference in one.leaves],
            }
            for one in moving
        ],
    }


def chances(room, solid):
    """The visible files that the redraws do not leave safely out, likeliest first."""
    rows = [row for row in room.rows() if solid.label(row.reference) != Label.SAFE_OUT] if solid else []
    rows.sort(key=lambda row: -solid.probability[row.reference])
    return [(row, solid.probability[row.reference], *LABELS[solid.label(row.reference)]) for row in rows]


def spoken(room, group, rate):
    words, look = SIGNALS[rate.signal]
    return {
        "label": BANDS.get(rate.value) or room.names.value(group, rate.value),
        "rate": rate,
        "words": words,
        "look": look,
    }
