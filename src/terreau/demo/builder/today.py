"""The open call: one window closed three weeks ago and under review, one where people are writing now."""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction

from terreau.accounts.models import Membership, Role
from terreau.calls import actions as calls
from terreau.calls import rulebook
from terreau.calls.models import Call, Window
from terreau.demo.builder import filing, judging
from terreau.demo.builder.cast import Cast
from terreau.demo.builder.filing import Filed
from terreau.demo.clock import at, moment
from terreau.demo.following import FIRST, SECOND, Following, windows
from terreau.demo.parts import Project
from terreau.funding.actions.ledger import take_up
from terreau.projects import actions as projects
from terreau.projects.models import Collaborator
from terreau.selection import actions as selection

SLUG, TITLE, EDITION = "innovation-sociale-2026", "Innovation sociale et transformations du travail 2026", 2026
LABELS = {FIRST: "Première période", SECOND: "Seconde période"}
ENVELOPE = 200_000_000
FIRST_ENVELOPE = 60_000_000  # for the twelve files under review: a real choice
PROPOSED = 3  # files of the first window on which the committee has begun to pronounce


def play_today(past: Call, cast: Cast, plan: Following, *, home: Filed, today: date) -> Call:
    """Duplicate last year's call, open it around today, and bring each file to where it has come."""
    with transaction.atomic():
        call = _open(past, cast, today)
    own = next(n for n, p in plan.projects.items() if p.plan.window == SECOND and p.plan.fate == "draft")
    in_review: list[Filed] = []
    for number, project in plan.projects.items():
        with transaction.atomic():
            membership = _own(home) if number == own else _settled(project)
            filed = _write(call, project, membership, number)
            if number == own:
                _share_with_visitors(filed, home)
            _bring(filed, plan, cast, today, rank=len(in_review))
        if project.plan.fate == "in_review":
            in_review.append(filed)
    with transaction.atomic():
        _begin_committee(call.windows.get(key=FIRST), in_review, cast, today)
    return call


def _open(past: Call, cast: Cast, today: date) -> Call:
    opened = windows(today)[FIRST][0]
    with at(moment(opened - timedelta(days=15))):
        call = calls.duplicate(past, title=TITLE, slug=SLUG, edition=EDITION, by=cast.officer)
        rules = replace(
            rulebook.parse(call.versions.get().content),
            windows=tuple(_window(key, *dates) for key, dates in windows(today).items()),
        )
        calls.write_rules(call, rules, by=cast.officer)
        calls.publish(call, by=cast.officer)
    with at(moment(opened, 9)):
        calls.open_call(call, by=cast.officer)
    return call


def _window(key: str, opens: date, deadline: date) -> rulebook.WindowRule:
    return rulebook.WindowRule(
        key,
        LABELS[key],
        moment(opens, 9),
        moment(deadline, 23, 59),
        FIRST_ENVELOPE if key == FIRST else ENVELOPE,
        deadline + timedelta(days=45),
    )


def _settled(project: Project) -> Membership:
    with at(moment(project.filed_on - timedelta(days=8))):
        return filing.settle_holder(project)


def _own(home: Filed) -> Membership:
    return home.owner.memberships.get(organisation=home.application.holder, role=Role.HOLDER)


def _write(call: Call, project: Project, membership: Membership, number: int) -> Filed:
    when = moment(project.filed_on, 9 + number % 9, number * 7)
    fate = project.plan.fate
    share = {"draft": (0.4, 0.7, 0.95)[number % 3], "withdrawn": 0.5}.get(fate, 1.0)
    filed = filing.write(call, project, membership, when, share=share)
    if fate == "withdrawn":
        with at(when):
            projects.withdraw(filed.application, by=filed.owner, reason="Le cofinancement attendu manque.")
    elif fate != "draft":
        filing.submit(filed, when)
    return filed


def _share_with_visitors(filed: Filed, home: Filed) -> None:
    for shared in home.application.collaborators.exclude(role=Collaborator.Role.OWNER):
        projects.share(filed.application, shared.membership, shared.role, by=filed.owner)


def _bring(filed: Filed, plan: Following, cast: Cast, today: date, *, rank: int) -> None:
    """As far as its fate says; what the office did is a few days old."""
    fate, number = filed.project.plan.fate, filed.project.plan.number
    if fate == "incomplete":
        judging.ask(filed, cast, today - timedelta(days=4))
    elif fate == "ineligible":
        judging.exclude(filed, cast, today - timedelta(days=6))
    elif fate in {"admitted", "in_review"}:
        judging.admit(filed, cast, today - timedelta(days=20))
    if fate == "in_review":
        rendered = None if rank < PROPOSED else rank % 3
        judging.read(filed, plan.readings[number], cast, today - timedelta(days=19), rendered=rendered)
        if rank % 3 < 2:
            judging.advise(filed, plan.advice[number], cast, today - timedelta(days=5))
        if rank % 4 == 0:
            judging.exchange(filed, cast, today - timedelta(days=7))


def _begin_committee(window: Window, files: list[Filed], cast: Cast, today: date) -> None:
    """A few proposals, nothing sealed: the ledger knows the envelope and what is asked."""
    with at(moment(today - timedelta(days=1), 15)):
        committee = selection.convene(window, by=cast.chair)
        for rank, filed in enumerate(files[:PROPOSED]):
            outcome, reason = (
                ("declined", "Les résultats attendus ne sont pas assez définis.") if rank == 2 else ("selected", "")
            )
            selection.propose(committee, filed.application, outcome, reason=reason, by=cast.chair)
        take_up(judging.refer(window, cast, name="Premier essai"), by=cast.chair)
