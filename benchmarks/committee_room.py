"""The committee room at its true size: what one move of a rule costs at the server.

    python benchmarks/committee_room.py [--files 273] [--moves 50] [--home DIR]

A window of that many files in a fresh database (SQLite), three readings each by forty jurors, a chair's proposals.
Each move is one request of the page by htmx, in process, by the test client: a slider, a floor by région, a file
forced in or out, weights. Milliseconds by the clock and of processor, median and 95th percentile; with `--home` the
instance is kept there to be looked at.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
REGIONS = (
    "Auvergne-Rhône-Alpes", "Bourgogne-Franche-Comté", "Bretagne", "Centre-Val de Loire", "Corse", "Grand Est",
    "Hauts-de-France", "Île-de-France", "Normandie", "Nouvelle-Aquitaine", "Occitanie", "Pays de la Loire",
    "Provence-Alpes-Côte d’Azur", "Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte",
)  # fmt: skip
ENVELOPE = 400_000_000
JURORS = 40


def build(files):
    """A call with one window before its committee; returns the chair and the window."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from tests import factories

    from terreau.accounts.models import Role

    rng = Random(273)
    call = factories.call(slug="banc", title="Appel du banc d’essai")
    call.windows.update(envelope_cents=ENVELOPE * files // 273)
    window = call.windows.get()
    regions = [factories.region(f"R{n}", name) for n, name in enumerate(REGIONS)]
    jurors = [(factories.membership(Role.JUROR), rng.gauss(0, 8)) for _n in range(JURORS)]
    for _n in range(files):
        add_file(call, regions, jurors, rng)
    chair = factories.person(Role.CHAIR, person=factories.user(email="presidence@exemple.fr"))
    propose(window, chair)
    return chair, window


def add_file(call, regions, jurors, rng):
    from tests import factories

    from terreau.projects.lifecycle import State
    from terreau.selection.lifecycle import ReviewState
    from terreau.selection.models import Review

    publics = ("graduate", "cadre", "firm")
    file = factories.application(
        of=call,
        state=State.IN_REVIEW,
        region=rng.choice(regions),
        kind=rng.choice(("pilot", "scaling")),
        themes=rng.sample(("mentoring", "mobility"), rng.randint(1, 2)),
        publics={public: rng.randint(10, 300) for public in rng.sample(publics, rng.randint(1, 3))},
        requested_cents=rng.randrange(2_000_000, 20_000_000, 100_000),
        total_cents=rng.randrange(5_000_000, 60_000_000, 100_000),
    )
    worth = rng.gauss(60, 12)
    for juror, leniency in rng.sample(jurors, 3):
        total = min(100.0, max(0.0, round(worth + leniency + rng.gauss(0, 9), 1)))
        Review.objects.create(application=file, juror=juror, state=ReviewState.DONE, total=total)


def propose(window, chair):
    """The chair takes the best means until the envelope is spent."""
    from terreau.projects.models import Application
    from terreau.selection import actions, queries

    committee, left = actions.convene(window, by=chair), window.envelope_cents
    for row in queries.ranking(window):
        if row.requested_cents <= left:
            left -= row.requested_cents
            file = Application.objects.get(pk=row.application_id)
            actions.propose(committee, file, "selected", by=chair)


def page_fields(html):
    """What a browser would post back: the fields of the form, as they stand."""
    from html.parser import HTMLParser

    found = {}

    class Fields(HTMLParser):
        def handle_starttag(self, tag, attrs):
            field = dict(attrs)
            posted = field.get("type") not in {"radio", "checkbox"} or "checked" in field
            if tag == "input" and field.get("name") and posted:
                found[field["name"]] = field.get("value", "on")

    Fields().feed(html)
    return found


def moves(count, references, rng):
    """Changes as a committee makes them."""
    for n in range(count):
        yield rng.choice(
            [
                {"margin": str(rng.randint(0, 20))},
                {"merit": str(rng.randrange(50, 101, 5)), "participants": str(rng.randrange(0, 51, 5))},
                {"set": f"{rng.choice(references)}:in"},
                {"set": f"{rng.choice(references)}:out"},
                {"limit-0": str(rng.randint(0, 4)), "on-0": "on"},
                {"limit-1": str(rng.randint(10, 30)), "on-1": "on"},
            ]
        ) | {"move": str(n)}


def measure(chair, window, count):
    from django.test import Client
    from django.urls import reverse

    from terreau.projects.models import Application

    client, address = Client(headers={"host": "localhost"}), reverse("office:committee-room", args=[window.pk])
    client.force_login(chair)
    fields = page_fields(client.get(address).content.decode())
    for key in ("region|count|floor|Bretagne", "region|share|cap|Île-de-France"):
        attribute, measured, side, value = key.split("|")
        limit = "1" if measured == "count" else "25"
        asked = {"add": "1", "add-what": f"{attribute}|{value}", "add-side": side, "add-measure": measured}
        page = client.post(address, fields | asked | {"add-limit": limit}, follow=True)
        fields = page_fields(page.content.decode())
    references = list(Application.objects.filter(window=window).values_list("reference", flat=True))
    clock, processor, sizes = [], [], []
    for move in moves(count, references, Random(1)):
        start, cpu = time.perf_counter(), time.process_time()
        answer = client.post(address, fields | move, headers={"HX-Request": "true"})
        clock.append(1000 * (time.perf_counter() - start))
        processor.append(1000 * (time.process_time() - cpu))
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} on {move}")
        sizes.append(len(answer.content))
        fields |= page_fields(answer.content.decode()) | {key: move[key] for key in move if key in fields}
    start = time.process_time()
    page = client.get(address)
    whole = 1000 * (time.process_time() - start)
    return clock, processor, sizes, whole, len(page.content)


def shown(name, figures, unit):
    ordered = sorted(figures)
    high = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{name:28} median {statistics.median(ordered):8.0f} {unit}   95th {high:8.0f} {unit}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=273)
    parser.add_argument("--moves", type=int, default=50)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder)
        os.environ |= {"TERREAU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "terreau.config.settings"}
        chair, window = build(asked.files)
        clock, processor, sizes, whole, weight = measure(chair, window, asked.moves)
    print(f"{asked.files} files, {asked.moves} moves, load {os.getloadavg()[0]:.1f}")
    shown("one move, by the clock", clock, "ms")
    shown("one move, processor", processor, "ms")
    shown("its answer", [size / 1000 for size in sizes], "kB")
    print(f"{'the whole page':28} {whole:.0f} ms of processor, {weight / 1000:.0f} kB before compression")


if __name__ == "__main__":
    main()
