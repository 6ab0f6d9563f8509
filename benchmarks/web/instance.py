"""An instance of Terreau at a given size, written in bulk: applications with every answer, budget and review."""

import random
from datetime import timedelta

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from terreau.accounts.models import Membership, Organisation, Role, User
from terreau.calls import rulebook
from terreau.calls.models import Call, Version, Window
from terreau.projects.models import Answer, Application, BudgetLine, Collaborator, Target, Theme
from terreau.selection.models import Committee, Review, Score
from terreau.territories.models import Level, Territory

QUESTIONS = 14
REVIEWERS = 40
REVIEWS = 3
RUBRICS = ["60", "61", "62", "64", "70", "74", "74", "75", "86", "87"]
TEXT = "mot " * 80


def rules(now):
    """Two windows, five criteria, fourteen long questions."""

    def choices(*keys):
        return tuple(rulebook.Choice(k, k.capitalize()) for k in keys)

    questions = tuple(
        rulebook.Question(f"q{i}", "long_text", f"Question {i}", limit=400, required=True) for i in range(QUESTIONS)
    )
    windows = tuple(
        rulebook.WindowRule(k, k.capitalize(), now - timedelta(days=60), now + timedelta(days=d), 200_000_000)
        for k, d in (("mai", 10), ("octobre", 60))
    )
    return rulebook.Rulebook(
        kinds=choices("pilot", "scaling"),
        domains=choices("inclusion", "territoires", "transition"),
        themes=choices("insertion", "mentorat", "reconversion", "mobilite", "numerique"),
        publics=choices("graduates", "cadres", "firms"),
        amounts=rulebook.Amounts(minimum_cents=500_000, maximum_cents=20_000_000, rate_ceiling=0.7),
        windows=windows,
        criteria=tuple(rulebook.Criterion(f"c{i}", f"Critère {i}") for i in range(5)),
        sections=(rulebook.Section("projet", "Projet", questions=questions),),
    )


def bulk(rows):
    rows = list(rows)
    return type(rows[0]).objects.bulk_create(rows, batch_size=2000)


def opened_call(now):
    """A funder's open call, its windows and their committees."""
    funder = Organisation.objects.create(kind="funder", name="Financeur", legal_form="association")
    call = Call.objects.create(funder=funder, slug="banc", title="Appel du banc d’essai", edition=2025, state="open")
    content = rules(now)
    published = now - timedelta(days=60)
    version = Version.objects.create(call=call, number=1, content=rulebook.dump(content), published_at=published)
    windows = bulk(
        Window(
            call=call,
            key=w.key,
            label=w.label,
            opens_at=w.opens_at,
            deadline=w.deadline,
            envelope_cents=w.envelope_cents,
        )
        for w in content.windows
    )
    bulk(Committee(window=w) for w in windows)
    return call, content, version, windows


def applications(call, version, windows, owners, draw, now):
    regions = bulk(Territory(level=Level.REGION, code=f"{i:02}", name=f"Région {i}") for i in range(1, 19))
    files = bulk(
        Application(
            reference=f"2025-{i:05}",
            call=call,
            window=draw.choice(windows),
            holder=owner.organisation,
            version=version,
            state=draw.choice(["submitted", "admitted", "in_review", "in_review", "in_review"]),
            title=f"Projet numéro {i}",
            summary=TEXT,
            kind=draw.choice(["pilot", "scaling"]),
            domain="inclusion",
            region=draw.choice(regions),
            requested_cents=draw.randrange(5, 200) * 100_000,
            total_cents=30_000_000,
            submitted_at=now,
        )
        for i, owner in enumerate(owners)
    )
    through = Application.regions.through
    bulk(through(application_id=f.pk, territory_id=f.region_id) for f in files)
    bulk(Collaborator(application=f, membership=m, role="owner") for f, m in zip(files, owners, strict=True))
    return files


def contents(files, content, draw):
    """Answers, budget, themes and publics of every file."""
    themes = [c.key for c in content.themes]
    bulk(Theme(application=f, key=k) for f in files for k in draw.sample(themes, 2))
    bulk(Target(application=f, public=c.key, expected=draw.randrange(10, 400)) for f in files for c in content.publics)
    bulk(Answer(application=f, key=f"q{i}", value=TEXT) for f in files for i in range(QUESTIONS))
    bulk(
        BudgetLine(application=f, rubric=r, label=f"Ligne {i}", amount_cents=3_000_000, position=i, requested=i == 5)
        for f in files
        for i, r in enumerate(RUBRICS)
    )


def readings(files, content, jurors, draw, now):
    """Three rendered reviews of every file in review, each criterion scored and justified."""
    reviews = bulk(
        Review(application=f, juror=j, state="done", total=draw.uniform(20, 95), rendered_at=now, comment=TEXT)
        for f in files
        if f.state == "in_review"
        for j in draw.sample(jurors, REVIEWS)
    )
    bulk(
        Score(review=r, criterion=c.key, value=draw.randrange(6), justification="Parce que.")
        for r in reviews
        for c in content.criteria
    )


def build(count):
    """One call at `count` applications, with one officer and one chair."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    draw, now = random.Random(2025), timezone.now()
    with transaction.atomic():
        call, content, version, windows = opened_call(now)
        users = bulk(User(email=f"p{i}@bench.example", password="!") for i in range(count + REVIEWERS + 2))
        holders = bulk(
            Organisation(kind="association", name=f"Association {i}", legal_form="association") for i in range(count)
        )
        owners = bulk(
            Membership(user=u, organisation=o, role=Role.HOLDER) for u, o in zip(users, holders, strict=False)
        )
        staff = [*[Role.JUROR] * REVIEWERS, Role.OFFICER, Role.CHAIR]
        jurors = bulk(
            Membership(user=u, organisation=call.funder, role=r) for u, r in zip(users[count:], staff, strict=True)
        )[:REVIEWERS]
        files = applications(call, version, windows, owners, draw, now)
        contents(files, content, draw)
        readings(files, content, jurors, draw, now)
