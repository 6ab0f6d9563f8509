"""What the room shows: the ranked files with their fate, the portfolio beside the chair's choice, the rules."""

from collections import Counter, defaultdict
from typing import NamedTuple

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from terreau.methods.selection.outcome import Label, Status
from terreau.selection import queries
from terreau.selection.lifecycle import Outcome
from terreau.selection.rulebook import Parameters
from terreau.web.office.committee.room import controls
from terreau.web.office.committee.room.names import Names, change_words
from terreau.web.office.committee.scope import visible

LABELS = {  # what ten thousand redraws say of a file
    Label.SAFE_IN: (_lazy("solide"), "good"),
    Label.FRAGILE: (_lazy("fragile"), "warn"),
    Label.SAFE_OUT: (_lazy("solidement dehors"), ""),
}
MAIN, WEIGHTS = ("margin", "reduce"), ("merit", "participants", "need", "balance")


class Row(NamedTuple):
    """One file of the list. `cents`: what the optimum grants; None where it leaves the file out."""

    ranked: queries.Ranked
    facts: dict
    sway: str
    cents: int | None
    barred: str
    chance: tuple

    @property
    def pk(self):
        return self.ranked.application_id

    @property
    def reference(self):
        return self.ranked.reference

    @property
    def state(self):
        side = "out" if self.cents is None else "in"
        return f"forced-{side}" if self.sway == side else side

    @property
    def margin(self):
        """Half the width of the 95 % interval of the score."""
        return 1.96 * (self.facts["sd"] or 0.0)

    @property
    def decision(self):
        return Outcome(self.ranked.outcome).label

    @property
    def differs(self):
        """The committee proposes otherwise."""
        decided = self.ranked.decision is not None
        return decided and (self.ranked.outcome == Outcome.SELECTED) != (self.cents is not None)


def scenario_or_404(window, pk):
    return get_object_or_404(queries.scenarios(window).select_related("input", "made_by"), pk=pk)


class Room:
    """One window as one reader sees it under one scenario.

    `base` is the scenario that the page came from and `before` the portfolio that was on screen: they differ where
    the rules of the first could not hold.
    """

    def __init__(self, request, window, scenario, *, base=None, before=None):
        self.request, self.window, self.scenario, self.base = request, window, scenario, base
        self.everything, self.ranked, self.hidden_count = visible(request, window)
        self.committee = queries.committee_of(window)
        self.portfolio = self._portfolio(before)
        self.before = before

    def _portfolio(self, before):
        """The scenario whose portfolio is shown: an impossible one leaves the last possible on screen."""
        if self.scenario is None or self.scenario.outcome["status"] != Status.INFEASIBLE:
            return self.scenario
        if before is not None and before.outcome["status"] != Status.INFEASIBLE:
            return before
        return queries.last_portfolio(self.scenario)

    @cached_property
    def content(self):
        """The question of the scenario; the live one where nothing was asked yet."""
        return self.scenario.input.content if self.scenario else queries.selection_input(self.window)

    @cached_property
    def parameters(self):
        return queries.parameters_of(self.scenario) if self.scenario else Parameters()

    @cached_property
    def granted(self):
        return self.portfolio.outcome["granted"] if self.portfolio else {}

    @cached_property
    def hidden(self):
        """The references of the files that this person does not see."""
        return {row.reference for row in self.everything} - {row.reference for row in self.ranked}

    @cached_property
    def names(self):
        organisations = defaultdict(set)
        for file in self.content["files"]:
            organisations[file["organisation"]].add(file["id"])
        return Names(self.window.call.rules, self.everything, self.hidden, organisations)

    @cached_property
    def worth(self):
        return queries.worth_of(self.content, self.parameters)

    def rows(self):
        """Every visible file, best calibrated score first, unread files last."""
        facts = {file["id"]: file for file in self.content["files"]}
        found = [
            Row(
                ranked,
                facts[ranked.reference],
                self.parameters.sway(ranked.reference),
                self.granted.get(ranked.reference),
                barred(facts[ranked.reference]),
                self.chance(ranked.reference),
            )
            for ranked in self.ranked
            if ranked.reference in facts
        ]
        return sorted(found, key=lambda row: (row.facts["merit"] is None, -(row.facts["merit"] or 0), row.reference))

    @cached_property
    def solid(self):
        return queries.robustness_at_hand(self.portfolio) if self.portfolio else None

    def chance(self, reference):
        """What the redraws say of a file, where they have been asked for: words and look."""
        known = self.solid is not None and reference in self.solid.probability
        return LABELS[self.solid.label(reference)] if known else ()

    def changed(self, rows):
        """Those of these rows whose fate is no longer what was on screen."""
        granted = self.before.outcome["granted"] if self.before else {}
        parameters = queries.parameters_of(self.base)
        return [
            row for row in rows if row.cents != granted.get(row.reference) or row.sway != parameters.sway(row.reference)
        ]

    @cached_property
    def chosen(self):
        """The chair's own choice so far: reference → cents proposed."""
        return {r.reference: r.proposed_cents for r in self.everything if r.proposed_cents is not None}

    def differences(self):
        found = queries.swaps(self.granted, self.chosen, self.worth)
        return [self.names.swap(swap, _("L’optimum"), _("le comité")) for swap in found]

    def moves(self):
        """What the last change brought in and sent out, in names."""
        if self.before is None or self.before == self.portfolio:
            return None
        was = self.before.outcome["granted"]
        came = [self.names.file(reference) for reference in self.granted if reference not in was]
        went = [self.names.file(reference) for reference in was if reference not in self.granted]
        return {"came": came, "went": went} if came or went else None

    def stale(self):
        """What changed since the scenario's question was frozen, in words, without the files that are not seen."""
        if self.scenario is None:
            return []
        live = queries.selection_input(self.window)
        found = [] if live == self.content else queries.changes(self.content, live)
        return [change_words(change, self.names) for change in found if change.reference not in self.hidden]

    @cached_property
    def carriers(self):
        """(attribute, value) → how many files carry it; ("", "") counts them all."""
        count = Counter({("", ""): len(self.content["files"])})
        for file in self.content["files"]:
            count.update(("theme", key) for key in file["themes"])
            count.update(("public", key) for key in file["publics"])
            count.update([("region", file["region"])] if file["region"] else [])
            count.update([("kind", file["kind"])] if file["kind"] else [])
        return count

    @cached_property
    def comparison(self):
        """Which files compare: groups with their visible files, and the visible files that link a group."""
        found = queries.comparison(self.content)
        seen = [
            {"number": n, "files": len(part), "some": [self.names.file(r) for r in part if r not in self.hidden][:3]}
            for n, part in enumerate(found.parts, 1)
        ]
        bridges = [self.names.file(reference) for reference in found.bridges if reference not in self.hidden]
        return {"connected": found.connected, "parts": seen, "bridges": bridges}

    @cached_property
    def readings_by_juror(self):
        """Number of a juror in the question → how many files they read."""
        return Counter(number for _file, number, _score in self.portfolio.input.content["readings"])

    def choices(self):
        """What a new rule may count, by group."""
        found = []
        for attribute, label in controls.HEADS.items():
            keys = sorted(value for kind, value in self.carriers if kind == attribute)
            named = [(f"{attribute}|{key}", self.names.value(attribute, key)) for key in keys]
            found.append((label, sorted(named, key=lambda pair: pair[1])))
        return found

    def swayed(self, side):
        """The visible files that are forced to one side, as the page posts them back."""
        return ",".join(reference for reference in getattr(self.parameters, side) if reference not in self.hidden)

    @cached_property
    def conflict(self):
        """The rules that cannot hold together; none where a portfolio was found."""
        return queries.load_outcome(self.scenario.outcome).conflict if self.scenario else ()

    def lines(self):
        """Each rule: its switch and slider, its words, what it cannot stand with."""
        found = controls.line_controls(self.parameters.lines, self.carriers, self.content["envelope_cents"])
        return [
            {
                "control": control,
                "words": self.names.among(control.line.attribute, control.line.value),
                "quarrel": self.quarrel(queries.rule_of(control.line)) if control.line.on else "",
            }
            for control in found
        ]

    def quarrel(self, constraint):
        """What stands against one rule, in words; empty where it is not in the conflict."""
        if constraint not in self.conflict:
            return ""
        others = [self.names.constraint(one) for one in self.conflict if one != constraint]
        return _("Impossible avec : %(rules)s.") % {"rules": " ; ".join(others)} if others else _("Impossible à tenir.")

    def figures(self):
        """The portfolio in figures, beside what the committee proposes so far."""
        worth, budget = self.worth, self.content["envelope_cents"]
        return [
            {
                "files": len(granted),
                "cents": sum(granted.values()),
                "left": budget - sum(granted.values()),
                "points": sum(worth.get(reference, 0.0) for reference in granted),
                "unseen": len(self.hidden & set(granted)),
            }
            for granted in (self.granted, self.chosen)
        ]


def barred(file):
    """Why a file cannot enter by itself."""
    if not file["requested"]:
        return _("aucun montant demandé")
    return _("sans lecture rendue") if file["merit"] is None else ""
