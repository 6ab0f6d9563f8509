"""Terreau at the same size and the same work as the peer.

    python ours.py build 5000
    python ours.py measure 30

The database is the one of DATABASE_URL (or of TERREAU_HOME). `measure` prints one JSON object:
page → {median and cpu in seconds, queries, bytes, rss: the peak memory of the process so far, bytes}.
"""

import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terreau.config.settings")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.urls import reverse
from instance import build

from terreau.accounts.models import User
from terreau.calls.models import Call
from terreau.projects.models import Application


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def read(client, path):
    """Status and size of a page, its stream read chunk by chunk as a browser would."""
    answer = client.get(path)
    size = sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
    assert answer.status_code == 200, (path, answer.status_code)
    return size


def timed(client, path, rounds):
    queries, clocks, cpus = [], [], []
    with connection.execute_wrapper(lambda run, *call: queries.append(1) or run(*call)):
        size = read(client, path)
    for _ in range(rounds):
        clock, cpu = time.perf_counter(), time.process_time()
        read(client, path)
        clocks.append(time.perf_counter() - clock)
        cpus.append(time.process_time() - cpu)
    return {
        "median": statistics.median(clocks),
        "cpu": statistics.median(cpus),
        "queries": len(queries),
        "bytes": size,
        "rss": memory(),
    }


def measure(rounds):
    client = Client()
    client.force_login(User.objects.get(memberships__role="officer"))
    call = Call.objects.get()
    file = Application.objects.filter(state="in_review").first()
    pages = {
        "list": (reverse("office:files"), rounds),
        "review dashboard": (reverse("office:committee", args=[call.windows.first().pk]), rounds),
        "dashboard": (reverse("office:home"), rounds),
        "file": (reverse("office:file", args=[file.reference]), rounds),
        "call": (reverse("public:call", args=[call.slug]), rounds),
        "csv": (reverse("office:export-csv"), 3),
        "xlsx": (reverse("office:export-xlsx"), 3),
    }
    print(json.dumps({name: timed(client, *how) for name, how in pages.items()}))


if __name__ == "__main__":
    {"build": build, "measure": measure}[sys.argv[1]](int(sys.argv[2]))
