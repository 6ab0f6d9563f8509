"""Search of a territory: the index in memory, beside `LIKE '%…%'` through the ORM and SQLite FTS5 (prefix, no accents).

Run on a database that holds the reference geography: `.venv/bin/python benchmarks/territory_search.py`.
Each text is searched thirty times: milliseconds by the clock and of processor, and how often the expected commune
comes first, or among the ten.
"""

import os
import sqlite3
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terreau.config.settings")
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import django

django.setup()

from django.db.models import Q

from terreau.territories import queries
from terreau.territories.models import Territory
from terreau.territories.queries import finder

TEXTS = {
    "s": None,
    "st": None,
    "chaumont": "52121",
    "saint-dizier": "52448",
    "st dizier": "52448",
    "dizier st": "52448",
    "vitry le francois": "51649",
    "chalons en ch": "51108",
    "l'hay les roses": "94038",
    "52100": "52448",
    "brottes": "52121",
    "mulhouse": "68224",
}


def in_memory(text):
    return [t.code for t in queries.search(text)]


def like(text):
    rows = Territory.objects.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(postal_codes__code=text))
    return list(rows.distinct().order_by("-population").values_list("code", flat=True)[:10])


def fts5():
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE names USING fts5(words, code UNINDEXED, population UNINDEXED,"
        " tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
    )
    rows = Territory.objects.filter(current=True).values_list("name", "code", "population")
    base.executemany("INSERT INTO names VALUES (?, ?, ?)", list(rows))

    def search(text):
        asked = " ".join(f'"{word}"*' for word in finder.plain(text).split())
        sql = "SELECT code FROM names WHERE names MATCH ? ORDER BY population DESC LIMIT 10"
        return [code for (code,) in base.execute(sql, (asked,))]

    return search


def measure(name, search):
    clock, processor, first, among = [], [], 0, 0
    for text, expected in TEXTS.items():
        for _ in range(30):
            start, used = time.perf_counter(), time.process_time()
            found = search(text)
            clock.append((time.perf_counter() - start) * 1000)
            processor.append((time.process_time() - used) * 1000)
        first += bool(expected and found[:1] == [expected])
        among += bool(expected and expected in found)
    wanted = sum(1 for code in TEXTS.values() if code)
    print(
        f"{name:20} clock {statistics.median(clock):7.2f} (worst {max(clock):.0f})"
        f"   processor {statistics.median(processor):6.2f} (worst {max(processor):.0f})"
        f"   first {first}/{wanted}, among ten {among}/{wanted}"
    )


finder.forget()
begun = time.perf_counter()
queries.search("x")
print(f"{Territory.objects.count()} territories; index read in {time.perf_counter() - begun:.2f} s")
measure("terreau, in memory", in_memory)
measure("ORM, LIKE '%text%'", like)
measure("SQLite FTS5, prefix", fts5())
