"""Which parts of a form are asked, given the answers so far.

Items are taken in the order they are asked. A condition reads only earlier answers, of questions that are
themselves asked, and only values that make sense for their question: a stale answer behind a hidden question, or
`12 ooo` typed for a number, counts as no answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from terreau.calls.rulebook.answers import well_formed
from terreau.calls.rulebook.conditions import holds
from terreau.calls.rulebook.identity import REQUESTED, identity, requested_question
from terreau.calls.rulebook.parts import DocumentRule, Question, Rulebook, Section

type Item = Section | Question | DocumentRule


@dataclass(frozen=True)
class Asked:
    """What a form shows for one set of answers, and the answers that count."""

    sections: tuple[Section, ...]  # each with only the questions that are shown
    documents: tuple[DocumentRule, ...]
    answers: dict[str, Any]

    @property
    def questions(self) -> dict[str, Question]:
        return {q.key: q for section in self.sections for q in section.questions}


def shown(item: Item, answers: Mapping[str, Any]) -> bool:
    """Whether one section, question or document is shown, on these answers as they are. Total."""
    return holds(item.show_if, answers)


def steps(rules: Rulebook) -> Iterator[tuple[str, Item]]:
    """Every item in the order it is asked: identity, sections with their questions, documents."""
    for section in (identity(rules), *rules.sections):
        yield "section", section
        for question in section.questions:
            yield "question", question
    for document in rules.documents:
        yield "document", document


def asked(rules: Rulebook, answers: Mapping[str, Any]) -> Asked:
    """The form as this holder sees it: identity first, then the sections, then the documents."""
    kept: dict[str, Any] = {}
    if well_formed(requested_question(rules), answers.get(REQUESTED)):
        kept[REQUESTED] = answers[REQUESTED]
    sections = []
    for section in (identity(rules), *rules.sections):
        if shown(section, kept):
            questions = tuple(q for q in section.questions if _ask(q, answers, kept))
            sections.append(_only(section, questions))
    documents = tuple(d for d in rules.documents if shown(d, kept))
    return Asked(tuple(sections), documents, kept)


def _ask(question: Question, answers: Mapping[str, Any], kept: dict[str, Any]) -> bool:
    """Whether a question is shown; its answer then counts for what follows."""
    if not shown(question, kept):
        return False
    if well_formed(question, answers.get(question.key)):
        kept[question.key] = answers[question.key]
    return True


def _only(section: Section, questions: tuple[Question, ...]) -> Section:
    return Section(section.key, section.title, section.help, questions, section.show_if)
