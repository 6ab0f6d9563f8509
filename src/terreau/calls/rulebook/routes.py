"""Every route through the conditions of a form: which answers lead to which sections, questions and documents.

The walk takes items in the order they are asked, and branches only where a later condition looks: on the classes
of answers that conditions tell apart. Routes that show the same things are one route, reached in several ways.
The number of routes is bounded; the order is that of the lists of the rulebook.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from terreau.calls.rulebook.classes import AnswerClass, answer_classes
from terreau.calls.rulebook.conditions import leaves, reads
from terreau.calls.rulebook.flow import Item, shown, steps
from terreau.calls.rulebook.identity import REQUESTED, all_questions
from terreau.calls.rulebook.parts import Condition, Question, Rulebook, Section

MOST_ROUTES = 400
MOST_WAYS = 12


@dataclass(frozen=True)
class Step:
    """One answer that decides of a route."""

    question: str
    label: str
    words: str

    def __str__(self) -> str:
        return _("%(label)s : %(words)s") % {"label": self.label, "words": self.words}


type Way = tuple[Step, ...]


@dataclass(frozen=True)
class Route:
    """What is shown, by key, and the answers that lead there (each way is one combination)."""

    ways: tuple[Way, ...]
    sections: tuple[str, ...]
    questions: tuple[str, ...]
    documents: tuple[str, ...]

    def __str__(self) -> str:
        return _(" – ou – ").join(" ; ".join(map(str, way)) for way in self.ways) or _("toujours")


@dataclass
class _Walker:
    """Where one exploration stands: the answers that still matter, what it was shown, how it came here."""

    answers: dict[str, AnswerClass] = field(default_factory=dict)
    seen: tuple[tuple[str, str], ...] = ()
    ways: list[Way] = field(default_factory=lambda: [()])

    def values(self) -> dict[str, object]:
        return {key: kept.value for key, kept in self.answers.items()}

    def took(self, question: Question, kept: AnswerClass) -> "_Walker":
        step = Step(question.key, question.label, kept.words)
        return _Walker(self.answers | {question.key: kept}, self.seen, [(*way, step) for way in self.ways])


def routes(rules: Rulebook, *, complete: bool = True, limit: int = MOST_ROUTES) -> list[Route]:
    """Every route, at most `limit`. `complete`: only of forms that could be submitted, else of drafts too."""
    items = list(steps(rules))
    conditions = [item.show_if for _kind, item in items if item.show_if]
    branches = {
        key: answer_classes(question, _leaves_on(key, conditions), complete=complete)
        for key, question in all_questions(rules).items()
        if any(key in reads(condition) for condition in conditions)
    }
    walkers = _branch([_Walker()], all_questions(rules)[REQUESTED], branches)
    section_key = ""
    for position, (kind, item) in enumerate(items):
        section_key = item.key if isinstance(item, Section) else section_key
        later = set().union(*(reads(i.show_if) for _kind, i in items[position + 1 :]))
        walkers = _merge(_visit(walkers, kind, item, section_key, branches), later)[:limit]
    return [_route(walker) for walker in _merge(walkers, set())]


def _leaves_on(key: str, conditions: list[Condition]) -> list[Condition]:
    return [leaf for condition in conditions for leaf in leaves(condition) if leaf["question"] == key]


def _branch(walkers: list[_Walker], question: Question, branches: dict[str, list[AnswerClass]]) -> list[_Walker]:
    if question.key not in branches:
        return walkers
    return [walker.took(question, kept) for walker in walkers for kept in branches[question.key]]


def _visit(
    walkers: list[_Walker], kind: str, item: Item, section: str, branches: dict[str, list[AnswerClass]]
) -> list[_Walker]:
    """Each walker meets one item: it sees it or not, and answers it where the answer matters."""
    after: list[_Walker] = []
    for walker in walkers:
        inside = kind != "question" or ("section", section) in walker.seen
        if not inside or not shown(item, walker.values()):
            after.append(walker)
            continue
        met = _Walker(walker.answers, (*walker.seen, (kind, item.key)), walker.ways)
        after += _branch([met], item, branches) if isinstance(item, Question) else [met]
    return after


def _merge(walkers: list[_Walker], later: set[str]) -> list[_Walker]:
    """One walker for all that have seen the same and hold the same answers to what is still to be read."""
    merged: dict[object, _Walker] = {}
    for walker in walkers:
        answers = {key: kept for key, kept in walker.answers.items() if key in later}
        mark = (walker.seen, tuple((key, repr(kept.value)) for key, kept in answers.items()))
        if mark in merged:
            merged[mark].ways = [*merged[mark].ways, *walker.ways][:MOST_WAYS]
        else:
            merged[mark] = _Walker(answers, walker.seen, walker.ways)
    return list(merged.values())


def _route(walker: _Walker) -> Route:
    def keys(kind: str) -> tuple[str, ...]:
        return tuple(key for seen, key in walker.seen if seen == kind)

    return Route(tuple(dict.fromkeys(walker.ways)), keys("section"), keys("question"), keys("document"))
