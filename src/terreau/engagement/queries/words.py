"""The words of the keys that firms and projects share: themes and publics of every published call."""

from terreau.calls.lifecycle import State
from terreau.calls.models import Call
from terreau.projects.queries.public import rules_in_force


def themes() -> dict[str, str]:
    """Key → label, in the order of the newest call that has it."""
    return _labels("themes")


def publics() -> dict[str, str]:
    return _labels("publics")


def _labels(group: str) -> dict[str, str]:
    calls = Call.objects.exclude(state=State.DRAFT).order_by("-edition", "-pk").values_list("pk", flat=True)
    rules = rules_in_force(calls)
    found: dict[str, str] = {}
    for call in calls:
        if call in rules:
            for choice in getattr(rules[call], group):
                found.setdefault(choice.key, choice.label)
    return found
