# ruff: noqa: PLC0415 - Django loads after the settings are chosen
"""The last minutes before a deadline: holders who autosave and submit at once, on one instance, in process.

    python benchmarks/deadline.py                 # SQLite, in a folder of its own
    DATABASE_URL=postgres://… python benchmarks/deadline.py --holders 300 --threads 8

Prints saves a second, the median and the 95th percentile, and what was lost (nothing, or the script fails).
"""

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
SAVES = 6


def prepare(holders):
    """One call, and as many complete drafts as there are holders."""
    from tests import factories
    from tests.projects.test_submission import fill

    from terreau.projects import actions

    call = factories.call(slug=f"peak-{time.time_ns()}")
    drafts = []
    for _ in range(holders):
        owner = factories.membership()
        draft = actions.start(call, owner.organisation, by=owner.user, membership=owner)
        drafts.append((owner.user, fill(draft, owner.user)))
    return drafts


def last_minutes(user, draft, seen):
    """One holder: a text that grows, saved as it grows, then the file submitted."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    base = draft.answers.get(key="need").version
    for i in range(SAVES):
        text = f"Version {i} " * 30
        seen.append(timed(client, "enregistrer/need/", draft, {"need": text, "base-need": base + i, "writer": "w"}))
    seen.append(timed(client, "deposer/", draft, {}))


def timed(client, path, draft, data):
    start = time.perf_counter()
    answer = client.post(f"/dossiers/{draft.reference}/{path}", data)
    return time.perf_counter() - start, answer.status_code


def run(drafts, threads):
    from django.db import connections

    seen = []

    def work(mine):
        for user, draft in mine:
            last_minutes(user, draft, seen)
        connections.close_all()

    pool = [threading.Thread(target=work, args=(drafts[i::threads],)) for i in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    return seen


def lost(drafts):
    """Files whose last text or submission is not there."""
    from terreau.projects.models import Application

    wanted = (f"Version {SAVES - 1} " * 30).strip()
    files = Application.objects.filter(pk__in=[draft.pk for _user, draft in drafts]).prefetch_related("answers")
    return [
        file.reference
        for file in files
        if file.state != "submitted" or {a.key: a.value for a in file.answers.all()}["need"] != wanted
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holders", type=int, default=300)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"TERREAU_HOME": home, "DJANGO_SETTINGS_MODULE": "terreau.config.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        drafts = prepare(options.holders)
        start = time.perf_counter()
        seen = run(drafts, options.threads)
        took = time.perf_counter() - start
        times = sorted(seconds for seconds, _code in seen)
        codes = {code: sum(c == code for _s, c in seen) for code in {c for _s, c in seen}}
        print(
            f"{len(seen)} requests in {took:.1f} s ({len(seen) / took:.0f}/s), median "
            f"{statistics.median(times) * 1000:.0f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms, {codes}"
        )
        missing = lost(drafts)
        print(f"lost: {missing or 'nothing'}")
        return bool(missing) or any(code >= 500 for code in codes)


if __name__ == "__main__":
    sys.exit(main())
