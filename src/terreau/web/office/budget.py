"""The budget of a file as its table: charges and income side by side, contributions in kind apart."""

from dataclasses import dataclass

from terreau.projects import rulebook


@dataclass(frozen=True)
class Part:
    """The lines of one rubric, and their sum in cents without what was refused."""

    number: str
    label: str
    lines: list
    cents: int


def table(lines):
    return {
        "sides": [
            (parts(lines, rulebook.EXPENSES), total(lines, rulebook.EXPENSES), "expenses"),
            (parts(lines, rulebook.INCOME), total(lines, rulebook.INCOME), "income"),
        ],
        "kind": [
            (parts(lines, rulebook.KIND_EXPENSES), total(lines, rulebook.KIND_EXPENSES), "expenses"),
            (parts(lines, rulebook.KIND_INCOME), total(lines, rulebook.KIND_INCOME), "income"),
        ],
        "totals": rulebook.totals(lines),
    }


def parts(lines, rubrics):
    return [
        Part(rulebook.number(rubric), label, mine, total(mine, rubrics))
        for rubric, label in rubrics.items()
        if (mine := [line for line in lines if line.rubric == rubric])
    ]


def total(lines, rubrics):
    return sum(line.amount_cents for line in lines if line.rubric in rubrics and line.status != rulebook.REFUSED)
