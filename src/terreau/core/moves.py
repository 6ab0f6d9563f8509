"""What the tables of states share: the state a verb leads to, and how a move or an action is refused."""

from collections.abc import Collection, Mapping


class WrongMoment(Exception):  # noqa: N818 - named after what happened
    """The move exists, but not from this state."""


class Refused(Exception):  # noqa: N818 - named after what happened
    """An action that cannot be done now, with the reasons in words."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = [str(reason) for reason in reasons]

    def __str__(self) -> str:
        return " ".join(self.reasons)


def after[S: str](moves: Mapping[str, tuple[Collection[S], S]], state: str, verb: str) -> S:
    """The state that `verb` leads to from `state`; WrongMoment where the table has no such move."""
    before, then = moves[verb]
    if state not in before:
        raise WrongMoment(verb, state)
    return then


def allows[S: str](moves: Mapping[str, tuple[Collection[S], S]], state: str, verb: str) -> bool:
    return state in moves[verb][0]
