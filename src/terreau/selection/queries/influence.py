"""How much a portfolio hangs on single jurors: chosen again, exactly, without the readings of each."""

from typing import TYPE_CHECKING

from terreau.accounts.models import Membership
from terreau.selection.models import Scenario
from terreau.selection.queries.instance import Content, instance_of, numbered, readings_of, scores_of
from terreau.selection.queries.outlook import Told, silently
from terreau.selection.queries.readings import review_scores
from terreau.selection.queries.scenarios import load_outcome, parameters_of

if TYPE_CHECKING:
    from terreau.methods.selection.robustness import JurorInfluence


def juror_influence(scenario: Scenario, tell: Told = silently) -> "list[JurorInfluence]":
    """What would enter and leave without each juror, the largest change first. Jurors are numbers of the question.

    The others are calibrated again; a file that nobody else has read stays out unless it is forced in. Some seconds:
    `tell` hears how many jurors are behind, of how many. Empty where there is nothing to choose again.
    """
    from terreau.methods.selection.robustness import without_juror

    if not scenario.outcome["granted"]:
        return []
    content, parameters, outcome = scenario.input.content, parameters_of(scenario), load_outcome(scenario.outcome)
    numbers = sorted({juror for _file, juror, _score in readings_of(content)})
    found = []
    for done, number in enumerate(numbers):
        tell(done, len(numbers))
        question = instance_of(without(content, number), parameters)
        found += without_juror(question, outcome, [f"{number:06d}"], question.merit[None])
    return sorted(found, key=lambda one: (-len(one.enters) - len(one.leaves), one.juror))


def without(content: Content, number: int) -> Content:
    """The question as it would be had this juror read nothing."""
    readings = [reading for reading in content["readings"] if reading[1] != number]
    scores = scores_of(readings_of({"readings": readings}))
    files = [{**file, **UNSCORED, **scores.get(file["id"], {})} for file in content["files"]]
    return {**content, "readings": readings, "files": files}


UNSCORED: Content = {"merit": None, "sd": None, "reviews": 0}


def jurors_in(scenario: Scenario) -> dict[str, Membership]:
    """Who the numbered jurors of a question are; nobody where the readings are no longer those of the question.

    A question does not hold its jurors' names: they are found again in the readings of today, numbered alike.
    """
    live = review_scores(scenario.window)
    if numbered(live) != scenario.input.content["readings"]:
        return {}
    pks = sorted({juror for _file, juror, _score in live})
    people = Membership.objects.select_related("user").in_bulk(pks)
    return {f"{n:06d}": people[pk] for n, pk in enumerate(pks)}
