"""The rules of a call as plain frozen values: what a version holds, what every other step reads.

Pure: no database, no clock. `parse` reads the JSON of a version, `dump` writes it back; both ends are exact.
"""

from terreau.calls.rulebook.answers import check_answer, in_words, normalise, well_formed
from terreau.calls.rulebook.changes import QUESTION_KINDS, Change, compare
from terreau.calls.rulebook.coherence import blocking, problems
from terreau.calls.rulebook.conditions import empty, holds, leaves, readable, reads
from terreau.calls.rulebook.content import dump, parse
from terreau.calls.rulebook.eligibility import SEATS, Facts, Reason, eligibility_reasons, seat_of, whole_months
from terreau.calls.rulebook.flow import Asked, asked, shown
from terreau.calls.rulebook.identity import BUILT_IN, REQUESTED, all_questions, identity
from terreau.calls.rulebook.parts import (
    Amounts,
    Choice,
    Condition,
    Criterion,
    DocumentRule,
    Eligibility,
    Question,
    QuestionKind,
    Rulebook,
    Section,
    WindowRule,
)
from terreau.calls.rulebook.problem import Problem
from terreau.calls.rulebook.routes import Route, Step, routes
from terreau.calls.rulebook.shift import shift_years
from terreau.calls.rulebook.text import count_words
from terreau.calls.rulebook.words import condition_in_words

__all__ = [
    "BUILT_IN",
    "QUESTION_KINDS",
    "REQUESTED",
    "SEATS",
    "Amounts",
    "Asked",
    "Change",
    "Choice",
    "Condition",
    "Criterion",
    "DocumentRule",
    "Eligibility",
    "Facts",
    "Problem",
    "Question",
    "QuestionKind",
    "Reason",
    "Route",
    "Rulebook",
    "Section",
    "Step",
    "WindowRule",
    "all_questions",
    "asked",
    "blocking",
    "check_answer",
    "compare",
    "condition_in_words",
    "count_words",
    "dump",
    "eligibility_reasons",
    "empty",
    "holds",
    "identity",
    "in_words",
    "leaves",
    "normalise",
    "parse",
    "problems",
    "readable",
    "reads",
    "routes",
    "seat_of",
    "shift_years",
    "shown",
    "well_formed",
    "whole_months",
]
