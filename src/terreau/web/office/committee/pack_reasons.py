"""Where each file stands against the optimum of the scenario that the committee holds to, in one phrase."""

import numpy as np
from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.selection import queries


def reasons(window, references):
    """Reference → phrase, for these files alone. Empty where no scenario has a portfolio."""
    committee = queries.committee_of(window)
    scenario = committee.reference or queries.last_scenario(window)
    scenario = queries.last_portfolio(scenario) if scenario else None
    if scenario is None:
        return {}
    outcome = queries.load_outcome(scenario.outcome)
    instance = queries.instance_of(scenario.input.content, queries.parameters_of(scenario))
    short = shortage(instance)
    found = {}
    for reference in references:
        if reference in outcome.granted:
            found[reference] = _("Retenu dans « %(name)s », pour %(amount)s.") % {
                "name": scenario,
                "amount": euros(outcome.granted[reference]),
            }
        elif short.get(reference, 0) > 0:
            found[reference] = _("Hors de « %(name)s » : il lui manque environ %(points)s points.") % {
                "name": scenario,
                "points": f"{short[reference]:.1f}".replace(".", ","),
            }
        else:
            found[reference] = _("Hors de « %(name)s ».") % {"name": scenario}
    return found


def shortage(instance):
    """Points that each file lacks once it has paid the prices of the envelope and of the rules."""
    from terreau.methods.selection.prices import prices
    from terreau.methods.selection.program import program

    columns = program(instance)
    if not len(columns):
        return {}
    try:
        reduced = prices(columns).reduced
    except ValueError:  # two forced files exclude each other: there are no prices
        return {}
    best = np.full(len(instance), -np.inf)
    np.maximum.at(best, columns.project, reduced)
    return {name: -float(value) for name, value in zip(instance.ids, best, strict=True) if np.isfinite(value)}
