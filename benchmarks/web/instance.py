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
BATCH = 2000
RUBRICS = ["60", "61", "62", "64", "70", "74", "74", "75", "86", "87"]


def rules(now):
    choices = lambda *keys: tuple(rulebook.Choice(k, k.capitalize()) for k in keys)  # noqa: E731
    questions = tuple(
        rulebook.Question(f"q{i}", "long_text", f"Question {i}", limit=400, required=True) for i in range(QUESTIONS)
    )
    return rulebook.Rulebook(
        kinds=choices("pilot", "scaling"),
        domains=choices("inclusion", "territoires", "transition"),
        themes=choices("insertion", "mentorat", "reconversion", "mobilite", "numerique"),
        publics=choices("graduates", "cadres", "firms"),
        amounts=rulebook.Amounts(minimum_cents=500_000, maximum_cents=20_000_000, rate_ceiling=0.7),
        windows=tuple(
            rulebook.WindowRule(k, k.capitalize(), now - timedelta(days=60), now + timedelta(days=d), 200_000_000)
            for k, d in (("mai", 10), ("octobre", 60))
        ),
        criteria=tuple(rulebook.Criterion(f"c{i}", f"Critère {i}") for i in range(5)),
        sections=(rulebook.Section("projet", "Projet", questions=questions),),
    )


@transaction.atomic
def build(count):
    """Everything of one call at `count` applications; returns the call and the officer's e-mail address."""
    call_command("migrate", verbosity=0)
    draw, now = random.Random(2025), timezone.now()
    text = "mot " * 80
    regions = Territory.objects.bulk_create(
        [Territory(level=Level.REGION, code=f"{i:02}", name=f"Région {i}") for i in range(1, 19)]
    )
    funder = Organisation.objects.create(kind="funder", name="Financeur", legal_form="association")
    call = Call.objects.create(funder=funder, slug="banc", title="Appel du banc d’essai", edition=2025, state="open")
    content = rules(now)
    version = Version.objects.create(
        call=call, number=1, content=rulebook.dump(content), published_at=now - timedelta(days=60)
    )
    windows = [
        Window.objects.create(
            call=call,
            key=w.key,
            label=w.label,
            opens_at=w.opens_at,
            deadline=w.deadline,
            envelope_cents=w.envelope_cents,
        )
        for w in content.windows
    ]
    Committee.objects.bulk_create([Committee(window=w) for w in windows])
    users = User.objects.bulk_create(
        [User(email=f"p{i}@bench.example", password="!") for i in range(count + REVIEWERS + 2)]
    )
    holders = Organisation.objects.bulk_create(
        [Organisation(kind="association", name=f"Association {i}", legal_form="association") for i in range(count)],
        batch_size=BATCH,
    )
    owners = Membership.objects.bulk_create(
        [Membership(user=u, organisation=o, role=Role.HOLDER) for u, o in zip(users, holders, strict=False)],
        batch_size=BATCH,
    )
    jurors = Membership.objects.bulk_create(
        [Membership(user=u, organisation=funder, role=Role.JUROR) for u in users[count : count + REVIEWERS]]
    )
    Membership.objects.create(user=users[-1], organisation=funder, role=Role.OFFICER)
    Membership.objects.create(user=users[-2], organisation=funder, role=Role.CHAIR)
    files = Application.objects.bulk_create(
        [
            Application(
                reference=f"2025-{i:05}", call=call, window=draw.choice(windows), holder=o, version=version,
                state=draw.choice(["submitted", "admitted", "in_review", "in_review", "in_review"]),
                title=f"Projet numéro {i}", summary=text[:300], kind=draw.choice(["pilot", "scaling"]),
                domain="inclusion", region=draw.choice(regions), requested_cents=draw.randrange(5, 200) * 100_000,
                total_cents=30_000_000, submitted_at=now,
            )
            for i, o in enumerate(holders)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    Application.regions.through.objects.bulk_create(
        [Application.regions.through(application_id=f.pk, territory_id=f.region_id) for f in files], batch_size=BATCH
    )
    Collaborator.objects.bulk_create(
        [Collaborator(application=f, membership=m, role="owner") for f, m in zip(files, owners, strict=True)],
        batch_size=BATCH,
    )
    Theme.objects.bulk_create(
        [Theme(application=f, key=k) for f in files for k in draw.sample([c.key for c in content.themes], 2)],
        batch_size=BATCH,
    )
    Target.objects.bulk_create(
        [Target(application=f, public=c.key, expected=draw.randrange(10, 400)) for f in files for c in content.publics],
        batch_size=BATCH,
    )
    Answer.objects.bulk_create(
        [Answer(application=f, key=f"q{i}", value=text) for f in files for i in range(QUESTIONS)], batch_size=BATCH
    )
    BudgetLine.objects.bulk_create(
        [
            BudgetLine(
                application=f, rubric=r, label=f"Ligne {i}", amount_cents=3_000_000, position=i,
                requested=(i == 5), status="sought" if r == "74" else "",
            )
            for f in files
            for i, r in enumerate(RUBRICS)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    reviews = Review.objects.bulk_create(
        [
            Review(
                application=f, juror=j, state="done", total=draw.uniform(20, 95), rendered_at=now, comment=text[:200]
            )
            for f in files
            if f.state == "in_review"
            for j in draw.sample(jurors, REVIEWS)
        ],
        batch_size=BATCH,
    )
    Score.objects.bulk_create(
        [
            Score(review=r, criterion=c.key, value=draw.randrange(6), justification="Parce que.")
            for r in reviews
            for c in content.criteria
        ],
        batch_size=BATCH,
    )
    return call, users[-1].email
