"""A signed agreement of a year with its budget, its participants, its schedule and its reports, for tests."""

from datetime import date

from tests import factories

from terreau.accounts.models import Role
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.lifecycle import AgreementState
from terreau.funding.models import Agreement, Instalment
from terreau.projects.lifecycle import State
from terreau.projects.models import BudgetLine

START, END = date(2026, 1, 1), date(2026, 12, 31)
BUDGET = [  # euros: charges 100 000, 40 000 asked of this funder
    ("60", "Achats", 20_000, "", False),
    ("64", "Personnel", 80_000, "", False),
    ("74", "Le financeur", 40_000, "sought", True),
    ("74", "Région", 50_000, "obtained", False),
    ("70", "Ventes", 10_000, "", False),
    ("86v", "Bénévolat", 5_000, "", False),
    ("87v", "Bénévolat", 5_000, "", False),
]
SCHEDULE = [("signature", 2_000_000, date(2026, 1, 15)), ("milestone", 800_000, date(2026, 7, 1))]


def agreement(*, owner=None, region=None, schedule=SCHEDULE, starts_on=START, ends_on=END, **fields):
    """Signed on the first day; the first instalment is paid."""
    owner = owner or factories.membership(Role.HOLDER)
    file = factories.application(
        owner=owner,
        state=State.SELECTED,
        region=region or factories.region(),
        publics={"cadre": 40, "firm": 10},
        granted_cents=4_000_000,
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(application=file, rubric=r, label=label, amount_cents=euros * 100, status=s, requested=ours)
        for r, label, euros, s, ours in BUDGET
    )
    defaults = {"number": f"C-{file.reference}", "state": AgreementState.SIGNED, "signed_on": starts_on}
    made = Agreement.objects.create(
        application=file,
        holder=file.holder,
        purpose="Le projet.",
        starts_on=starts_on,
        ends_on=ends_on,
        eligible_base_cents=10_000_000,
        granted_cents=4_000_000,
        **defaults | fields,
    )
    parts = [*schedule, ("final", 4_000_000 - sum(cents for _c, cents, _d in schedule), ends_on)]
    for number, (condition, cents, day) in enumerate(parts, 1):
        Instalment.objects.create(agreement=made, number=number, condition=condition, amount_cents=cents, due_on=day)
    keep_calendar(made, by=None)
    return made


def report(kind="final", **options):
    return agreement(**options).reports.select_related("agreement__application").get(kind=kind, **kind_number(kind))


def kind_number(kind):
    return {"number": 6} if kind == "follow_up" else {}


def told(report, **changes):
    """What a holder types for the figures: everything as planned, except what is said."""
    planned = {line.key: str(line.planned_cents // 100) for line in report.lines.filter(ours=False)}
    return planned | changes
