"""What the background has computed of a scenario so far."""

from typing import TYPE_CHECKING

from terreau.selection.lifecycle import AnalysisKind
from terreau.selection.models import Analysis, Scenario

if TYPE_CHECKING:
    from terreau.methods.selection.robustness import JurorInfluence, Robustness


def analysis(scenario: Scenario, kind: AnalysisKind) -> Analysis | None:
    """Where one analysis has come; None where nobody has asked for it."""
    return Analysis.objects.filter(scenario=scenario, kind=kind).first()


def robustness_in(found: Analysis | None) -> "Robustness | None":
    """The redraws; None while they are not there, or where there was nothing to choose again."""
    from terreau.methods.selection.robustness import Robustness

    return Robustness(**found.content) if found is not None and found.content else None


def influence_in(found: Analysis | None) -> "list[JurorInfluence]":
    """The portfolio without each juror; empty while it is not there."""
    from terreau.methods.selection.robustness import JurorInfluence

    rows = (found.content if found else None) or []
    return [JurorInfluence(row["juror"], tuple(row["enters"]), tuple(row["leaves"])) for row in rows]


def robustness_at_hand(scenario: Scenario) -> "Robustness | None":
    """The redraws of a scenario where somebody asked for them already."""
    return robustness_in(analysis(scenario, AnalysisKind.REDRAWS))
