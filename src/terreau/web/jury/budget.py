"""The budget of a submitted file, ready to read: charges, income, and contributions in kind apart."""

from django.utils.translation import gettext as _

from terreau.projects import rulebook
from terreau.projects.models import BudgetLine


def tables(content):
    groups = [
        (_("Charges"), rulebook.EXPENSES),
        (_("Produits"), rulebook.INCOME),
        (_("Emplois des contributions en nature"), rulebook.KIND_EXPENSES),
        (_("Contributions en nature"), rulebook.KIND_INCOME),
    ]
    found = [{"title": title, "lines": lines(content, rubrics)} for title, rubrics in groups]
    return [{**table, "total": sum(line["cents"] for line in table["lines"])} for table in found if table["lines"]]


def lines(content, rubrics):
    statuses = dict(BudgetLine.Status.choices)
    return [
        {
            "rubric": f"{rulebook.number(line['rubric'])} {rubrics[line['rubric']]}",
            "label": line["label"],
            "cents": line["amount_cents"],
            "status": statuses.get(line["status"], ""),
            "requested": line["requested"],
        }
        for line in content["budget"]
        if line["rubric"] in rubrics
    ]
