"""The nearest Django peer, pretalx, at the same size and the same work. Runs inside pretalx's own environment.

    PRETALX_DATA_DIR=… python peer_pretalx.py build 5000
    PRETALX_DATA_DIR=… python peer_pretalx.py measure 30

`measure` prints one JSON object: page → {median, p95 seconds, queries, bytes}.
"""

import json
import os
import random
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer_settings")
os.environ.setdefault("PRETALX_SITE_URL", "http://testserver")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.timezone import now, timedelta
from django_scopes import scope, scopes_disabled
from pretalx.event.domain.event import create_event
from pretalx.event.domain.organiser import create_organiser_with_team
from pretalx.event.models import Event
from pretalx.person.models import SpeakerProfile, User
from pretalx.submission.models import Answer, Question, Review, Submission, Track
from pretalx.submission.models.submission import SpeakerRole

QUESTIONS = 14
REVIEWERS = 40
REVIEWS = 3


def build(count):
    call_command("migrate", verbosity=0)
    draw = random.Random(2025)
    with scopes_disabled():
        boss = User.objects.create_user(email="boss@example.org", password="boss", is_administrator=True)
        organiser, team = create_organiser_with_team(name="Peer", slug="peer", users=[boss])
        start = (now() + timedelta(days=60)).date()
        event = create_event(
            organiser=organiser,
            locales=["en"],
            locale="en",
            name="Peer",
            slug="peer",
            is_public=True,
            date_from=start,
            date_to=start,
            timezone="Europe/Paris",
            email="peer@example.org",
            primary_color=None,
        )
    with scope(event=event):
        team.limit_events.add(event)
        people = User.objects.bulk_create(
            [User(email=f"p{i}@example.org", name=f"Person {i}", code=f"U{i:07}") for i in range(count + REVIEWERS)]
        )
        speakers = SpeakerProfile.objects.bulk_create(
            [SpeakerProfile(event=event, user=u, name=u.name, code=f"S{i:07}") for i, u in enumerate(people[:count])]
        )
        tracks = [Track.objects.create(event=event, name=f"Track {i}", color="#336633") for i in range(8)]
        kind = event.submission_types.first()
        files = Submission.objects.bulk_create(
            [
                Submission(
                    event=event,
                    code=f"A{i:06}",
                    title=f"Project number {i}",
                    submission_type=kind,
                    track=draw.choice(tracks),
                    state="submitted",
                    abstract="word " * 60,
                    description="word " * 200,
                    duration=30,
                )
                for i in range(count)
            ]
        )
        SpeakerRole.objects.bulk_create(
            [SpeakerRole(submission=f, speaker=s) for f, s in zip(files, speakers, strict=True)]
        )
        questions = [
            Question.objects.create(
                event=event, question=f"Question {i}", variant="text", target="submission", position=i
            )
            for i in range(QUESTIONS)
        ]
        Answer.objects.bulk_create(
            [Answer(question=q, submission=f, answer="word " * 80) for f in files for q in questions], batch_size=2000
        )
        Review.objects.bulk_create(
            [
                Review(submission=f, user=u, text="word " * 40, score=draw.randint(0, 5))
                for f in files
                for u in draw.sample(people[count:], REVIEWS)
            ],
            batch_size=2000,
        )


def timed(client, method, path, data, rounds):
    """The first answer counts the queries and warms the caches; with no round more, it is the one timed."""
    queries, times = [], []

    def once():
        clock, cpu = time.perf_counter(), time.process_time()
        answer = getattr(client, method)(path, data)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, (path, answer.status_code)
        return time.perf_counter() - clock, time.process_time() - cpu, len(body)

    with connection.execute_wrapper(lambda run, *call: queries.append(1) or run(*call)):
        first = once()
    times = [once() for _ in range(rounds)] or [first]
    clocks, cpus, sizes = zip(*times, strict=True)
    return {
        "median": statistics.median(clocks),
        "cpu": statistics.median(cpus),
        "queries": len(queries),
        "bytes": sizes[-1],
    }


def measure(rounds):
    client = Client()
    client.force_login(User.objects.get(email="boss@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    with scopes_disabled():
        event = Event.objects.get(slug="peer")
        questions = list(Question.all_objects.filter(event=event).values_list("pk", flat=True))
        code = Submission.objects.filter(event=event).first().code
    wanted = ["title", "state", "submission_type", "track", "created", "abstract", "description", "speaker_names"]
    export = dict.fromkeys([*wanted, *(f"question_{pk}" for pk in questions)], "on")
    export |= {"export_format": "csv", "data_delimiter": "comma", "target": "all"}
    pages = {
        "list": ("get", "/orga/event/peer/submissions/?page_size=50", {}, rounds),
        "review dashboard": ("get", "/orga/event/peer/reviews/?page_size=50", {}, rounds),
        "dashboard": ("get", "/orga/event/peer/", {}, rounds),
        "file": ("get", f"/orga/event/peer/submissions/{code}/", {}, rounds),
        "call": ("get", "/peer/cfp", {}, rounds),
        "csv": ("post", "/orga/event/peer/schedule/export/", export, 0),
    }
    if "without-export" in sys.argv:
        del pages["csv"]
    print(json.dumps({name: timed(client, *how) for name, how in pages.items()}))


if __name__ == "__main__":
    {"build": build, "measure": measure}[sys.argv[1]](int(sys.argv[2]))
